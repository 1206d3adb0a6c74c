package io.inmesh.internal.balance;

import io.inmesh.internal.host.Host;
import java.util.List;

/** Hosts that take part, with weights in lowest terms. The arrays are never written after construction. */
final class HostWeights {
    private final Host[] hosts;
    private final int[] weights;
    private final long total;
    private final boolean equal;

    private HostWeights(Host[] hosts, int[] weights, long total, boolean equal) {
        this.hosts = hosts;
        this.weights = weights;
        this.total = total;
        this.equal = equal;
    }

    static HostWeights of(List<WeightedHost> all) {
        boolean weighted = all.stream().anyMatch(candidate -> candidate.weight() > 0);
        List<WeightedHost> used = weighted
                ? all.stream().filter(candidate -> candidate.weight() > 0).toList()
                : all;
        Host[] hosts = used.stream().map(WeightedHost::host).toArray(Host[]::new);
        int[] weights = new int[hosts.length];
        int divisor = 0;
        for (int i = 0; i < weights.length; i++) {
            weights[i] = weighted ? used.get(i).weight() : 1;
            divisor = gcd(divisor, weights[i]);
        }
        long total = 0;
        boolean equal = true;
        for (int i = 0; i < weights.length; i++) {
            weights[i] /= divisor;
            total += weights[i];
            equal &= weights[i] == weights[0];
        }
        return new HostWeights(hosts, weights, total, equal);
    }

    /** At least one. */
    Host[] hosts() {
        return hosts;
    }

    /** By index of the host, 1 or more, without common divisor. */
    int[] weights() {
        return weights;
    }

    /** Sum of the weights. */
    long total() {
        return total;
    }

    boolean equal() {
        return equal;
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }
}
