/** Discovered endpoints, the caller's own identity, and the SPI that supplies endpoints. */
@NullMarked
package io.inmesh.endpoint;

import org.jspecify.annotations.NullMarked;
