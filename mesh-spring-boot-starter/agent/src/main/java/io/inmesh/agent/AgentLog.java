package io.inmesh.agent;

import java.io.PrintStream;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Lines of the agent, each at most once. There is no logger yet when it starts. Thread-safe. */
final class AgentLog {
    private final PrintStream out;
    private final String version;
    private final Set<String> said = ConcurrentHashMap.newKeySet();

    AgentLog(PrintStream out, String version) {
        this.out = out;
        this.version = version;
    }

    void once(String line) {
        if (said.add(line)) {
            out.println("InMesh agent " + version + ": " + line);
        }
    }
}
