package io.inmesh.telemetry.trace;

import io.inmesh.internal.text.SecretNames;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/**
 * URLs as spans show them: without the values of query parameters whose names tell of secrets,
 * among them those of OpenTelemetry's semantic conventions (http/http-spans.md, url.full).
 */
final class RedactedUrl {
    private static final String REDACTED = "REDACTED";

    /** Signatures, which are no secrets elsewhere. */
    private static final Set<String> SIGNATURES =
            Set.of("awsaccesskeyid", "signature", "sig", "x-goog-signature", "x-amz-signature", "x-amz-credential");

    private RedactedUrl() {}

    static String of(String scheme, String authority, String pathAndQuery) {
        int query = pathAndQuery.indexOf('?');
        String start = scheme + "://" + authority.substring(authority.lastIndexOf('@') + 1);
        if (query < 0) {
            return start + pathAndQuery;
        }
        StringBuilder url = new StringBuilder(start).append(pathAndQuery, 0, query + 1);
        int from = query + 1;
        while (true) {
            int end = pathAndQuery.indexOf('&', from);
            int to = end < 0 ? pathAndQuery.length() : end;
            int value = pathAndQuery.indexOf('=', from);
            if (value >= 0 && value < to && isSecret(pathAndQuery.substring(from, value))) {
                url.append(pathAndQuery, from, value + 1).append(REDACTED);
            } else {
                url.append(pathAndQuery, from, to);
            }
            if (end < 0) {
                return url.toString();
            }
            url.append('&');
            from = end + 1;
        }
    }

    private static boolean isSecret(String written) {
        String name = decoded(written).toLowerCase(Locale.ROOT);
        return SIGNATURES.contains(name) || SecretNames.has(name);
    }

    private static String decoded(String written) {
        try {
            return URLDecoder.decode(written, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException unreadable) {
            return written;
        }
    }
}
