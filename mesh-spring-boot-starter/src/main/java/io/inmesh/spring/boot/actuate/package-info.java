/** The mesh in Spring Boot's actuator. */
@NullMarked
package io.inmesh.spring.boot.actuate;

import org.jspecify.annotations.NullMarked;
