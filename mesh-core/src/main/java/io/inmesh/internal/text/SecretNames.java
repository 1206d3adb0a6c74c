package io.inmesh.internal.text;

import java.util.Locale;
import java.util.regex.Pattern;

/** Names, of headers and parameters, whose values usually are secrets. */
public final class SecretNames {
    /** Such a name in lower case, as a regular expression. */
    public static final String PATTERN = "[\\w.-]*(?:authorization|cookie|token|secret|password|api-?key)[\\w.-]*";

    private static final Pattern NAME = Pattern.compile(PATTERN);

    private SecretNames() {}

    /** Whether a name, in any case, tells of a secret. */
    public static boolean has(String name) {
        return NAME.matcher(name.toLowerCase(Locale.ROOT)).matches();
    }
}
