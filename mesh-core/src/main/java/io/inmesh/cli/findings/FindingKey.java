package io.inmesh.cli.findings;

import io.inmesh.config.ConfigProblem;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What stays the same of a finding while lines come and go above it.
 *
 * @param check id
 * @param object {@code Kind namespace/name}, or the file where a finding is in no object
 * @param path of the field; empty for the object as a whole
 */
record FindingKey(String check, String object, String path) {
    static FindingKey of(ConfigProblem finding, FilePaths paths) {
        String object =
                finding.object().isEmpty() ? paths.relative(finding.origin().source()) : finding.object();
        return new FindingKey(finding.check().id(), object, finding.path());
    }

    String fingerprint() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest((check + "\n" + object + "\n" + path).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JRE has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return check + " " + object + (path.isEmpty() ? "" : " " + path);
    }
}
