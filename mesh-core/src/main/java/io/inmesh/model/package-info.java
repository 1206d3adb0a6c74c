/** Configuration records in Istio's words. Lowest band: imports nothing of InMesh. */
@NullMarked
package io.inmesh.model;

import org.jspecify.annotations.NullMarked;
