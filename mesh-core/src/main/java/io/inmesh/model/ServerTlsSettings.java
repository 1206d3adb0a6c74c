package io.inmesh.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * TLS of a {@link GatewayServer} (Istio: ServerTLSSettings). Null means not given.
 *
 * @param mode kind of TLS
 * @param httpsRedirect whether requests without TLS are redirected
 * @param serverCertificate file; null when not given
 * @param privateKey file; null when not given
 * @param caCertificates file; null when not given
 * @param credentialName name of a secret; null when not given
 * @param subjectAltNames names that a client certificate may have; empty for any
 * @param minProtocolVersion null for TLS 1.2
 * @param maxProtocolVersion null for the newest
 * @param cipherSuites empty for the default ones
 */
public record ServerTlsSettings(
        Mode mode,
        boolean httpsRedirect,
        @Nullable String serverCertificate,
        @Nullable String privateKey,
        @Nullable String caCertificates,
        @Nullable String credentialName,
        List<String> subjectAltNames,
        @Nullable TlsVersion minProtocolVersion,
        @Nullable TlsVersion maxProtocolVersion,
        List<String> cipherSuites) {
    public ServerTlsSettings {
        subjectAltNames = List.copyOf(subjectAltNames);
        cipherSuites = List.copyOf(cipherSuites);
    }

    /** Kind of TLS. */
    public enum Mode {
        /** TLS goes on to the endpoint as it came. */
        PASSTHROUGH,
        /** The server shows a certificate. */
        SIMPLE,
        /** Server and client show certificates. */
        MUTUAL,
        /** As {@link #PASSTHROUGH}, the endpoint being told by the server name. */
        AUTO_PASSTHROUGH,
        /** Istio's own certificates. */
        ISTIO_MUTUAL,
        /** The client may show a certificate. */
        OPTIONAL_MUTUAL;

        /** Whether TLS ends at the gateway, with certificates that are not Istio's own. */
        public boolean endsHere() {
            return this == SIMPLE || this == MUTUAL || this == OPTIONAL_MUTUAL;
        }
    }

    /** Version of TLS. */
    public enum TlsVersion {
        /** 1.0. */
        TLSV1_0,
        /** 1.1. */
        TLSV1_1,
        /** 1.2. */
        TLSV1_2,
        /** 1.3. */
        TLSV1_3
    }

    /** Starts one of which only this is given. */
    public static Builder builder(Mode mode) {
        return new Builder(mode);
    }

    /** Starts a copy. */
    public Builder toBuilder() {
        return new Builder(mode)
                .httpsRedirect(httpsRedirect)
                .serverCertificate(serverCertificate)
                .privateKey(privateKey)
                .caCertificates(caCertificates)
                .credentialName(credentialName)
                .subjectAltNames(subjectAltNames)
                .minProtocolVersion(minProtocolVersion)
                .maxProtocolVersion(maxProtocolVersion)
                .cipherSuites(cipherSuites);
    }

    /** Collects the parts; not thread-safe. */
    public static final class Builder {
        private final Mode mode;
        private boolean httpsRedirect;
        private @Nullable String serverCertificate;
        private @Nullable String privateKey;
        private @Nullable String caCertificates;
        private @Nullable String credentialName;
        private List<String> subjectAltNames = List.of();
        private @Nullable TlsVersion minProtocolVersion;
        private @Nullable TlsVersion maxProtocolVersion;
        private List<String> cipherSuites = List.of();

        private Builder(Mode mode) {
            this.mode = mode;
        }

        /** Whether requests without TLS are redirected. */
        public Builder httpsRedirect(boolean newHttpsRedirect) {
            httpsRedirect = newHttpsRedirect;
            return this;
        }

        /** File; null when not given. */
        public Builder serverCertificate(@Nullable String newServerCertificate) {
            serverCertificate = newServerCertificate;
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

        /** Names that a client certificate may have; empty for any. */
        public Builder subjectAltNames(List<String> newSubjectAltNames) {
            subjectAltNames = newSubjectAltNames;
            return this;
        }

        /** Null for TLS 1.2. */
        public Builder minProtocolVersion(@Nullable TlsVersion newMinProtocolVersion) {
            minProtocolVersion = newMinProtocolVersion;
            return this;
        }

        /** Null for the newest. */
        public Builder maxProtocolVersion(@Nullable TlsVersion newMaxProtocolVersion) {
            maxProtocolVersion = newMaxProtocolVersion;
            return this;
        }

        /** Empty for the default ones. */
        public Builder cipherSuites(List<String> newCipherSuites) {
            cipherSuites = newCipherSuites;
            return this;
        }

        /** The server tls settings. */
        public ServerTlsSettings build() {
            return new ServerTlsSettings(
                    mode,
                    httpsRedirect,
                    serverCertificate,
                    privateKey,
                    caCertificates,
                    credentialName,
                    subjectAltNames,
                    minProtocolVersion,
                    maxProtocolVersion,
                    cipherSuites);
        }
    }
}
