/** Time, randomness and threads: the only place that reads a clock, draws entropy or sleeps. */
@NullMarked
package io.inmesh.internal.time;

import org.jspecify.annotations.NullMarked;
