package io.inmesh.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** TLS towards the destination (Istio: ClientTLSSettings). Null means not given. */
public record ClientTlsSettings(
        Mode mode,
        @Nullable String clientCertificate,
        @Nullable String privateKey,
        @Nullable String caCertificates,
        @Nullable String credentialName,
        List<String> subjectAltNames,
        @Nullable String sni,
        @Nullable Boolean insecureSkipVerify) {
    /** Copies the list. */
    public ClientTlsSettings {
        subjectAltNames = List.copyOf(subjectAltNames);
    }

    /** Kind of TLS. */
    public enum Mode {
        /** Plain text. */
        DISABLE,
        /** Server authentication. */
        SIMPLE,
        /** Client certificate from files. */
        MUTUAL,
        /** Istio's own certificates. */
        ISTIO_MUTUAL
    }
}
