/** A gateway by itself: all that it does is in its rules. */
@NullMarked
package io.inmesh.samples.gateway;

import org.jspecify.annotations.NullMarked;
