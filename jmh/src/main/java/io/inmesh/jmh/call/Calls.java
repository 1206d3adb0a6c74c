package io.inmesh.jmh.call;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Runs the benchmarks of this package: all scenarios, or those that have every word given.
 *
 * <p>{@code call [observed] [quick] [list] [WORD...] [seconds=8]}, where a word is one that {@code call list} shows, such as
 * {@code h2}, {@code get-1k} or {@code threads=2}. With {@code observed} it is the mesh with everything that observes calls
 * beside the mesh without, else the mesh beside a bare client.
 */
public final class Calls {
    /** The server, in a JVM of its own; what every run starts. */
    static final String SERVER = "server";

    private static final int SECONDS = 8;

    private Calls() {}

    /**
     * Runs.
     *
     * @return whether every bar was held
     * @throws IllegalArgumentException when an argument is not known, or no scenario has all words
     */
    public static boolean run(List<String> args) throws Exception {
        if (args.equals(List.of(SERVER))) {
            AnswerServer.serve();
            return true;
        }
        List<Scenario> scenarios = Scenario.ALL;
        List<String> words = new ArrayList<>();
        int seconds = SECONDS;
        boolean list = false;
        boolean observed = false;
        for (String arg : args) {
            if (arg.equals("quick")) {
                scenarios = Scenario.QUICK;
            } else if (arg.equals("list")) {
                list = true;
            } else if (arg.equals("observed")) {
                observed = true;
            } else if (arg.startsWith("seconds=")) {
                seconds = seconds(arg);
            } else {
                words.add(arg);
            }
        }
        scenarios = having(words, scenarios);
        if (list) {
            scenarios.forEach(System.out::println);
            return true;
        }
        return CallBenchmark.run(scenarios, seconds, observed);
    }

    private static List<Scenario> having(List<String> words, List<Scenario> scenarios) {
        List<Scenario> chosen = scenarios.stream()
                .filter(scenario ->
                        Arrays.asList(scenario.toString().split(" ", -1)).containsAll(words))
                .toList();
        if (chosen.isEmpty()) {
            throw new IllegalArgumentException("no scenario has all of " + words + "; \"call list\" shows them");
        }
        return chosen;
    }

    private static int seconds(String arg) {
        String number = arg.substring(arg.indexOf('=') + 1);
        if (!number.matches("[1-9][0-9]{0,3}")) {
            throw new IllegalArgumentException("\"" + arg + "\" wants a number from 1 to 9999");
        }
        return Integer.parseInt(number);
    }
}
