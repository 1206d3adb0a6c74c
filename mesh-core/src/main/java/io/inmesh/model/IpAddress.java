package io.inmesh.model;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * An IPv4 or IPv6 address as rules, discovery and requests write it. Reading one never asks a name server. Two that are
 * written differently, as {@code ::1} and {@code 0:0:0:0:0:0:0:1}, are equal; an IPv4 address and the same written as
 * IPv6 ({@code ::ffff:10.0.0.1}) are not, see {@link #unmapped()}. Immutable.
 */
public final class IpAddress {
    private static final int LONGEST = 100;
    private static final int GROUPS = 8;
    private static final long MAPPED = 0xffffL << 32;

    private final boolean v6;
    private final long high;
    /** With {@link #MAPPED} for IPv4, so that prefixes of both are counted from the same bit. */
    private final long low;

    private final String zone;

    private IpAddress(boolean v6, long high, long low, String zone) {
        this.v6 = v6;
        this.high = high;
        this.low = low;
        this.zone = zone;
    }

    /**
     * Reads an address by the rules of Go, which are those of Istio and Kubernetes: IPv4 in four decimal parts without
     * leading zeros, or IPv6, with a zone ({@code fe80::1%eth0}) and with the last four bytes in decimal where so written.
     *
     * @param text without brackets
     * @return null when the text is no address
     */
    public static @Nullable IpAddress parse(String text) {
        if (text.length() > LONGEST) {
            return null;
        }
        if (text.indexOf(':') < 0) {
            long value = v4(text, 0, text.length());
            return value < 0 ? null : new IpAddress(false, 0, MAPPED | value, "");
        }
        int percent = text.indexOf('%');
        if (percent < 0) {
            return v6(text, text.length(), "");
        }
        String zone = text.substring(percent + 1);
        return zone.isEmpty() ? null : v6(text, percent, zone);
    }

    /** Whether {@link #parse} reads the text. */
    public static boolean isValid(String text) {
        return parse(text) != null;
    }

    /** Whether the address is written as IPv6. */
    public boolean isV6() {
        return v6;
    }

    /** What stands behind the per cent sign: the network interface that a link-local address belongs to; empty for none. */
    public String zone() {
        return zone;
    }

    /** The IPv4 address where this is one written as IPv6 ({@code ::ffff:10.0.0.1}), else this address. */
    public IpAddress unmapped() {
        return isMapped() ? new IpAddress(false, 0, low, "") : this;
    }

    /**
     * The address to connect to, without a host name.
     *
     * @throws UnknownHostException when this machine has no network interface of the name that the zone has
     */
    public InetAddress toInetAddress() throws UnknownHostException {
        if (!zone.isEmpty()) {
            return InetAddress.getByName(toString());
        }
        byte[] bytes = new byte[v6 ? 16 : 4];
        for (int i = 0; i < bytes.length; i++) {
            int behind = bytes.length - 1 - i;
            bytes[i] = (byte) ((behind < Long.BYTES ? low : high) >>> (behind % Long.BYTES * Byte.SIZE));
        }
        return InetAddress.getByAddress(bytes);
    }

    /** Bits of an address: 32 or 128. */
    int length() {
        return v6 ? 128 : 32;
    }

    /** Whether this is an IPv4 address written as IPv6. */
    boolean isMapped() {
        return v6 && high == 0 && low >>> 32 == MAPPED >>> 32;
    }

    /**
     * Whether another address is of the same version and has the same leading bits.
     *
     * @param bits 0 to {@link #length()}
     */
    boolean sharesBits(IpAddress other, int bits) {
        int all = v6 ? bits : bits + 96;
        return v6 == other.v6
                && ((high ^ other.high) & leading(all)) == 0
                && ((low ^ other.low) & leading(all - Long.SIZE)) == 0;
    }

    private static long leading(int bits) {
        return bits <= 0 ? 0 : bits >= Long.SIZE ? -1 : -1L << (Long.SIZE - bits);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof IpAddress address
                && v6 == address.v6
                && high == address.high
                && low == address.low
                && zone.equals(address.zone);
    }

    @Override
    public int hashCode() {
        return (Long.hashCode(high) * 31 + Long.hashCode(low)) * 31 + zone.hashCode();
    }

    /** The canonical text (RFC 5952), with the zone, without brackets. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        if (!v6) {
            appendV4(out);
        } else if (isMapped()) {
            appendV4(out.append("::ffff:"));
        } else {
            appendV6(out);
        }
        return zone.isEmpty() ? out.toString() : out.append('%').append(zone).toString();
    }

    private void appendV4(StringBuilder out) {
        for (int shift = 24; shift >= 0; shift -= Byte.SIZE) {
            out.append(low >>> shift & 0xff).append(shift == 0 ? "" : ".");
        }
    }

    /** The longest row of two or more zeros, and of equally long ones the first, is left out. */
    private void appendV6(StringBuilder out) {
        int gap = -1;
        int longest = 1;
        for (int from = 0; from < GROUPS; from++) {
            int end = from;
            while (end < GROUPS && group(end) == 0) {
                end++;
            }
            if (end - from > longest) {
                gap = from;
                longest = end - from;
            }
        }
        for (int i = 0; i < GROUPS; i++) {
            if (i == gap) {
                out.append("::");
                i += longest - 1;
            } else {
                out.append(i == 0 || i == gap + longest && gap >= 0 ? "" : ":").append(Integer.toHexString(group(i)));
            }
        }
    }

    private int group(int index) {
        return (int) ((index < 4 ? high : low) >>> (3 - index % 4) * Short.SIZE) & 0xffff;
    }

    /** The address as a number, -1 when this part of a text is none. */
    private static long v4(String text, int from, int end) {
        long value = 0;
        int at = from;
        for (int part = 0; part < 4; part++) {
            int begin = at;
            int number = 0;
            while (at < end && at - begin < 3 && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                number = number * 10 + text.charAt(at) - '0';
                at++;
            }
            boolean ends = part == 3 ? at == end : at < end && text.charAt(at) == '.';
            boolean leadingZero = at - begin > 1 && text.charAt(begin) == '0';
            if (at == begin || leadingZero || number > 255 || !ends) {
                return -1;
            }
            value = value << Byte.SIZE | number;
            at++;
        }
        return value;
    }

    private static @Nullable IpAddress v6(String text, int end, String zone) {
        int[] groups = new int[GROUPS];
        int count = 0;
        int gap = text.startsWith("::") ? 0 : -1;
        int at = gap == 0 ? 2 : 0;
        while (at < end) {
            int stop = endOfGroup(text, at, end);
            if (stop < end && text.charAt(stop) == '.') {
                long tail = count <= GROUPS - 2 ? v4(text, at, end) : -1;
                if (tail < 0) {
                    return null;
                }
                groups[count++] = (int) (tail >>> Short.SIZE);
                groups[count++] = (int) tail & 0xffff;
                break;
            }
            if (stop == at || count == GROUPS || stop < end && (text.charAt(stop) != ':' || stop + 1 == end)) {
                return null;
            }
            groups[count++] = Integer.parseInt(text, at, stop, 16);
            at = stop + 1;
            if (at < end && text.charAt(at) == ':') {
                if (gap >= 0) {
                    return null;
                }
                gap = count;
                at++;
            }
        }
        if (gap < 0 ? count < GROUPS : count == GROUPS) {
            return null;
        }
        return new IpAddress(true, half(groups, 0, count, gap), half(groups, 4, count, gap), zone);
    }

    /** Index after at most four hexadecimal digits. */
    private static int endOfGroup(String text, int from, int end) {
        int at = from;
        while (at < end && at - from < 4 && isHex(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isHex(char c) {
        return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F';
    }

    /** Four groups of the eight that the written ones become when the gap is filled with zeros. */
    private static long half(int[] written, int from, int count, int gap) {
        long value = 0;
        for (int i = from; i < from + 4; i++) {
            int zeros = gap < 0 ? 0 : GROUPS - count;
            boolean before = gap < 0 || i < gap;
            int group = before ? written[i] : i < gap + zeros ? 0 : written[i - zeros];
            value = value << Short.SIZE | group;
        }
        return value;
    }
}
