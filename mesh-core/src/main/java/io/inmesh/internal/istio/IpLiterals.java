package io.inmesh.internal.istio;

/** Syntax of IP addresses and CIDR blocks, by Go's rules, without ever asking a name server. */
final class IpLiterals {
    private static final int LONGEST = 100;

    private IpLiterals() {}

    /** IPv4 in four decimal parts, or IPv6 with an optional zone. */
    static boolean isAddress(String text) {
        if (text.length() > LONGEST) {
            return false;
        }
        if (text.indexOf(':') < 0) {
            return isIpv4(text);
        }
        int zone = text.indexOf('%');
        return zone < 0 ? isIpv6(text) : zone < text.length() - 1 && isIpv6(text.substring(0, zone));
    }

    /** An address without zone, a slash and the number of leading bits. */
    static boolean isCidr(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || text.length() > LONGEST) {
            return false;
        }
        String address = text.substring(0, slash);
        String bits = text.substring(slash + 1);
        boolean ipv6 = address.indexOf(':') >= 0;
        if (!(ipv6 ? isIpv6(address) : isIpv4(address)) || !isDecimal(bits, 3)) {
            return false;
        }
        return Integer.parseInt(bits) <= (ipv6 ? 128 : 32);
    }

    /** An address or a CIDR block. */
    static boolean isAddressOrCidr(String text) {
        return text.indexOf('/') >= 0 ? isCidr(text) : isAddress(text);
    }

    private static boolean isIpv4(String text) {
        int parts = 0;
        int from = 0;
        while (true) {
            int dot = text.indexOf('.', from);
            String part = dot < 0 ? text.substring(from) : text.substring(from, dot);
            if (!isDecimal(part, 3) || Integer.parseInt(part) > 255) {
                return false;
            }
            parts++;
            if (dot < 0) {
                return parts == 4;
            }
            from = dot + 1;
        }
    }

    private static boolean isIpv6(String text) {
        int gap = text.indexOf("::");
        if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
            return false;
        }
        if (gap < 0) {
            return groups(text, true) == 8;
        }
        int before = gap == 0 ? 0 : groups(text.substring(0, gap), false);
        String rest = text.substring(gap + 2);
        int after = rest.isEmpty() ? 0 : groups(rest, true);
        return before >= 0 && after >= 0 && before + after < 8;
    }

    /** Number of 16-bit groups, -1 when one is malformed; an IPv4 tail counts as two. */
    private static int groups(String text, boolean tailMayBeIpv4) {
        int count = 0;
        int from = 0;
        while (true) {
            int colon = text.indexOf(':', from);
            String group = colon < 0 ? text.substring(from) : text.substring(from, colon);
            if (colon < 0 && tailMayBeIpv4 && group.indexOf('.') >= 0) {
                return isIpv4(group) ? count + 2 : -1;
            }
            if (group.isEmpty() || group.length() > 4 || !isHex(group)) {
                return -1;
            }
            count++;
            if (colon < 0) {
                return count;
            }
            from = colon + 1;
        }
    }

    private static boolean isHex(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.digit(text.charAt(i), 16) < 0 || text.charAt(i) > 'f') {
                return false;
            }
        }
        return true;
    }

    /** Digits without a leading zero. */
    private static boolean isDecimal(String text, int mostDigits) {
        if (text.isEmpty() || text.length() > mostDigits || (text.length() > 1 && text.charAt(0) == '0')) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }
}
