package io.inmesh.okhttp.traffic;

import java.util.Map;

/** Names under which the recorder knew its backends. */
final class BackendNames {
    private static final Map<Integer, String> ODD = Map.of(
            21011, "details-v1",
            21201, "weighted-1",
            21202, "weighted-2",
            21203, "weighted-5",
            21301, "half-live");

    private BackendNames() {}

    /** By port. */
    static String of(int port) {
        String odd = ODD.get(port);
        if (odd != null) {
            return odd;
        }
        return switch (port / 100) {
            case 210 -> "reviews-v" + port % 100;
            case 211 -> "many-" + port % 100;
            case 214 -> "zoned-" + port % 100;
            default -> "port-" + port;
        };
    }
}
