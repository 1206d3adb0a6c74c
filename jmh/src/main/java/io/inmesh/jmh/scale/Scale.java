package io.inmesh.jmh.scale;

import java.util.ArrayList;
import java.util.List;

/**
 * Runs the benchmarks of this package, those that are named or all of them.
 *
 * <p>{@code scale [change] [storm] [sync] [changes=1000] [seconds=60]}
 */
public final class Scale {
    /** A first round in a JVM of its own, with the server of the kubeconfig named; what {@code sync} starts. */
    static final String FIRST = "first";

    private static final List<String> ALL = List.of("sync", "change", "storm");

    private Scale() {}

    /**
     * Runs.
     *
     * @return whether every bar was held
     * @throws IllegalArgumentException when an argument is not known
     */
    public static boolean run(List<String> args) throws Exception {
        if (args.size() == 2 && args.get(0).equals(FIRST)) {
            FirstSyncBenchmark.printFirst(args.get(1));
            return true;
        }
        List<String> wanted = new ArrayList<>();
        int changes = 1_000;
        int seconds = 60;
        for (String arg : args) {
            if (ALL.contains(arg)) {
                wanted.add(arg);
            } else if (arg.startsWith("changes=")) {
                changes = positive(arg);
            } else if (arg.startsWith("seconds=")) {
                seconds = positive(arg);
            } else {
                throw new IllegalArgumentException("\"" + arg + "\" is none of " + ALL + ", changes=N and seconds=N");
            }
        }
        Results results = new Results();
        for (String name : wanted.isEmpty() ? ALL : wanted) {
            switch (name) {
                case "sync" -> FirstSyncBenchmark.run(results);
                case "change" -> ChangeBenchmark.run(changes, results);
                default -> StormBenchmark.run(seconds, results);
            }
        }
        return results.verdict();
    }

    private static int positive(String arg) {
        String number = arg.substring(arg.indexOf('=') + 1);
        if (!number.matches("[1-9][0-9]{0,6}")) {
            throw new IllegalArgumentException("\"" + arg + "\" wants a number from 1 to 9999999");
        }
        return Integer.parseInt(number);
    }
}
