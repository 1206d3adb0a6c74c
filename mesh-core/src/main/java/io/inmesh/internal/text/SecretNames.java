package io.inmesh.internal.text;

import java.util.regex.Pattern;

/** Names, of headers and parameters, whose values usually are secrets. */
public final class SecretNames {
    /** What such a name has in it, in any case, as a regular expression that looks at each place once. */
    public static final String PART =
            "(?i:authorization|cookie|token|secret|passw(?:or)?d|credential|api[-_]?key|session[-_]?id"
                    + "|client-cert|(?<![a-z])auth(?![a-z]))";

    private static final Pattern FOUND = Pattern.compile(PART);

    private SecretNames() {}

    /** Whether a name, in any case, tells of a secret. */
    public static boolean has(String name) {
        return FOUND.matcher(name).find();
    }
}
