package io.inmesh.telemetry.trace;

/** Whether OpenTelemetry's Java agent is at work in this process; it makes a span for each attempt of OkHttp by itself. */
public final class OpenTelemetryAgent {
    /** Only the boot class loader of a process with the agent has it. */
    private static final String OF_BOOT_LOADER = "io.opentelemetry.javaagent.bootstrap.AgentInitializer";

    private static final String ENABLED = "otel.javaagent.enabled";

    private OpenTelemetryAgent() {}

    /** Whether it is attached and was not told to do nothing. */
    public static boolean isAttached() {
        try {
            Class.forName(OF_BOOT_LOADER, false, null);
        } catch (ClassNotFoundException absent) {
            return false;
        }
        String enabled = System.getProperty(ENABLED);
        String inEnvironment = System.getenv("OTEL_JAVAAGENT_ENABLED");
        return !"false".equalsIgnoreCase(enabled == null ? inEnvironment : enabled);
    }
}
