package io.inmesh.internal.istio;

import io.inmesh.internal.text.Message;
import io.inmesh.model.AuthorizationPolicy;
import io.inmesh.model.AuthorizationPolicy.Action;
import io.inmesh.model.AuthorizationRule;
import io.inmesh.model.JwtRule;
import io.inmesh.model.JwtRule.ClaimHeader;
import io.inmesh.model.JwtRule.TokenHeader;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.RequestAuthentication;
import io.inmesh.model.RequestCondition;
import io.inmesh.model.RequestOperation;
import io.inmesh.model.RequestSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns policies that passed their rules into records. */
final class SecurityRecords {
    private SecurityRecords() {}

    static AuthorizationPolicy authorizationPolicy(ObjectMeta meta, Message spec) {
        return new AuthorizationPolicy(
                meta,
                PolicyTargets.match(spec),
                Action.valueOf(AuthorizationPolicyRules.action(spec)),
                spec.messages("rules").stream().map(SecurityRecords::rule).toList(),
                DryRun.isOn(meta));
    }

    static RequestAuthentication requestAuthentication(ObjectMeta meta, Message spec) {
        return new RequestAuthentication(
                meta,
                PolicyTargets.match(spec),
                spec.messages("jwtRules").stream().map(SecurityRecords::jwtRule).toList());
    }

    private static AuthorizationRule rule(Message rule) {
        return new AuthorizationRule(
                rule.messages("from").stream()
                        .map(from -> source(inner(from, "source")))
                        .toList(),
                rule.messages("to").stream()
                        .map(to -> operation(inner(to, "operation")))
                        .toList(),
                rule.messages("when").stream().map(SecurityRecords::condition).toList(),
                rule.place().origin());
    }

    private static Message inner(Message wrapper, String field) {
        Message inner = wrapper.message(field);
        if (inner == null) {
            throw new IllegalStateException("an item without " + field + " passed the rules");
        }
        return inner;
    }

    private static RequestSource source(Message source) {
        return RequestSource.builder()
                .principals(source.strings("principals"))
                .notPrincipals(source.strings("notPrincipals"))
                .requestPrincipals(source.strings("requestPrincipals"))
                .notRequestPrincipals(source.strings("notRequestPrincipals"))
                .namespaces(source.strings("namespaces"))
                .notNamespaces(source.strings("notNamespaces"))
                .serviceAccounts(source.strings("serviceAccounts"))
                .notServiceAccounts(source.strings("notServiceAccounts"))
                .ipBlocks(source.strings("ipBlocks"))
                .notIpBlocks(source.strings("notIpBlocks"))
                .remoteIpBlocks(source.strings("remoteIpBlocks"))
                .notRemoteIpBlocks(source.strings("notRemoteIpBlocks"))
                .build();
    }

    private static RequestOperation operation(Message operation) {
        return RequestOperation.builder()
                .hosts(operation.strings("hosts"))
                .notHosts(operation.strings("notHosts"))
                .ports(operation.strings("ports"))
                .notPorts(operation.strings("notPorts"))
                .methods(operation.strings("methods"))
                .notMethods(operation.strings("notMethods"))
                .paths(operation.strings("paths"))
                .notPaths(operation.strings("notPaths"))
                .build();
    }

    private static RequestCondition condition(Message condition) {
        return new RequestCondition(
                condition.string("key"),
                condition.strings("values"),
                condition.strings("notValues"),
                condition.place().origin());
    }

    private static JwtRule jwtRule(Message rule) {
        @Nullable String keys = VirtualServiceRecords.blankToNull(rule.string("jwks"));
        List<ClaimHeader> claims = rule.messages("outputClaimToHeaders").stream()
                .map(output -> new ClaimHeader(output.string("header"), output.string("claim")))
                .toList();
        return JwtRule.builder(rule.string("issuer"))
                .audiences(rule.strings("audiences"))
                .jwks(keys)
                .jwksUri(keys != null ? null : VirtualServiceRecords.blankToNull(rule.string("jwksUri")))
                .fromHeaders(rule.messages("fromHeaders").stream()
                        .map(header -> new TokenHeader(header.string("name"), header.string("prefix")))
                        .toList())
                .fromParams(rule.strings("fromParams"))
                .fromCookies(rule.strings("fromCookies"))
                .outputPayloadToHeader(VirtualServiceRecords.blankToNull(rule.string("outputPayloadToHeader")))
                .forwardOriginalToken(rule.bool("forwardOriginalToken"))
                .outputClaimToHeaders(claims)
                .spaceDelimitedClaims(rule.strings("spaceDelimitedClaims"))
                .timeout(rule.duration("timeout"))
                .origin(rule.place().origin())
                .build();
    }
}
