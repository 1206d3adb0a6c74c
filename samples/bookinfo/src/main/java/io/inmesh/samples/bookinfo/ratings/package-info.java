/** The ratings service: stars by reviewer. */
@NullMarked
package io.inmesh.samples.bookinfo.ratings;

import org.jspecify.annotations.NullMarked;
