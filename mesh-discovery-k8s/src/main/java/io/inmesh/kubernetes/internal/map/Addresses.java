package io.inmesh.kubernetes.internal.map;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** Which addresses of a slice may be called. */
final class Addresses {
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
        if (!isV6(address)) {
            return isCallableV4(address);
        }
        if (!V6.matcher(address).matches()) {
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

    // By hand, since a table of a large mesh has tens of thousands: InetAddress would also take "1" and "010.1.1.1",
    // which other readers take for other addresses.
    private static boolean isCallableV4(String address) {
        int first = 0;
        int second = 0;
        int all = 0;
        int at = 0;
        for (int part = 0; part < 4; part++) {
            int begin = at;
            int value = 0;
            while (at < address.length() && at - begin < 3 && isDigit(address.charAt(at))) {
                value = value * 10 + address.charAt(at) - '0';
                at++;
            }
            boolean ends = part == 3 ? at == address.length() : at < address.length() && address.charAt(at) == '.';
            boolean leadingZero = at - begin > 1 && address.charAt(begin) == '0';
            if (at == begin || leadingZero || value > 255 || !ends) {
                return false;
            }
            first = part == 0 ? value : first;
            second = part == 1 ? value : second;
            all |= value;
            at++;
        }
        boolean loopback = first == 127;
        boolean linkLocal = first == 169 && second == 254;
        boolean multicast = first >= 224 && first < 240;
        return !loopback && !linkLocal && !multicast && all != 0;
    }

    private static boolean isDigit(char character) {
        return character >= '0' && character <= '9';
    }
}
