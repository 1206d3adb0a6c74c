package io.inmesh.jmh.call;

import io.inmesh.console.CallStatistics;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.observe.MeshObserver;
import io.inmesh.telemetry.accesslog.AccessLog;
import io.inmesh.telemetry.accesslog.AccessLogEntry;
import io.inmesh.telemetry.accesslog.AccessLogFormat;
import io.inmesh.telemetry.accesslog.AccessLogSink;
import io.inmesh.telemetry.metrics.IstioMetrics;
import io.inmesh.telemetry.metrics.MeshMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;

/** All that observes calls, but for traces, whose cost is that of the SDK that records them. */
final class Observers {
    private Observers() {}

    /** The mesh's own metrics and Istio's for Prometheus, a line of the access log, which goes nowhere, and the console's figures. */
    static List<MeshObserver> all() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        return List.of(
                MeshMetrics.of(registry),
                IstioMetrics.builder(registry, WorkloadIdentity.DEFAULT).build(),
                AccessLog.of(new Lines()),
                new CallStatistics());
    }

    private static final class Lines implements AccessLogSink {
        private volatile int length;

        @Override
        public boolean wantsEntries() {
            return true;
        }

        @Override
        public void accept(AccessLogEntry entry) {
            length = AccessLogFormat.TEXT.line(entry).length();
        }

        @Override
        public String toString() {
            return "lines, the last of " + length + " characters";
        }
    }
}
