package io.inmesh.internal.istio;

import io.inmesh.internal.text.Message;
import io.inmesh.internal.text.Message.Value;
import io.inmesh.internal.text.MessageText;
import io.inmesh.internal.text.Place;
import io.inmesh.model.JudgedHeader;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Conditions of an AuthorizationPolicy: keys with values (Istio: security.ValidateAttribute). */
final class ConditionRules {
    /** Attributes that only a filter of Envoy's knows. */
    static final List<String> ENVOY = List.of("experimental.envoy.filters.", "request.experimental.inline.headers");

    private static final String HEADERS = "request.headers";
    private static final String CLAIMS = "request.auth.claims";
    private static final List<String> PLAIN = List.of(
            "source.namespace",
            "source.principal",
            "request.auth.principal",
            "request.auth.audiences",
            "request.auth.presenter",
            "connection.sni");
    private static final List<String> ADDRESSES = List.of("source.ip", "remote.ip", "destination.ip");
    private static final String KNOWN = "known are " + HEADERS + "[…], " + CLAIMS + "[…], "
            + String.join(", ", PLAIN) + ", " + String.join(", ", ADDRESSES)
            + ", source.serviceAccount, destination.port";

    private final RuleChecks checks;

    ConditionRules(RuleChecks checks) {
        this.checks = checks;
    }

    void check(Message condition) {
        String key = condition.string("key");
        Place place = condition.place("key");
        if (key.isEmpty()) {
            checks.error(place, "the condition has no key", KNOWN);
            return;
        }
        if (condition.list("values").isEmpty() && condition.list("notValues").isEmpty()) {
            checks.error(condition.place(), "the condition has no values", "add values, or notValues");
        }
        if (PLAIN.contains(key)) {
            values(condition, value -> AuthorizationPolicyRules.text(value, checks));
        } else if (ADDRESSES.contains(key)) {
            values(condition, value -> AuthorizationPolicyRules.block(value, checks));
        } else if (key.equals("destination.port")) {
            values(condition, value -> AuthorizationPolicyRules.port(value, checks));
        } else if (key.equals("source.serviceAccount")) {
            Stream.of("values", "notValues")
                    .forEach(field -> AuthorizationPolicyRules.serviceAccounts(condition, field, checks));
        } else if (hasBrackets(key, HEADERS)) {
            inBrackets(key, HEADERS, 1, condition);
        } else if (hasBrackets(key, CLAIMS)) {
            inBrackets(key, CLAIMS, Integer.MAX_VALUE, condition);
        } else if (ENVOY.stream().anyMatch(key::startsWith)) {
            inBrackets(key, key.substring(0, Math.max(0, key.indexOf('['))), 1, condition);
        } else {
            unknown(key, place);
        }
    }

    private static boolean hasBrackets(String key, String name) {
        return key.startsWith(name) && (key.length() == name.length() || key.charAt(name.length()) == '[');
    }

    /** Whether the condition is for a header of which no policy knows anything. */
    static boolean isForUnseenHeader(String key) {
        String start = HEADERS + "[";
        return key.startsWith(start)
                && key.endsWith("]")
                && !JudgedHeader.isJudged(key.substring(start.length(), key.length() - 1));
    }

    private void values(Message condition, Consumer<Value> check) {
        condition.list("values").forEach(check);
        condition.list("notValues").forEach(check);
    }

    private void inBrackets(String key, String name, int mostLevels, Message condition) {
        String rest = key.substring(name.length());
        int levels = 0;
        int at = 0;
        while (at < rest.length() && rest.charAt(at) == '[') {
            int end = rest.indexOf(']', at);
            if (end < 0 || end == at + 1 || rest.substring(at + 1, end).indexOf('[') >= 0) {
                break;
            }
            at = end + 1;
            levels++;
        }
        if (at < rest.length() || levels == 0 || levels > mostLevels) {
            checks.error(
                    condition.place("key"),
                    MessageText.quote(key) + " lacks a name in brackets",
                    "write it as " + (name.isEmpty() ? key : name) + "[name]");
        }
        values(condition, value -> AuthorizationPolicyRules.text(value, checks));
    }

    private void unknown(String key, Place place) {
        String fix = switch (key) {
            case "destination.namespace" -> "a policy is for its own namespace: write metadata.namespace";
            case "destination.name", "destination.user" -> "write a selector, which tells whom the policy is for";
            default ->
                key.startsWith("destination.labels")
                        ? "write a selector with these labels"
                        : MessageText.didYouMean(
                                key,
                                Stream.of(PLAIN, ADDRESSES, List.of("source.serviceAccount", "destination.port"))
                                        .flatMap(List::stream)
                                        .toList(),
                                KNOWN);
        };
        checks.error(place, MessageText.quote(key) + " is not an attribute of a request", fix);
    }
}
