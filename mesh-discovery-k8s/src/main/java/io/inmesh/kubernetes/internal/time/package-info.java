/** The only place of this module that reads a clock, draws a random number or sleeps. */
@NullMarked
package io.inmesh.kubernetes.internal.time;

import org.jspecify.annotations.NullMarked;
