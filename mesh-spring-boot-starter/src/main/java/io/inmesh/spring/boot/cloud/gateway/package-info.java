/** Carries the routes of Spring Cloud Gateway, on WebFlux and on Web MVC, through the mesh. */
@NullMarked
package io.inmesh.spring.boot.cloud.gateway;

import org.jspecify.annotations.NullMarked;
