/** The SPI between InMesh and an HTTP transport. */
@NullMarked
package io.inmesh.call;

import org.jspecify.annotations.NullMarked;
