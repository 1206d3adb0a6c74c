package io.inmesh.samples.bookinfo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Who listens where: on 127.0.0.1, a port an instance. */
record Ports(Map<Instance, Integer> byInstance) {
    /** Ports in a row from the one given, or six free ones for 0. */
    static Ports from(int first) {
        Map<Instance, Integer> ports = new EnumMap<>(Instance.class);
        if (first == 0) {
            List<Integer> free = free(Instance.values().length);
            for (Instance instance : Instance.values()) {
                ports.put(instance, free.get(instance.ordinal()));
            }
        } else {
            for (Instance instance : Instance.values()) {
                ports.put(instance, first + instance.ordinal());
            }
        }
        return new Ports(ports);
    }

    int of(Instance instance) {
        return byInstance.getOrDefault(instance, 0);
    }

    /**
     * Makes sure that every port can be had, so that nobody waits for half an application.
     *
     * @throws Settings.Refused when one is taken
     */
    void requireFree() {
        byInstance.forEach((instance, port) -> requireFree(
                port, instance.instanceName(), "choose other ports with --port=N, for example --port=19080"));
    }

    /**
     * Makes sure that a port can be had.
     *
     * @param user who is to listen there
     * @param elsewhere how to choose another one
     * @throws Settings.Refused when it is taken
     */
    static void requireFree(int port, String user, String elsewhere) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException taken) {
            throw new Settings.Refused("Port " + port + " on 127.0.0.1, meant for " + user + ", is taken ("
                    + taken.getMessage() + "). Is another bookinfo running? Stop it, or " + elsewhere);
        }
    }

    private static List<Integer> free(int count) {
        List<ServerSocket> probes = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                probes.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return probes.stream().map(ServerSocket::getLocalPort).toList();
        } catch (IOException e) {
            throw new Settings.Refused("Cannot listen on 127.0.0.1: " + e.getMessage());
        } finally {
            probes.forEach(Ports::close);
        }
    }

    private static void close(ServerSocket probe) {
        try {
            probe.close();
        } catch (IOException e) {
            throw new Settings.Refused("Cannot give back a port: " + e.getMessage());
        }
    }
}
