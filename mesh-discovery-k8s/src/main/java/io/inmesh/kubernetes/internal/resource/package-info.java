/** Lean, tolerant records of Kubernetes objects and the streaming readers that make them from JSON. */
@NullMarked
package io.inmesh.kubernetes.internal.resource;

import org.jspecify.annotations.NullMarked;
