/** One immutable view of routes and clusters, and the decision for a request. */
@NullMarked
package io.inmesh.internal.snapshot;

import org.jspecify.annotations.NullMarked;
