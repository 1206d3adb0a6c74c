/** Checks across rule objects: rules that contradict each other, and names that lead nowhere. Pure functions. */
@NullMarked
package io.inmesh.internal.check;

import org.jspecify.annotations.NullMarked;
