package io.inmesh.internal.control;

import java.util.regex.Pattern;

/** Tells addresses from names without asking a resolver. */
final class IpLiteral {
    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern V4 = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");

    private IpLiteral() {}

    /** Whether the text is an IPv4 address, or an IPv6 address: no name contains a colon. */
    static boolean is(String text) {
        return text.indexOf(':') >= 0 || V4.matcher(text).matches();
    }
}
