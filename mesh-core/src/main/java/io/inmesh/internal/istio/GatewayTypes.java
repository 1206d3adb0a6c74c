package io.inmesh.internal.istio;

import io.inmesh.internal.text.MessageType;
import io.inmesh.internal.text.MessageType.Kind;

/** Messages of Gateway, after networking/v1alpha3/gateway.proto of Istio's API. */
final class GatewayTypes {
    private static final MessageType PORT = MessageType.of("Port")
            .value("number", Kind.UINT32)
            .string("protocol")
            .string("name")
            .value("targetPort", Kind.UINT32)
            .build();

    private static final MessageType TLS_CERTIFICATE = MessageType.of("TLSCertificate")
            .string("serverCertificate")
            .string("privateKey")
            .string("caCertificates")
            .build();

    private static final MessageType TLS = MessageType.of("ServerTLSSettings")
            .bool("httpsRedirect")
            .choice("mode", "PASSTHROUGH", "SIMPLE", "MUTUAL", "AUTO_PASSTHROUGH", "ISTIO_MUTUAL", "OPTIONAL_MUTUAL")
            .string("serverCertificate")
            .string("privateKey")
            .string("caCertificates")
            .string("caCrl")
            .string("credentialName")
            .strings("credentialNames")
            .messages("tlsCertificates", TLS_CERTIFICATE)
            .string("caCertCredentialName")
            .strings("subjectAltNames")
            .strings("verifyCertificateSpki")
            .strings("verifyCertificateHash")
            .choice("minProtocolVersion", "TLS_AUTO", "TLSV1_0", "TLSV1_1", "TLSV1_2", "TLSV1_3")
            .choice("maxProtocolVersion", "TLS_AUTO", "TLSV1_0", "TLSV1_1", "TLSV1_2", "TLSV1_3")
            .strings("cipherSuites")
            .strings("ecdhCurves")
            .bool("insecureSkipVerify")
            .build();

    private static final MessageType SERVER = MessageType.of("Server")
            .message("port", PORT)
            .string("bind")
            .strings("hosts")
            .message("tls", TLS)
            .string("defaultEndpoint")
            .string("name")
            .build();

    static final MessageType GATEWAY = MessageType.of("Gateway")
            .stringMap("selector")
            .messages("servers", SERVER)
            .build();

    private GatewayTypes() {}
}
