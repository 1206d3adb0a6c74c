/** Endpoints and rules from a Kubernetes API server: connection, settings and the two sources. */
@NullMarked
package io.inmesh.kubernetes;

import org.jspecify.annotations.NullMarked;
