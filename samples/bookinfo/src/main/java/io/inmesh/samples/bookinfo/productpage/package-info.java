/** The productpage service: the page, the sign-in, and a small JSON API. */
@NullMarked
package io.inmesh.samples.bookinfo.productpage;

import org.jspecify.annotations.NullMarked;
