/** Istio's bookinfo application on plain loopback addresses. */
@NullMarked
package io.inmesh.samples.bookinfo;

import org.jspecify.annotations.NullMarked;
