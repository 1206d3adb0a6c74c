package io.inmesh.kubernetes.internal.map;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** Which addresses of a slice may be called. */
final class Addresses {
    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern V4 = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");
    private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:.]*");

    private Addresses() {}

    /** Whether a literal is of IP version 6. */
    static boolean isV6(String address) {
        return address.indexOf(':') >= 0;
    }

    /**
     * Whether this is the address of another machine or pod: whoever may write a slice could otherwise send callers to
     * what listens on their own loopback, or to a cloud's metadata service (CVE-2021-25737).
     */
    static boolean isCallable(String address) {
        if (!V4.matcher(address).matches() && !V6.matcher(address).matches()) {
            return false;
        }
        InetAddress parsed;
        try {
            parsed = InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            return false;
        }
        return !parsed.isLoopbackAddress()
                && !parsed.isLinkLocalAddress()
                && !parsed.isMulticastAddress()
                && !parsed.isAnyLocalAddress()
                && !(parsed instanceof Inet6Address v6 && v6.isIPv4CompatibleAddress());
    }
}
