package io.inmesh.jmh.call;

import io.inmesh.jmh.Median;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What is measured of one client in one scenario: its rounds, and what is counted over all of them. */
final class Figures {
    private final List<Round> rounds = new ArrayList<>();
    private int connections;
    private double systemCalls = Double.NaN;

    /** Averages over the calls of one round. Times in microseconds. */
    record Round(double micros, double clientCpu, double serverCpu, double bytes) {}

    void add(Round round) {
        rounds.add(round);
    }

    void addConnections(int opened) {
        connections += opened;
    }

    void systemCalls(double perCall) {
        systemCalls = perCall;
    }

    int connections() {
        return connections;
    }

    double systemCalls() {
        return systemCalls;
    }

    double median(ToDoubleFunction<Round> figure) {
        return Median.of(rounds.stream().mapToDouble(figure).toArray());
    }

    /** The smallest, which other work on the machine has disturbed least. */
    double least(ToDoubleFunction<Round> figure) {
        return rounds.stream().mapToDouble(figure).min().orElse(Double.NaN);
    }

    /** The median of what is more here than in the other's round of the same pair. */
    double medianAdded(Figures other, ToDoubleFunction<Round> figure) {
        double[] added = new double[rounds.size()];
        for (int i = 0; i < added.length; i++) {
            added[i] = figure.applyAsDouble(rounds.get(i)) - figure.applyAsDouble(other.rounds.get(i));
        }
        return Median.of(added);
    }

    /** The median of this client's throughput as a share of the other's in the same pair. */
    double medianThroughputRatio(Figures other) {
        double[] ratios = new double[rounds.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = other.rounds.get(i).micros() / rounds.get(i).micros();
        }
        return Median.of(ratios);
    }
}
