/** The HTTP clients of Spring, sent through the mesh where it knows the host. */
@NullMarked
package io.inmesh.spring.boot.client;

import org.jspecify.annotations.NullMarked;
