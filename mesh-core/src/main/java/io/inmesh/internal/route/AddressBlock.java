package io.inmesh.internal.route;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A block of addresses, such as {@code 10.0.0.0/8}. Immutable.
 *
 * @param network its bytes; those behind the prefix do not matter
 * @param prefix leading bits that all its addresses share
 */
record AddressBlock(byte[] network, int prefix) {
    private static final Pattern PREFIX = Pattern.compile("\\d{1,3}");
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    /**
     * Reads a block, in the IPv4 form where it is one of IPv4 addresses written as IPv6 ({@code ::ffff:10.0.0.0/104}).
     * Null when it is none: the reader of rules refuses such text, but a source may tell of any.
     */
    static @Nullable AddressBlock parse(String text) {
        int slash = text.indexOf('/');
        String address = text.substring(0, slash);
        boolean ipv6 = address.indexOf(':') >= 0;
        byte[] network = address(ipv6 ? "[" + address + "]" : address);
        String bits = text.substring(slash + 1);
        if (network == null || !PREFIX.matcher(bits).matches()) {
            return null;
        }
        int mapped = ipv6 ? (16 - network.length) * Byte.SIZE : 0;
        int prefix = Integer.parseInt(bits) - mapped;
        return prefix < 0 || prefix > network.length * Byte.SIZE ? null : new AddressBlock(network, prefix);
    }

    /** Bytes of an address as it stands in an authority, with brackets around IPv6; null for a name. Asks no resolver. */
    static byte @Nullable [] address(String host) {
        if (host.startsWith("[")) {
            return resolved(host);
        }
        char first = host.isEmpty() ? ' ' : host.charAt(0);
        if (first < '0' || first > '9' || !IPV4.matcher(host).matches()) {
            return null;
        }
        for (String part : host.split("\\.", -1)) {
            if (Integer.parseInt(part) > 255) {
                return null;
            }
        }
        return resolved(host);
    }

    private static byte @Nullable [] resolved(String literal) {
        try {
            return InetAddress.getByName(literal).getAddress();
        } catch (UnknownHostException e) {
            return null;
        }
    }

    boolean contains(byte[] address) {
        if (address.length != network.length) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit += Byte.SIZE) {
            int mask = prefix - bit >= Byte.SIZE ? 0xff : 0xff << (Byte.SIZE - (prefix - bit));
            int at = bit / Byte.SIZE;
            if ((address[at] & mask) != (network[at] & mask)) {
                return false;
            }
        }
        return true;
    }
}
