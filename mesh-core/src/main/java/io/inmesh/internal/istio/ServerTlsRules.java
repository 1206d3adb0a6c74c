package io.inmesh.internal.istio;

import io.inmesh.internal.text.Message;
import io.inmesh.internal.text.Message.Value;
import io.inmesh.internal.text.MessageText;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What Istio requires of the TLS settings of a Gateway's server (pkg/config/validation: validateTLSOptions). */
final class ServerTlsRules {
    private static final Set<String> OLD_VERSIONS = Set.of("TLSV1_0", "TLSV1_1");
    private static final Set<String> CIPHERS = Set.of(
            "ECDHE-ECDSA-AES128-GCM-SHA256",
            "ECDHE-RSA-AES128-GCM-SHA256",
            "ECDHE-ECDSA-AES256-GCM-SHA384",
            "ECDHE-RSA-AES256-GCM-SHA384",
            "ECDHE-ECDSA-CHACHA20-POLY1305",
            "ECDHE-RSA-CHACHA20-POLY1305",
            "ECDHE-ECDSA-AES128-SHA",
            "ECDHE-RSA-AES128-SHA",
            "ECDHE-ECDSA-AES256-SHA",
            "ECDHE-RSA-AES256-SHA",
            "AES128-GCM-SHA256",
            "AES256-GCM-SHA384",
            "AES128-SHA",
            "AES256-SHA",
            "DES-CBC3-SHA");

    private final RuleChecks checks;

    ServerTlsRules(RuleChecks checks) {
        this.checks = checks;
    }

    /** Where no mode is written it is the first of the declaration, as in protobuf. */
    static String mode(Message tls) {
        String mode = tls.string("mode");
        return mode.isEmpty() ? "PASSTHROUGH" : mode;
    }

    void check(Message server) {
        Message tls = server.message("tls");
        Message port = server.message("port");
        if (tls != null) {
            settings(tls);
        }
        if (port == null || checks.isLost(port.place("protocol"))) {
            return;
        }
        String protocol = port.string("protocol");
        boolean http = GatewayServerRules.isPlainHttp(protocol);
        if (tls == null && GatewayServerRules.isTls(protocol)) {
            checks.error(
                    server.place("tls"),
                    "a port of protocol " + protocol + " needs tls",
                    "add tls: {mode: SIMPLE, serverCertificate: …, privateKey: …}");
        } else if (tls != null && !GatewayServerRules.isTls(protocol)) {
            if (!http) {
                checks.error(tls.place(), "a port that is neither HTTPS nor TLS has no tls", "remove tls");
            } else if (!mode(tls).endsWith("PASSTHROUGH") || files(tls)) {
                checks.error(
                        tls.place(),
                        "a port without TLS has no certificates, of tls only httpsRedirect",
                        "write protocol: HTTPS for the port, or remove all but httpsRedirect");
            }
            if (!http && tls.bool("httpsRedirect")) {
                checks.warning(tls.place("httpsRedirect"), "httpsRedirect is for HTTP", "remove it");
            }
        }
    }

    private void settings(Message tls) {
        String mode = mode(tls);
        ciphers(tls);
        if (mode.equals("ISTIO_MUTUAL")) {
            Stream.of(
                            "serverCertificate",
                            "privateKey",
                            "caCertificates",
                            "tlsCertificates",
                            "credentialName",
                            "credentialNames")
                    .filter(field -> given(tls, field))
                    .forEach(field -> checks.error(
                            tls.place(field),
                            "ISTIO_MUTUAL has Istio's own certificates and no " + field,
                            "remove it, or write mode: MUTUAL"));
            return;
        }
        sources(tls);
        if (mode.endsWith("PASSTHROUGH")) {
            certificatesNotUsed(tls, mode);
        } else if (!given(tls, "credentialName") && !given(tls, "credentialNames")) {
            files(tls, mode);
            revocations(tls, mode);
        }
    }

    private void ciphers(Message tls) {
        if (OLD_VERSIONS.contains(tls.string("minProtocolVersion"))
                && tls.list("cipherSuites").isEmpty()) {
            checks.warning(
                    tls.place("minProtocolVersion"),
                    "versions below 1.2 need cipherSuites that go with them",
                    "add cipherSuites, or write TLSV1_2");
        }
        Set<String> seen = new HashSet<>();
        for (Value suite : tls.list("cipherSuites")) {
            String name = suite.string();
            // What begins with an operator is an expression of BoringSSL's, which Istio does not look into.
            boolean expression = name.isEmpty() || name.equals("ALL") || !Character.isLetterOrDigit(name.charAt(0));
            if (!expression && !CIPHERS.contains(name)) {
                checks.warning(
                        suite.place(),
                        MessageText.quote(name) + " is not a cipher suite that Istio takes, and is left out",
                        MessageText.didYouMean(name, CIPHERS, "write one such as ECDHE-RSA-AES128-GCM-SHA256"));
            } else if (!seen.add(name)) {
                checks.warning(suite.place(), MessageText.quote(name) + " is there twice", "remove one");
            }
        }
    }

    private void certificatesNotUsed(Message tls, String mode) {
        if (given(tls, "caCrl") && given(tls, "credentialName")) {
            checks.error(
                    tls.place("caCrl"), "with credentialName the secret has the revocations", "remove one of them");
            return;
        }
        Stream.of(
                        "caCrl",
                        "serverCertificate",
                        "privateKey",
                        "caCertificates",
                        "tlsCertificates",
                        "credentialName",
                        "credentialNames")
                .filter(field -> given(tls, field))
                .findFirst()
                .ifPresent(field -> checks.warning(
                        tls.place(field),
                        mode + " uses no certificates",
                        "remove " + field + ", or write mode: SIMPLE"));
    }

    private void sources(Message tls) {
        boolean pair = given(tls, "serverCertificate") && given(tls, "privateKey");
        long sources = Stream.of("credentialName", "credentialNames", "tlsCertificates")
                        .filter(field -> given(tls, field))
                        .count()
                + (pair ? 1 : 0);
        if (sources > 1) {
            checks.error(
                    tls.place(),
                    "credentialName, credentialNames, serverCertificate with privateKey, and tlsCertificates exclude"
                            + " each other",
                    "keep one of them");
        }
    }

    private void files(Message tls, String mode) {
        String kind = mode.equals("SIMPLE") ? "SIMPLE" : "MUTUAL";
        if (kind.equals("MUTUAL") && !given(tls, "caCertificates")) {
            missing(tls, "caCertificates", mode, "the file with the authorities of client certificates");
        }
        List<Message> pairs = tls.messages("tlsCertificates");
        for (Message pair : pairs.isEmpty() ? List.of(tls) : pairs) {
            if (!given(pair, "serverCertificate")) {
                missing(pair, "serverCertificate", mode, "the file with the server's certificate");
            }
            if (!given(pair, "privateKey")) {
                missing(pair, "privateKey", mode, "the file with its key");
            }
        }
        if (pairs.size() > 2) {
            checks.warning(tls.place("tlsCertificates"), "Istio takes two certificates at most", "remove the others");
        }
    }

    private void missing(Message tls, String field, String mode, String what) {
        checks.error(tls.place(field), "mode " + mode + " needs " + field, "add " + what + ", or credentialName");
    }

    private void revocations(Message tls, String mode) {
        if (mode.equals("SIMPLE") && given(tls, "caCrl")) {
            checks.error(
                    tls.place("caCrl"),
                    "with mode SIMPLE clients show no certificates that could be revoked",
                    "remove caCrl, or write mode: MUTUAL");
        }
    }

    private static boolean files(Message tls) {
        return Stream.of("serverCertificate", "privateKey", "caCertificates").anyMatch(field -> given(tls, field));
    }

    private static boolean given(Message message, String field) {
        if (!message.has(field)) {
            return false;
        }
        Object content = message.content(field);
        return content instanceof String text ? !text.isEmpty() : !((List<?>) content).isEmpty();
    }
}
