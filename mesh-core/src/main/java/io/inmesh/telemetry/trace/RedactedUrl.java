package io.inmesh.telemetry.trace;

import io.inmesh.internal.text.SecretNames;

/**
 * URLs as spans show them: without the values of query parameters whose names tell of secrets.
 */
final class RedactedUrl {
    private static final String REDACTED = "REDACTED";

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
            if (value >= 0 && value < to && SecretNames.ofParameter(pathAndQuery.substring(from, value))) {
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
