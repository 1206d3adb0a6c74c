/** The reviews service, in three versions: without stars, with black ones, with red ones. */
@NullMarked
package io.inmesh.samples.bookinfo.reviews;

import org.jspecify.annotations.NullMarked;
