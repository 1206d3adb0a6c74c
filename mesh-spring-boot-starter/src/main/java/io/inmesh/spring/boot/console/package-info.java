/** The console in applications with Spring Boot. */
@NullMarked
package io.inmesh.spring.boot.console;

import org.jspecify.annotations.NullMarked;
