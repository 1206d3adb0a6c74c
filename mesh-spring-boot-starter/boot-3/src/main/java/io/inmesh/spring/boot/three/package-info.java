/** The starter's actuator room for Spring Boot 3, whose health indicators have names of their own. */
@NullMarked
package io.inmesh.spring.boot.three;

import org.jspecify.annotations.NullMarked;
