package io.inmesh.internal.istio;

import io.inmesh.internal.text.Message;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the fields of gateways and of policies for what comes in that are not executed. */
final class NotExecutedInbound {
    /** Values of {@code bind} with which a server listens at every address. */
    static final Set<String> ANY_ADDRESS = Set.of("", "0.0.0.0", "::");

    /** Without these more clients would be let in than the writer wants. */
    private static final List<String> WHICH_CLIENTS =
            List.of("caCrl", "verifyCertificateSpki", "verifyCertificateHash");

    private final NotExecuted fields;

    NotExecutedInbound(NotExecuted fields) {
        this.fields = fields;
    }

    void gateway(Message spec) {
        if (!spec.map("selector").isEmpty()) {
            fields.note(
                    spec.place("selector"),
                    "the selector chooses among Istio's gateways by the labels of their pods, and is not looked at: this"
                            + " gateway takes every Gateway that it reads",
                    "keep Gateways that are not for it where it does not read them");
        }
        spec.messages("servers").forEach(this::server);
    }

    /** Whether a server has a field without which none of its requests is to be taken. */
    static boolean refusesRequests(Message server) {
        Message tls = server.message("tls");
        return !ANY_ADDRESS.contains(server.string("bind"))
                || (tls != null
                        && (namesClients(tls) || WHICH_CLIENTS.stream().anyMatch(field -> isGiven(tls, field))));
    }

    /** Istio looks at the names where clients show certificates. */
    private static boolean namesClients(Message tls) {
        String mode = ServerTlsRules.mode(tls);
        return (mode.equals("MUTUAL") || mode.equals("OPTIONAL_MUTUAL")) && isGiven(tls, "subjectAltNames");
    }

    private void server(Message server) {
        Message port = server.message("port");
        String protocol = port == null ? "" : port.string("protocol");
        boolean ends = GatewayServerRules.isPlainHttp(protocol) || protocol.equalsIgnoreCase("HTTPS");
        if (port != null && !ends) {
            fields.found(UnexecutedField.STREAM_PROTOCOL, port, "protocol", "protocol " + protocol);
        }
        if (!ANY_ADDRESS.contains(server.string("bind"))) {
            fields.found(UnexecutedField.BIND, server, "bind", "bind " + server.string("bind"));
        }
        Message tls = server.message("tls");
        if (tls != null && protocol.equalsIgnoreCase("HTTPS")) {
            tls(tls);
        }
    }

    private void tls(Message tls) {
        String mode = ServerTlsRules.mode(tls);
        if (mode.endsWith("PASSTHROUGH") || mode.equals("ISTIO_MUTUAL")) {
            fields.found(UnexecutedField.SERVER_TLS_MODE, tls, "mode", "tls.mode " + mode);
            return;
        }
        given(tls, "caCrl", UnexecutedField.CA_CRL);
        if (namesClients(tls)) {
            given(tls, "subjectAltNames", UnexecutedField.CLIENT_NAMES);
        }
        given(tls, "verifyCertificateSpki", UnexecutedField.CERTIFICATE_SPKI);
        given(tls, "verifyCertificateHash", UnexecutedField.CERTIFICATE_HASH);
        given(tls, "credentialNames", UnexecutedField.CREDENTIAL_NAMES);
        given(tls, "tlsCertificates", UnexecutedField.TLS_CERTIFICATES);
        given(tls, "caCertCredentialName", UnexecutedField.CA_CREDENTIAL_NAME);
        given(tls, "ecdhCurves", UnexecutedField.ECDH_CURVES);
        if (tls.bool("insecureSkipVerify")) {
            given(tls, "insecureSkipVerify", UnexecutedField.SERVER_SKIP_VERIFY);
        }
    }

    private void given(Message tls, String field, UnexecutedField unexecuted) {
        if (isGiven(tls, field)) {
            fields.found(unexecuted, tls, field, "tls." + field);
        }
    }

    private static boolean isGiven(Message message, String field) {
        if (!message.has(field)) {
            return false;
        }
        Object content = message.content(field);
        return !(content instanceof String text && text.isEmpty())
                && !(content instanceof List<?> list && list.isEmpty());
    }

    void authorizationPolicy(Message spec) {
        targets(spec, UnexecutedField.POLICY_TARGET, UnexecutedField.POLICY_TARGETS);
        if (AuthorizationPolicyRules.action(spec).equals("CUSTOM")) {
            @Nullable Message provider = spec.message("provider");
            String name = provider == null ? "" : " with provider " + provider.string("name");
            fields.found(UnexecutedField.CUSTOM, spec, "action", "action CUSTOM" + name);
        }
        for (Message rule : spec.messages("rules")) {
            for (Message from : rule.messages("from")) {
                Message source = from.message("source");
                if (source != null) {
                    fields.nonEmpty(source, "trustDomains", UnexecutedField.TRUST_DOMAINS);
                    fields.nonEmpty(source, "notTrustDomains", UnexecutedField.NOT_TRUST_DOMAINS);
                }
            }
            for (Message when : rule.messages("when")) {
                String key = when.string("key");
                if (ConditionRules.ENVOY.stream().anyMatch(key::startsWith)) {
                    fields.found(UnexecutedField.ENVOY_ATTRIBUTE, when, "key", "key " + key);
                } else if (ConditionRules.isForUnseenHeader(key)) {
                    fields.found(UnexecutedField.UNSEEN_HEADER, when, "key", "key " + key);
                }
            }
        }
    }

    void requestAuthentication(Message spec) {
        targets(spec, UnexecutedField.AUTHENTICATION_TARGET, UnexecutedField.AUTHENTICATION_TARGETS);
        for (Message rule : spec.messages("jwtRules")) {
            if (rule.string("presence").equals("REQUIRED")) {
                fields.found(UnexecutedField.PRESENCE, rule, "presence", "presence REQUIRED");
            }
            boolean keys = Stream.of("jwks", "jwksUri").anyMatch(field -> isGiven(rule, field));
            String issuer = rule.string("issuer");
            if (!keys && !issuer.isEmpty() && !RequestAuthenticationRules.isUrl(issuer)) {
                fields.found(UnexecutedField.KEYS_BY_ISSUER, rule, "jwksUri", "a rule without jwksUri and jwks");
            }
        }
    }

    private void targets(Message spec, UnexecutedField single, UnexecutedField several) {
        fields.given(spec, "targetRef", single);
        fields.nonEmpty(spec, "targetRefs", several);
    }
}
