package io.inmesh.servlet.internal.request;

import io.inmesh.model.IpAddress;
import java.util.ArrayList;
import java.util.List;

/** Who the client is, behind a number of proxies that are trusted (Envoy: xff_num_trusted_hops, Istio: numTrustedProxies). */
final class TrustedHops {
    private static final String UNKNOWN = "";

    private TrustedHops() {}

    /**
     * The address of the client.
     *
     * @param hops how many proxies stand before this gateway
     * @param forwardedFor values of {@code X-Forwarded-For} as they came
     * @param peer who is connected, and the answer where nobody is told to stand before him
     * @return empty where it is not known: there are fewer addresses than hops, or the one that counts is none. The peer is
     *     a proxy then, for which no client may be taken
     */
    static String client(int hops, List<String> forwardedFor, String peer) {
        if (hops == 0 || forwardedFor.isEmpty()) {
            return peer;
        }
        List<String> addresses = new ArrayList<>();
        for (String value : forwardedFor) {
            for (String address : value.split(",", -1)) {
                addresses.add(address.strip());
            }
        }
        if (addresses.size() < hops) {
            return UNKNOWN;
        }
        String client = addresses.get(addresses.size() - hops);
        return IpAddress.parse(client) == null ? UNKNOWN : client;
    }
}
