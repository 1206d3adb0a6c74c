package io.inmesh.internal.istio;

import io.inmesh.internal.text.MessageType;

/**
 * Messages of AuthorizationPolicy and RequestAuthentication, after authorization_policy.proto, request_authentication.proto
 * and selector.proto of Istio's API.
 */
final class SecurityTypes {
    private static final MessageType SELECTOR =
            MessageType.of("WorkloadSelector").stringMap("matchLabels").build();

    private static final MessageType TARGET = MessageType.of("PolicyTargetReference")
            .string("group")
            .string("kind")
            .string("name")
            .string("namespace")
            .build();

    private static final MessageType PROVIDER =
            MessageType.of("ExtensionProvider").string("name").build();

    private static final MessageType SOURCE = MessageType.of("Source")
            .strings("principals")
            .strings("notPrincipals")
            .strings("requestPrincipals")
            .strings("notRequestPrincipals")
            .strings("namespaces")
            .strings("notNamespaces")
            .strings("serviceAccounts")
            .strings("notServiceAccounts")
            .strings("ipBlocks")
            .strings("notIpBlocks")
            .strings("remoteIpBlocks")
            .strings("notRemoteIpBlocks")
            .strings("trustDomains")
            .strings("notTrustDomains")
            .build();

    private static final MessageType OPERATION = MessageType.of("Operation")
            .strings("hosts")
            .strings("notHosts")
            .strings("ports")
            .strings("notPorts")
            .strings("methods")
            .strings("notMethods")
            .strings("paths")
            .strings("notPaths")
            .build();

    private static final MessageType CONDITION = MessageType.of("Condition")
            .string("key")
            .strings("values")
            .strings("notValues")
            .build();

    private static final MessageType RULE = MessageType.of("Rule")
            .messages("from", MessageType.of("From").message("source", SOURCE).build())
            .messages("to", MessageType.of("To").message("operation", OPERATION).build())
            .messages("when", CONDITION)
            .build();

    static final MessageType AUTHORIZATION_POLICY = MessageType.of("AuthorizationPolicy")
            .message("selector", SELECTOR)
            .message("targetRef", TARGET)
            .messages("targetRefs", TARGET)
            .messages("rules", RULE)
            .choice("action", "ALLOW", "DENY", "AUDIT", "CUSTOM")
            .message("provider", PROVIDER)
            .build();

    private static final MessageType HEADER =
            MessageType.of("JWTHeader").string("name").string("prefix").build();

    private static final MessageType CLAIM_TO_HEADER =
            MessageType.of("ClaimToHeader").string("header").string("claim").build();

    private static final MessageType JWT_RULE = MessageType.of("JWTRule")
            .string("issuer")
            .strings("audiences")
            .string("jwksUri")
            .string("jwks")
            .messages("fromHeaders", HEADER)
            .strings("fromParams")
            .strings("fromCookies")
            .string("outputPayloadToHeader")
            .bool("forwardOriginalToken")
            .messages("outputClaimToHeaders", CLAIM_TO_HEADER)
            .strings("spaceDelimitedClaims")
            .choice("presence", "OPTIONAL", "REQUIRED")
            .duration("timeout")
            .build();

    static final MessageType REQUEST_AUTHENTICATION = MessageType.of("RequestAuthentication")
            .message("selector", SELECTOR)
            .message("targetRef", TARGET)
            .messages("targetRefs", TARGET)
            .messages("jwtRules", JWT_RULE)
            .build();

    private SecurityTypes() {}
}
