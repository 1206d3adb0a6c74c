package io.inmesh.jmh.call;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints a line for each scenario as it comes, bare and meshed figures beside each other, and the verdict over all. */
final class CallReport {
    private static final double LEAST_RATIO_OBSERVED = 0.95;
    private static final double LEAST_RATIO = 0.97;
    private static final double LEAST_RATIO_LARGE = 0.98;
    private static final double MOST_ADDED_CPU = 5;
    private static final double MOST_ADDED_BYTES = 1.5 * 1024;
    private static final double MOST_ADDED_SYSTEM_CALLS = 1;

    private static final String FORMAT = "%-47s %7s %13s %13s %6s %13s %6s %13s %6s %12s %7s %13s %13s  %s%n";

    private final boolean observed;
    private boolean passed = true;

    /** @param observed whether it is about what observing costs beyond the mesh, which has a bar for throughput alone */
    CallReport(boolean observed) {
        this.observed = observed;
        System.out.printf(
                Locale.ROOT,
                "%nLoad of the machine before: %.1f, processors: %d%n",
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                Runtime.getRuntime().availableProcessors());
        System.out.printf(
                FORMAT,
                observed ? "meshed and observed, each a call" : "bare and meshed, each a call",
                "ratio",
                "us",
                "client CPU us",
                "added",
                "server CPU us",
                "added",
                "bytes",
                "added",
                "system calls",
                "opened",
                "fastest us",
                "least CPU us",
                "");
    }

    void add(Scenario scenario, Figures bare, Figures meshed) {
        double ratio = meshed.medianThroughputRatio(bare);
        double cpu = meshed.medianAdded(bare, Figures.Round::clientCpu);
        double bytes = meshed.medianAdded(bare, Figures.Round::bytes);
        List<String> missed = new ArrayList<>();
        boolean counted = !Double.isNaN(meshed.systemCalls()) && !Double.isNaN(bare.systemCalls());
        if (observed) {
            hold(ratio >= LEAST_RATIO_OBSERVED, "throughput", missed);
        } else {
            hold(ratio >= (scenario.body().large() ? LEAST_RATIO_LARGE : LEAST_RATIO), "throughput", missed);
            hold(cpu <= MOST_ADDED_CPU, "CPU", missed);
            hold(bytes <= MOST_ADDED_BYTES, "bytes", missed);
            hold(!(meshed.systemCalls() - bare.systemCalls() > MOST_ADDED_SYSTEM_CALLS), "system calls", missed);
            hold(meshed.connections() <= scenario.endpoints() * scenario.threads(), "connections", missed);
        }
        passed &= missed.isEmpty();
        System.out.printf(
                FORMAT,
                scenario,
                number("%.3f", ratio),
                both("%.1f", bare.median(Figures.Round::micros), meshed.median(Figures.Round::micros)),
                both("%.1f", bare.median(Figures.Round::clientCpu), meshed.median(Figures.Round::clientCpu)),
                number("%.1f", cpu),
                both("%.1f", bare.median(Figures.Round::serverCpu), meshed.median(Figures.Round::serverCpu)),
                number("%.1f", meshed.medianAdded(bare, Figures.Round::serverCpu)),
                both("%.0f", bare.median(Figures.Round::bytes), meshed.median(Figures.Round::bytes)),
                number("%.0f", bytes),
                counted ? both("%.1f", bare.systemCalls(), meshed.systemCalls()) : "not measured",
                bare.connections() + " " + meshed.connections(),
                both("%.1f", bare.least(Figures.Round::micros), meshed.least(Figures.Round::micros)),
                both("%.1f", bare.least(Figures.Round::clientCpu), meshed.least(Figures.Round::clientCpu)),
                missed.isEmpty() ? "PASS" : "FAIL " + String.join(", ", missed));
    }

    boolean verdict() {
        System.out.println("""

                Ratio is throughput, the second to the first. All are medians over the rounds, but for the last two columns: those \
                are of the round that other work on the machine disturbed least.""");
        if (observed) {
            System.out.printf(Locale.ROOT, "Wanted: ratio >= %.2f%n", LEAST_RATIO_OBSERVED);
        } else {
            System.out.printf(
                    Locale.ROOT,
                    """
                    Wanted: ratio of small calls >= %.2f, of large ones >= %.2f; added CPU of the client <= %.0f us, added bytes \
                    <= %.0f, added system calls <= %.0f, connections opened <= endpoints x threads
                    """,
                    LEAST_RATIO,
                    LEAST_RATIO_LARGE,
                    MOST_ADDED_CPU,
                    MOST_ADDED_BYTES,
                    MOST_ADDED_SYSTEM_CALLS);
        }
        System.out.println(passed ? "PASS" : "FAIL");
        return passed;
    }

    private static void hold(boolean held, String name, List<String> missed) {
        if (!held) {
            missed.add(name);
        }
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    private static String both(String format, double bare, double meshed) {
        return number(format, bare) + " " + number(format, meshed);
    }
}
