package io.inmesh.telemetry.trace;

import java.util.Set;

/**
 * URLs as spans show them: without the values of query parameters that are known to be signatures or keys (OpenTelemetry
 * semantic conventions: http/http-spans.md, url.full).
 */
final class RedactedUrl {
    private static final String REDACTED = "REDACTED";
    private static final Set<String> SECRETS = Set.of(
            "AWSAccessKeyId",
            "Signature",
            "sig",
            "X-Goog-Signature",
            "X-Amz-Signature",
            "X-Amz-Credential",
            "X-Amz-Security-Token");

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
            if (value >= 0 && value < to && SECRETS.contains(pathAndQuery.substring(from, value))) {
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
}
