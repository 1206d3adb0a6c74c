/**
 * Configuration records in Istio's words, and the small languages they are written in: addresses, authorities, header
 * formats. Lowest band: imports nothing of InMesh.
 */
@NullMarked
package io.inmesh.model;

import org.jspecify.annotations.NullMarked;
