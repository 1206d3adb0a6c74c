package io.inmesh.servlet.internal.arrival;

/**
 * Spellings of header names. Whoever reads a header by one name may get it by another: servers that hand headers on as
 * variables (CGI, WSGI, Rack, PHP) have one sign for all that is neither letter nor digit.
 */
public final class HeaderSpelling {
    private HeaderSpelling() {}

    /** Whether a name has signs beside letters, digits and hyphens, which few have. */
    public static boolean isOdd(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c != '-' && plain(c) == '-') {
                return true;
            }
        }
        return false;
    }

    /** The usual spelling: in lower case, and with hyphens for all signs. */
    public static String usual(String name) {
        StringBuilder usual = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            usual.append(plain(name.charAt(i)));
        }
        return usual.toString();
    }

    /** Whether two names are one to some readers. */
    public static boolean isSame(String name, String other) {
        if (name.length() != other.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (plain(name.charAt(i)) != plain(other.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static char plain(char c) {
        if (c >= 'A' && c <= 'Z') {
            return (char) (c + ('a' - 'A'));
        }
        return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' ? c : '-';
    }
}
