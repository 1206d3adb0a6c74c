/** Micrometer's meters of the mesh: its own, and Istio's standard metrics. Needs Micrometer on the class path. */
@NullMarked
package io.inmesh.telemetry.metrics;

import org.jspecify.annotations.NullMarked;
