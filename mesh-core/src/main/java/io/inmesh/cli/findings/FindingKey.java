package io.inmesh.cli.findings;

import io.inmesh.config.ConfigProblem;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What stays the same of a finding while lines, and items of lists, come and go before it. Several findings may have the same
 * key, so whoever compares states counts them.
 *
 * @param check id
 * @param severity in lower case
 * @param object {@code Kind namespace/name}, or the file where a finding is in no object
 * @param path of the field without indexes, such as {@code spec.http[].route[].weight}; empty for the object as a whole
 * @param message what is wrong, without indexes and places in files
 */
record FindingKey(String check, String severity, String object, String path, String message) {
    private static final Pattern INDEX = Pattern.compile("\\[\\d+]");
    private static final Pattern PLACE = Pattern.compile("[^\\s()\\[\\];,\"]+:\\d+:\\d+");

    static FindingKey of(ConfigProblem finding, FilePaths paths) {
        String object =
                finding.object().isEmpty() ? paths.relative(finding.origin().source()) : finding.object();
        return new FindingKey(
                finding.check().id(),
                finding.severity().name().toLowerCase(Locale.ROOT),
                object,
                withoutIndexes(finding.path()),
                withoutIndexes(PLACE.matcher(finding.message()).replaceAll("…")));
    }

    private static String withoutIndexes(String text) {
        return INDEX.matcher(text).replaceAll("[]");
    }

    String fingerprint() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(String.join("\n", check, severity, object, path, message)
                            .getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JRE has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return check + " " + object + (path.isEmpty() ? "" : " " + path) + " (" + message + ")";
    }
}
