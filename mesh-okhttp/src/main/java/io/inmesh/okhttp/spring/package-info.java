/** The mesh in front of the {@code OkHttpClient}s that are beans of a Spring Boot application. */
@NullMarked
package io.inmesh.okhttp.spring;

import org.jspecify.annotations.NullMarked;
