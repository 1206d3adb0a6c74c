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

    /** Starts settings of which only the mode is given. */
    public static Builder builder(Mode mode) {
        return new Builder(mode);
    }

    /** Starts a copy. */
    public Builder toBuilder() {
        return new Builder(mode)
                .clientCertificate(clientCertificate)
                .privateKey(privateKey)
                .caCertificates(caCertificates)
                .credentialName(credentialName)
                .subjectAltNames(subjectAltNames)
                .sni(sni)
                .insecureSkipVerify(insecureSkipVerify);
    }

    /** Collects settings; not thread-safe. */
    public static final class Builder {
        private final Mode mode;
        private @Nullable String clientCertificate;
        private @Nullable String privateKey;
        private @Nullable String caCertificates;
        private @Nullable String credentialName;
        private List<String> subjectAltNames = List.of();
        private @Nullable String sni;
        private @Nullable Boolean insecureSkipVerify;

        private Builder(Mode mode) {
            this.mode = mode;
        }

        /** File; null when not given. */
        public Builder clientCertificate(@Nullable String newClientCertificate) {
            clientCertificate = newClientCertificate;
            return this;
        }

        /** File; null when not given. */
        public Builder privateKey(@Nullable String newPrivateKey) {
            privateKey = newPrivateKey;
            return this;
        }

        /** File; null when not given. */
        public Builder caCertificates(@Nullable String newCaCertificates) {
            caCertificates = newCaCertificates;
            return this;
        }

        /** Name of a secret; null when not given. */
        public Builder credentialName(@Nullable String newCredentialName) {
            credentialName = newCredentialName;
            return this;
        }

        /** Names that the server's certificate may have; empty for any. */
        public Builder subjectAltNames(List<String> newSubjectAltNames) {
            subjectAltNames = newSubjectAltNames;
            return this;
        }

        /** Null when not given. */
        public Builder sni(@Nullable String newSni) {
            sni = newSni;
            return this;
        }

        /** Null when not given. */
        public Builder insecureSkipVerify(@Nullable Boolean newInsecureSkipVerify) {
            insecureSkipVerify = newInsecureSkipVerify;
            return this;
        }

        /** The settings. */
        public ClientTlsSettings build() {
            return new ClientTlsSettings(
                    mode,
                    clientCertificate,
                    privateKey,
                    caCertificates,
                    credentialName,
                    subjectAltNames,
                    sni,
                    insecureSkipVerify);
        }
    }
}
