/** Ports that a servlet container opens beside its own, for the Gateways of the rules. */
@NullMarked
package io.inmesh.spring.boot.gateway;

import org.jspecify.annotations.NullMarked;
