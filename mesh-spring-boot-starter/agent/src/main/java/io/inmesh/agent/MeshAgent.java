package io.inmesh.agent;

import java.lang.instrument.Instrumentation;
import org.jspecify.annotations.Nullable;

/** What the JVM calls before it runs an application that was started with {@code -javaagent}. */
public final class MeshAgent {
    /** System property that names the version of the running agent, by which the starter knows of it. */
    static final String RUNNING = "io.inmesh.agent.version";

    private MeshAgent() {}

    /**
     * Starts the agent, once in a JVM.
     *
     * @param options null for none; there are none yet, and what is given is told to be ignored
     */
    public static void premain(@Nullable String options, Instrumentation instrumentation) {
        String given = MeshAgent.class.getPackage().getImplementationVersion();
        String version = given == null ? "of an unknown version" : given;
        AgentLog log = new AgentLog(System.err, version);
        if (System.getProperty(RUNNING) != null) {
            log.once("is named twice on the command line, and started once");
            return;
        }
        if (options != null && !options.isEmpty()) {
            log.once("has no options; \"" + options + "\" is ignored. Settings go to the application's properties");
        }
        System.setProperty(RUNNING, version);
        // Before all agents that may change classes again, so that each sees what the one before it has made.
        instrumentation.addTransformer(new ClientTransformer(log), false);
    }
}
