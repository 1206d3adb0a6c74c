package io.inmesh.telemetry.trace;

import io.inmesh.observe.MeshObserver;

class OpenTelemetryTracesTest extends TracesContract {
    @Override
    MeshObserver traces() {
        return OpenTelemetryTraces.of(sdk);
    }
}
