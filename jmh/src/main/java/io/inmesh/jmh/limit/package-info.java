/** What limits of a cluster cost. */
@NullMarked
package io.inmesh.jmh.limit;

import org.jspecify.annotations.NullMarked;
