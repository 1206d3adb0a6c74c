/** Clients with Spring Cloud's {@code @LoadBalanced}. Optional: loaded where the application has Spring Cloud. */
@NullMarked
package io.inmesh.spring.boot.cloud.loadbalancer;

import org.jspecify.annotations.NullMarked;
