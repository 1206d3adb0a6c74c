package io.inmesh.internal.route;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Name of this machine; in Kubernetes, that of the pod. */
final class LocalHostName {
    private static volatile @Nullable String name;

    private LocalHostName() {}

    /** Asked of the system once; empty when it does not know. */
    static String get() {
        String known = name;
        if (known == null) {
            known = ask();
            name = known;
        }
        return known;
    }

    private static String ask() {
        String given = System.getenv("HOSTNAME");
        if (given != null && !given.isBlank()) {
            return given;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "";
        }
    }
}
