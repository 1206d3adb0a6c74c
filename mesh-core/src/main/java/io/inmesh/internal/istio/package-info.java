/** Istio's rule objects: the fields of each kind, what Istio's validation refuses, and the records they become. */
@NullMarked
package io.inmesh.internal.istio;

import org.jspecify.annotations.NullMarked;
