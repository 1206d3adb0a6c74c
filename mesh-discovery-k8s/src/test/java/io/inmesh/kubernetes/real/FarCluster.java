package io.inmesh.kubernetes.real;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A control plane at the other end of a cable that can be pulled: nothing is refused or closed then, it is silent. */
final class FarCluster implements AutoCloseable {
    private static final String NEAR_ADDRESS = "10.245.0.1/24";
    private static final String FAR_ADDRESS = "10.245.0.2";

    private final Process place;
    private final KubernetesCluster cluster;

    private FarCluster(Process place, KubernetesCluster cluster) {
        this.place = place;
        this.cluster = cluster;
    }

    static FarCluster start(String name) {
        Process place = place();
        String there = String.valueOf(place.pid());
        List<String> prefix = List.of("nsenter", "--target", there, "--net");
        run("ip", "link", "add", "near", "type", "veth", "peer", "name", "far", "netns", there);
        run("ip", "addr", "add", NEAR_ADDRESS, "dev", "near");
        plug();
        for (List<String> command : List.of(
                List.of("ip", "link", "set", "lo", "up"),
                List.of("ip", "addr", "add", FAR_ADDRESS + "/24", "dev", "far"),
                List.of("ip", "link", "set", "far", "up"),
                // Where the Service "kubernetes" is said to be: the API server asks the kernel for a way to it.
                List.of("ip", "route", "add", "default", "dev", "far"))) {
            run(Stream.concat(prefix.stream(), command.stream()).toArray(String[]::new));
        }
        return new FarCluster(place, KubernetesCluster.start(name, prefix, Map.of("KUBE_HOST", FAR_ADDRESS)));
    }

    KubernetesCluster cluster() {
        return cluster;
    }

    /** Pulls the cable. */
    static void unplug() {
        run("ip", "link", "set", "near", "down");
    }

    /** Puts it back. */
    static void plug() {
        run("ip", "link", "set", "near", "up");
    }

    /** A network of its own, which lives as long as the process. */
    private static Process place() {
        try {
            Process place = new ProcessBuilder("unshare", "--net", "sh", "-c", "echo ready; exec sleep 3600")
                    .redirectErrorStream(true)
                    .start();
            String said = place.inputReader().readLine();
            if (!"ready".equals(said)) {
                throw new IllegalStateException("no network for the far cluster: " + said);
            }
            return place;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void run(String... command) {
        Commands.run(Map.of(), List.of(command));
    }

    @Override
    public void close() {
        cluster.close();
        // The cable goes with one of its ends.
        run("ip", "link", "delete", "near");
        place.destroy();
    }
}
