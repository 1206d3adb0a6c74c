/** Makes an {@link io.inmesh.inbound.InboundContext} of a request, and takes it along to the request's other threads. */
@NullMarked
package io.inmesh.servlet.internal.inbound;

import org.jspecify.annotations.NullMarked;
