package io.inmesh.internal.istio;

import io.inmesh.internal.text.Message;
import io.inmesh.internal.text.MessageText;
import io.inmesh.model.ObjectMeta;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What Istio requires of a DestinationRule (pkg/config/validation: ValidateDestinationRule). */
final class DestinationRuleRules {
    private static final List<String> POLICY_BLOCKS = List.of(
            "loadBalancer", "connectionPool", "outlierDetection", "tls", "tunnel", "proxyProtocol", "retryBudget");
    private static final List<String> PORT_BLOCKS =
            List.of("loadBalancer", "connectionPool", "outlierDetection", "tls");

    private final RuleChecks checks;
    private final TrafficPolicyRules policies;

    DestinationRuleRules(RuleChecks checks) {
        this.checks = checks;
        policies = new TrafficPolicyRules(checks);
    }

    void check(ObjectMeta meta, Message spec) {
        checks.wildcardHost(spec.string("host"), spec.place("host"));
        trafficPolicy(spec.message("trafficPolicy"));
        DestinationChecks destinations = new DestinationChecks(checks);
        Set<String> names = new HashSet<>();
        for (Message subset : spec.messages("subsets")) {
            String name = subset.string("name");
            if (!names.add(name)) {
                checks.error(
                        subset.place("name"),
                        "the subset " + MessageText.quote(name) + " is there twice",
                        "rename one");
            }
            destinations.subsetName(name, subset.place("name"));
            checks.labels(subset.map("labels"));
            trafficPolicy(subset.message("trafficPolicy"));
        }
        Message selector = spec.message("workloadSelector");
        checks.exportTo(spec, meta.namespace(), false, selector != null);
        if (selector != null) {
            checks.selector(selector, "matchLabels");
        }
    }

    private void trafficPolicy(@Nullable Message policy) {
        if (policy == null) {
            return;
        }
        List<Message> ports = policy.messages("portLevelSettings");
        if (POLICY_BLOCKS.stream().noneMatch(policy::has) && ports.isEmpty()) {
            checks.error(policy.place(), "the traffic policy is empty", "add loadBalancer, or remove trafficPolicy");
            return;
        }
        if (policy.has("tunnel") && policy.has("proxyProtocol")) {
            checks.error(policy.place(), "tunnel and proxyProtocol exclude each other", "keep one of them");
        }
        policies.blocks(policy);
        policies.tunnel(policy.message("tunnel"));
        policies.retryBudget(policy.message("retryBudget"));
        policies.retryLimits(policy);
        for (Message port : ports) {
            portPolicy(port);
        }
    }

    private void portPolicy(Message policy) {
        Message port = policy.message("port");
        if (port == null) {
            checks.error(policy.place(), "the port policy names no port", "add port: {number: …}");
        } else if (port.number("number") < 1 || port.number("number") > 65_535) {
            checks.warning(
                    port.place("number"), "no service has the port " + port.number("number"), "correct the number");
        }
        if (PORT_BLOCKS.stream().noneMatch(policy::has)) {
            checks.error(policy.place(), "the port policy is empty", "add loadBalancer, or remove it");
        } else {
            policies.blocks(policy);
        }
    }
}
