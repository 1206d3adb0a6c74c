/** OpenFeign through the mesh. Optional: loaded where the application has Spring Cloud OpenFeign. */
@NullMarked
package io.inmesh.spring.boot.cloud.feign;

import org.jspecify.annotations.NullMarked;
