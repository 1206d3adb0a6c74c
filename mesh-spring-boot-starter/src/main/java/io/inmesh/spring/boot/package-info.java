/** Auto-configuration of InMesh in Spring Boot. */
@NullMarked
package io.inmesh.spring.boot;

import org.jspecify.annotations.NullMarked;
