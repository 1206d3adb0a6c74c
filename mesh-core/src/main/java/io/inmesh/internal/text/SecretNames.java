package io.inmesh.internal.text;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Names, of headers and parameters, whose values usually are secrets. */
public final class SecretNames {
    /** What such a name has in it, in any case, as a regular expression that looks at each place once. */
    public static final String PART =
            "(?i:authorization|cookie|token|secret|passw(?:or)?d|credential|api[-_]?key|session[-_]?id"
                    + "|client-cert|private[-_ ]?key|(?<![a-z])auth(?![a-z]))";

    private static final Pattern FOUND = Pattern.compile(PART);

    /** Of query parameters (OpenTelemetry: http/http-spans.md, url.full); elsewhere signatures are no secrets. */
    private static final Set<String> SIGNATURES =
            Set.of("awsaccesskeyid", "signature", "sig", "x-goog-signature", "x-amz-signature", "x-amz-credential");

    private SecretNames() {}

    /** Whether a name, in any case, tells of a secret. */
    public static boolean has(String name) {
        return FOUND.matcher(name).find();
    }

    /**
     * The same of the name of a query parameter, where signatures let in as secrets do.
     *
     * @param written as in the URL, percent-encoded
     */
    public static boolean ofParameter(String written) {
        String name = decoded(written).toLowerCase(Locale.ROOT);
        return SIGNATURES.contains(name) || has(name);
    }

    private static String decoded(String written) {
        try {
            return URLDecoder.decode(written, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException unreadable) {
            return written;
        }
    }
}
