/** Configuration sources, the strict reader, and the problems it reports. */
@NullMarked
package io.inmesh.config;

import org.jspecify.annotations.NullMarked;
