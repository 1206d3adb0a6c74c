/** Pure functions from Kubernetes objects to endpoints. */
@NullMarked
package io.inmesh.kubernetes.internal.map;

import org.jspecify.annotations.NullMarked;
