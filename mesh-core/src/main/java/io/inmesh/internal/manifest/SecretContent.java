package io.inmesh.internal.manifest;

import io.inmesh.internal.manifest.SecretManifest.Content;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Tells what the entries of a Secret look like, and forgets them. */
final class SecretContent {
    private static final String CERTIFICATE = "-----BEGIN CERTIFICATE-----";

    private SecretContent() {}

    /** Of an entry of {@code stringData} or else of {@code data}, under the first of two names that is there. */
    static Content certificate(TreeView secret, String name, String otherName) {
        return look(secret, name, otherName, text -> text.contains(CERTIFICATE) && parses(text));
    }

    /** The same of a key. */
    static Content privateKey(TreeView secret, String name, String otherName) {
        return look(secret, name, otherName, text -> text.contains("-----BEGIN ") && text.contains("PRIVATE KEY-----"));
    }

    private static Content look(TreeView secret, String name, String otherName, Predicate<String> good) {
        for (String key : new String[] {name, otherName}) {
            for (String part : new String[] {"stringData", "data"}) {
                TreeView entry = secret.get(part).get(key);
                if (entry.isPresent()) {
                    String written = entry.text().strip();
                    if (isPlaceholder(written)) {
                        return Content.UNKNOWN;
                    }
                    String text = part.equals("data") ? decoded(written) : written;
                    return text != null && good.test(text) ? Content.GOOD : Content.BAD;
                }
            }
        }
        return Content.ABSENT;
    }

    /** Helm's, Kustomize's, Flux's and SOPS's ways to leave a value out, and of examples: dots and angle brackets. */
    private static boolean isPlaceholder(String written) {
        return written.isEmpty()
                || written.contains("{{")
                || written.contains("${")
                || written.contains("$(")
                || written.startsWith("ENC[")
                || written.startsWith("<")
                || written.contains("...");
    }

    private static @Nullable String decoded(String written) {
        try {
            return new String(Base64.getMimeDecoder().decode(written), StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static boolean parses(String text) {
        int start = text.indexOf(CERTIFICATE);
        try {
            CertificateFactory.getInstance("X.509")
                    .generateCertificate(
                            new ByteArrayInputStream(text.substring(start).getBytes(StandardCharsets.ISO_8859_1)));
            return true;
        } catch (CertificateException | RuntimeException e) {
            return false;
        }
    }
}
