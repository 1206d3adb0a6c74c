/**
 * Circuit breakers of resilience4j, in the hands of the application. Needs {@code resilience4j-circuitbreaker} 2 on the class path,
 * which nothing else of InMesh does.
 */
@NullMarked
package io.inmesh.resilience4j;

import org.jspecify.annotations.NullMarked;
