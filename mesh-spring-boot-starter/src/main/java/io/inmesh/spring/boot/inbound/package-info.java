/** What takes requests that came in along to Spring's own threads. */
@NullMarked
package io.inmesh.spring.boot.inbound;

import org.jspecify.annotations.NullMarked;
