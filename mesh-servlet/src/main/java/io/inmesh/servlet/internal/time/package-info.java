/** The one place of this module that reads a clock or draws random numbers. */
@NullMarked
package io.inmesh.servlet.internal.time;

import org.jspecify.annotations.NullMarked;
