package io.inmesh.kubernetes.internal.map;

import io.inmesh.model.AddressBlock;
import io.inmesh.model.IpAddress;
import java.util.Objects;
import java.util.stream.Stream;

/** Which addresses of a slice may be called. */
final class Addresses {
    /** Of a caller's own machine and network: unspecified, loopback, link-local, multicast and IPv4-compatible ones. */
    private static final AddressBlock[] OWN = Stream.of(
                    "0.0.0.0/32",
                    "127.0.0.0/8",
                    "169.254.0.0/16",
                    "224.0.0.0/4",
                    // Holds :: and ::1 too.
                    "::/96",
                    "fe80::/10",
                    "ff00::/8")
            .map(block -> Objects.requireNonNull(AddressBlock.parse(block)))
            .toArray(AddressBlock[]::new);

    private Addresses() {}

    /** Whether an address that is callable is of IP version 6. */
    static boolean isV6(String address) {
        return address.indexOf(':') >= 0;
    }

    /**
     * Whether this is the address of another machine or pod: whoever may write a slice could otherwise send callers to
     * what listens on their own loopback, or to a cloud's metadata service (CVE-2021-25737).
     */
    static boolean isCallable(String address) {
        IpAddress parsed = IpAddress.parse(address);
        if (parsed == null || !parsed.zone().isEmpty()) {
            return false;
        }
        // A table of a large mesh has tens of thousands, so no stream.
        IpAddress called = parsed.unmapped();
        for (AddressBlock own : OWN) {
            if (own.contains(called)) {
                return false;
            }
        }
        return true;
    }
}
