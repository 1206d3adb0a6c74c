/**
 * What a request that came in leaves for the calls that are made on its behalf: headers to hand on, the time that is left,
 * and who asked. An adapter for servers makes an {@link io.inmesh.inbound.InboundContext} of a request and opens it around
 * what answers the request; every call of the mesh that is made meanwhile on that thread carries it.
 */
@NullMarked
package io.inmesh.inbound;

import org.jspecify.annotations.NullMarked;
