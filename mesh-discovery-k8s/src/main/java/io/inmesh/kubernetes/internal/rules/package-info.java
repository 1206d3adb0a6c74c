/** Istio's rules as custom resources: which are watched, which version of each is in force, and what is told of it. */
@NullMarked
package io.inmesh.kubernetes.internal.rules;

import org.jspecify.annotations.NullMarked;
