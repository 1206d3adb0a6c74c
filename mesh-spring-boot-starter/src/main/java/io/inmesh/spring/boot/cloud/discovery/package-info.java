/** The mesh's services for Spring Cloud's discovery clients. Optional: loaded where the application has Spring Cloud. */
@NullMarked
package io.inmesh.spring.boot.cloud.discovery;

import org.jspecify.annotations.NullMarked;
