/** What only Spring Boot 4 has: its builders of factories and connectors, and their settings. */
@NullMarked
package io.inmesh.spring.boot.four;

import org.jspecify.annotations.NullMarked;
