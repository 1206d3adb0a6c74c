package io.inmesh.internal.istio;

import io.inmesh.internal.text.Message;
import io.inmesh.internal.text.Message.Value;
import io.inmesh.internal.text.MessageText;
import io.inmesh.internal.text.Place;
import io.inmesh.model.AddressBlock;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What Istio requires of an AuthorizationPolicy (pkg/config/validation: ValidateAuthorizationPolicy). */
final class AuthorizationPolicyRules {
    private static final List<String> IDENTITIES =
            List.of("principals", "notPrincipals", "namespaces", "notNamespaces");
    private static final List<String> ACCOUNTS = List.of("serviceAccounts", "notServiceAccounts");
    private static final List<String> BLOCKS =
            List.of("ipBlocks", "notIpBlocks", "remoteIpBlocks", "notRemoteIpBlocks");

    /** Lists of texts in which a star at the beginning or the end stands for anything. */
    private static final List<String> TEXTS = List.of(
            "principals",
            "notPrincipals",
            "requestPrincipals",
            "notRequestPrincipals",
            "namespaces",
            "notNamespaces",
            "trustDomains",
            "notTrustDomains",
            "hosts",
            "notHosts",
            "methods",
            "notMethods",
            "paths",
            "notPaths");

    private final RuleChecks checks;
    private final ConditionRules conditions;

    AuthorizationPolicyRules(RuleChecks checks) {
        this.checks = checks;
        conditions = new ConditionRules(checks);
    }

    static String action(Message spec) {
        String action = spec.string("action");
        return action.isEmpty() ? "ALLOW" : action;
    }

    void check(Message spec) {
        PolicyTargets.check(spec, checks);
        String action = action(spec);
        List<Message> rules = spec.messages("rules");
        if (rules.isEmpty() && Set.of("DENY", "CUSTOM").contains(action)) {
            checks.error(
                    spec.place("rules"),
                    "a policy with action " + action + " and without rules does nothing",
                    "add rules; rules: [{}] is for every request");
        }
        provider(spec, action);
        for (Message rule : rules) {
            rule(rule);
            if (action.equals("CUSTOM")) {
                custom(rule);
            }
        }
    }

    private void provider(Message spec, String action) {
        Message provider = spec.message("provider");
        boolean custom = action.equals("CUSTOM");
        if (custom && (provider == null || provider.string("name").isEmpty())) {
            Place place = provider == null ? spec.place("provider") : provider.place("name");
            checks.error(place, "action CUSTOM needs a provider", "add provider: {name: …}");
        } else if (!custom && provider != null && !checks.isLost(spec.place("action"))) {
            checks.error(
                    provider.place(), "action " + action + " has no provider", "remove it, or write action: CUSTOM");
        }
    }

    private void rule(Message rule) {
        if (rule.isNull()) {
            checks.error(
                    rule.place(),
                    "there is nothing in this rule",
                    "write {} for a rule that every request matches, or remove the dash");
        }
        for (Message from : rule.messages("from")) {
            Message source = from.message("source");
            if (source == null) {
                checks.error(from.place(), "there is no source here", "add source, or remove from for any");
            } else {
                source(source);
            }
        }
        for (Message to : rule.messages("to")) {
            Message operation = to.message("operation");
            if (operation == null) {
                checks.error(to.place(), "there is no operation here", "add operation, or remove to for any");
            } else {
                operation(operation);
            }
        }
        rule.messages("when").forEach(conditions::check);
    }

    private void source(Message source) {
        notEmpty(source, "source", "principals or ipBlocks");
        boolean accounts =
                ACCOUNTS.stream().anyMatch(field -> !source.list(field).isEmpty());
        IDENTITIES.stream()
                .filter(field -> accounts && !source.list(field).isEmpty())
                .findFirst()
                .ifPresent(field -> checks.error(
                        source.place(field),
                        "serviceAccounts cannot stand beside " + field,
                        "write two items of from, or keep one of them"));
        BLOCKS.forEach(field -> source.list(field).forEach(this::block));
        ACCOUNTS.forEach(field -> serviceAccounts(source, field, checks));
        texts(source);
    }

    private void operation(Message operation) {
        notEmpty(operation, "operation", "methods or paths");
        Stream.of("ports", "notPorts").forEach(field -> operation.list(field).forEach(port -> port(port, checks)));
        texts(operation);
        Stream.of("paths", "notPaths").forEach(field -> operation.list(field).forEach(this::path));
    }

    private void notEmpty(Message message, String what, String example) {
        boolean empty =
                message.given().stream().allMatch(field -> message.list(field).isEmpty());
        if (empty) {
            checks.error(
                    message.place(), "the " + what + " is empty", "add fields such as " + example + ", or remove it");
        }
    }

    private void block(Value block) {
        block(block, checks);
    }

    static void block(Value block, RuleChecks checks) {
        if (!AddressBlock.isAddressOrBlock(block.string())) {
            checks.error(
                    block.place(),
                    MessageText.quote(block.string()) + " is neither an IP address nor a CIDR block",
                    "write it as 10.0.0.1 or 10.0.0.0/8");
        }
    }

    /** Text of digits, as Istio has it. */
    static void port(Value port, RuleChecks checks) {
        String text = port.string();
        boolean digits = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
        String number = digits ? text.replaceFirst("^0+(?=.)", "") : "";
        if (!digits || number.length() > 5 || Integer.parseInt(number) > 65_535) {
            checks.error(
                    port.place(),
                    MessageText.quote(text) + " is not a port",
                    "write a number from 1 to 65535, in quotes");
        }
    }

    /** {@code account} or {@code namespace/account}, without wildcard. */
    static void serviceAccounts(Message message, String field, RuleChecks checks) {
        List<Value> accounts = message.list(field);
        if (accounts.size() > 16) {
            checks.error(message.place(field), "there are more than 16 service accounts", "write a second rule");
        }
        for (Value account : accounts) {
            String text = account.string();
            int slash = text.indexOf('/');
            boolean wellFormed = slash != 0
                    && slash != text.length() - 1
                    && text.indexOf('/', slash + 1) < 0
                    && text.length() <= 320;
            if (!wellFormed || text.isEmpty() || text.indexOf('*') >= 0) {
                checks.error(
                        account.place(),
                        MessageText.quote(text) + " is not a service account",
                        "write account or namespace/account, without a star");
            }
        }
    }

    private void texts(Message message) {
        TEXTS.forEach(field -> message.list(field).forEach(text -> text(text, checks)));
    }

    /** A text of a list; a star within it is no wildcard, and whoever writes one is likely to think so. */
    static void text(Value value, RuleChecks checks) {
        String text = value.string();
        if (text.isEmpty()) {
            checks.error(value.place(), "an empty text matches nothing", "write a text, or remove it");
            return;
        }
        String inner = text.substring(1, Math.max(1, text.length() - 1));
        boolean bothEnds = text.length() > 1 && text.startsWith("*") && text.endsWith("*");
        if ((inner.indexOf('*') >= 0 || bothEnds) && !PathTemplateSyntax.isTemplate(text)) {
            checks.warning(
                    value.place(),
                    "of " + MessageText.quote(text) + " only a star at the beginning or at the end, not both, stands"
                            + " for anything",
                    "write a prefix*, a *suffix, or for paths a template such as /a/{*}/b");
        }
    }

    private void path(Value path) {
        String problem = PathTemplateSyntax.problem(path.string());
        if (problem != null) {
            checks.error(
                    path.place(),
                    problem,
                    "in a template {*} stands for one part and {**}, last, for any number, as in /a/{*}/b/{**}");
        }
    }

    /** Istio asks a provider before anybody is known. */
    private void custom(Message rule) {
        for (Message from : rule.messages("from")) {
            Message source = from.message("source");
            if (source != null) {
                Stream.of(IDENTITIES, ACCOUNTS, List.of("requestPrincipals", "notRequestPrincipals"))
                        .flatMap(List::stream)
                        .filter(field -> !source.list(field).isEmpty())
                        .forEach(field -> customHasNo(field, source.place(field)));
            }
        }
        for (Message when : rule.messages("when")) {
            String key = when.string("key");
            if (Set.of("source.namespace", "source.serviceAccount", "source.principal")
                            .contains(key)
                    || key.startsWith("request.auth.")) {
                customHasNo(key, when.place("key"));
            }
        }
    }

    private void customHasNo(String name, Place place) {
        checks.error(place, "a policy with action CUSTOM cannot look at " + name, "remove it");
    }
}
