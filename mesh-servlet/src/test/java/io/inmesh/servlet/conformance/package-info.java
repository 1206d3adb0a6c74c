/** What a real ingress gateway of Istio did, played over real sockets. */
@NullMarked
package io.inmesh.servlet.conformance;

import org.jspecify.annotations.NullMarked;
