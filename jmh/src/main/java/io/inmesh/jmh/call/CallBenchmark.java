package io.inmesh.jmh.call;

import java.util.List;

/**
 * Both clients in turn, in one JVM, which of them first changing from pair to pair. What they have in common has the same
 * compiled code, so what differs is what the mesh does.
 */
final class CallBenchmark {
    private static final long ROUND_NANOS = 200_000_000;
    private static final int PAIRS_A_SECOND = 2;

    /** With one that comes after others; before the first, all code is to be compiled. */
    private static final int WARM_UP_PAIRS = 4;

    private static final int FIRST_WARM_UP_PAIRS = 20;

    private static final int CALLS_LOOKED_AT = 1_000;
    private static final int LARGE_CALLS_LOOKED_AT = 50;
    private static final long OWN_PID = ProcessHandle.current().pid();

    private final ServerProcess server;
    private final Scenario scenario;
    private final Callers callers;
    private final Figures bareFigures = new Figures();
    private final Figures meshedFigures = new Figures();

    private final boolean observed;

    private CallBenchmark(ServerProcess server, Scenario scenario, Callers callers, boolean observed) {
        this.server = server;
        this.scenario = scenario;
        this.callers = callers;
        this.observed = observed;
    }

    /** @param observed the mesh with all that observes calls beside the mesh without; else the mesh beside a bare client */
    static boolean run(List<Scenario> scenarios, int seconds, boolean observed) throws Exception {
        CallReport report = new CallReport(observed);
        int warmUp = FIRST_WARM_UP_PAIRS;
        try (ServerProcess server = new ServerProcess()) {
            for (Scenario scenario : scenarios) {
                try (Callers callers = new Callers(scenario.threads())) {
                    CallBenchmark benchmark = new CallBenchmark(server, scenario, callers, observed);
                    benchmark.measure(warmUp, seconds * PAIRS_A_SECOND);
                    report.add(scenario, benchmark.bareFigures, benchmark.meshedFigures);
                }
                warmUp = WARM_UP_PAIRS;
            }
        }
        return report.verdict();
    }

    private void measure(int warmUpPairs, int pairs) throws Exception {
        List<Integer> ports = server.ports();
        try (Client bare = observed ? Client.meshed(scenario, ports, List.of()) : Client.bare(scenario, ports);
                Client meshed = Client.meshed(scenario, ports, observed ? Observers.all() : List.of())) {
            for (int i = -warmUpPairs; i < pairs; i++) {
                if (i % 2 == 0) {
                    round(bare, bareFigures, i >= 0);
                    round(meshed, meshedFigures, i >= 0);
                } else {
                    round(meshed, meshedFigures, i >= 0);
                    round(bare, bareFigures, i >= 0);
                }
            }
            countSystemCalls(bare, bareFigures);
            countSystemCalls(meshed, meshedFigures);
        }
    }

    private void round(Client client, Figures figures, boolean counts) throws Exception {
        int connectionsBefore = server.connections();
        long serverBefore = ProcessCpu.nanos(server.pid());
        long clientBefore = ProcessCpu.nanos(OWN_PID);
        long bytesBefore = Allocation.bytes();
        long started = System.nanoTime();
        int calls = callers.callFor(client, ROUND_NANOS);
        double nanos = System.nanoTime() - started;
        double bytes = Allocation.bytes() - bytesBefore;
        double clientCpu = ProcessCpu.nanos(OWN_PID) - clientBefore;
        double serverCpu = ProcessCpu.nanos(server.pid()) - serverBefore;
        figures.addConnections(server.connections() - connectionsBefore);
        if (counts) {
            figures.add(new Figures.Round(
                    nanos / calls / 1e3, clientCpu / calls / 1e3, serverCpu / calls / 1e3, bytes / calls));
        }
    }

    private void countSystemCalls(Client client, Figures figures) throws Exception {
        int calls = scenario.body().large() ? LARGE_CALLS_LOOKED_AT : CALLS_LOOKED_AT;
        figures.systemCalls(SystemCalls.during(() -> callers.call(client, calls)) / calls);
    }
}
