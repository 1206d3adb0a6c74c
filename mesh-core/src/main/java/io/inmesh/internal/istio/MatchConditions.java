package io.inmesh.internal.istio;

import io.inmesh.internal.text.Message;
import io.inmesh.model.GatewayName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;

/**
 * What a match of a route asks for, and whether it takes all that another match takes. Names and what else chooses no
 * request is left out. Immutable.
 *
 * @param path of a request
 * @param texts what must hold, by name
 * @param absent what must not hold, by name
 * @param others what must be the same, by name
 */
record MatchConditions(
        TextCondition path,
        Map<String, TextCondition> texts,
        Map<String, TextCondition> absent,
        Map<String, String> others,
        Source source) {

    /**
     * Whose requests are matched.
     *
     * @param byGateways whether the match lists gateways: then labels and namespace are not looked at
     * @param gateways those that the match is for
     */
    record Source(boolean byGateways, Set<String> gateways, Map<String, String> labels, String namespace) {
        boolean covers(Source other) {
            if (byGateways) {
                return gateways.containsAll(other.gateways);
            }
            if (labels.isEmpty() && namespace.isEmpty()) {
                return true;
            }
            return !other.byGateways
                    && other.labels.entrySet().containsAll(labels.entrySet())
                    && (namespace.isEmpty() || namespace.equals(other.namespace));
        }
    }

    /**
     * The conditions of a match.
     *
     * @param namespace of the rule
     * @param ruleGateways of the rule
     */
    static MatchConditions of(Message match, String namespace, Set<String> ruleGateways) {
        TextCondition path = TextCondition.ANY;
        Map<String, TextCondition> texts = new TreeMap<>();
        Map<String, TextCondition> absent = new TreeMap<>();
        Map<String, String> others = new TreeMap<>();
        Set<String> gateways = ruleGateways;
        for (String field : match.given()) {
            switch (field) {
                case "uri" -> path = TextCondition.ofPath(match.message("uri"), match.bool("ignoreUriCase"));
                case "scheme", "method", "authority" -> texts.put(field, TextCondition.of(match.message(field)));
                case "headers" -> conditions(match, field, "header ", texts);
                case "queryParams" -> conditions(match, field, "query parameter ", texts);
                case "withoutHeaders" -> conditions(match, field, "header ", absent);
                case "gateways" -> {
                    if (!match.strings(field).isEmpty()) {
                        gateways = gateways(match.strings(field), namespace);
                    }
                }
                case "port" -> {
                    if (match.number(field) != 0) {
                        others.put(field, String.valueOf(match.number(field)));
                    }
                }
                case "sniHosts", "destinationSubnets" -> {
                    if (!match.strings(field).isEmpty()) {
                        others.put(field, new TreeSet<>(match.strings(field)).toString());
                    }
                }
                case "sourceSubnet" -> others.put(field, match.string(field));
                default -> {}
            }
        }
        return new MatchConditions(
                path,
                texts,
                absent,
                others,
                new Source(
                        !match.strings("gateways").isEmpty(),
                        gateways,
                        match.stringMap("sourceLabels"),
                        match.string("sourceNamespace")));
    }

    static Set<String> gateways(List<String> written, String namespace) {
        return written.stream()
                .map(name -> GatewayName.of(name, namespace).toString())
                .collect(Collectors.toSet());
    }

    private static void conditions(Message match, String field, String what, Map<String, TextCondition> conditions) {
        match.map(field).forEach((name, value) -> {
            boolean claim = HeaderRules.isClaim(name);
            conditions.put(
                    what + (claim ? name : name.toLowerCase(Locale.ROOT)), TextCondition.of((Message) value.content()));
        });
    }

    /** Whether each request for which the other conditions hold is one for which these do; false where that is hard to tell. */
    boolean covers(MatchConditions other, RegexTrials regexes) {
        return path.covers(other.path, regexes)
                && all(texts, other.texts, (mine, others) -> mine.covers(others, regexes))
                && all(absent, other.absent, (mine, others) -> others.covers(mine, regexes))
                && other.others.entrySet().containsAll(others.entrySet())
                && source.covers(other.source);
    }

    private static boolean all(
            Map<String, TextCondition> mine,
            Map<String, TextCondition> others,
            BiPredicate<TextCondition, TextCondition> covers) {
        for (Map.Entry<String, TextCondition> condition : mine.entrySet()) {
            TextCondition other = others.get(condition.getKey());
            boolean claim = condition.getKey().indexOf('@') >= 0;
            if (other == null
                    || !(claim ? condition.getValue().equals(other) : covers.test(condition.getValue(), other))) {
                return false;
            }
        }
        return true;
    }

    /** What is asked for, to stand after "by": {@code prefix "/a" and header x}. */
    String words() {
        List<String> words = new ArrayList<>();
        if (path.kind() != TextCondition.Kind.ANY) {
            words.add(path.words());
        }
        words.addAll(texts.keySet());
        absent.keySet().forEach(name -> words.add("no " + name));
        words.addAll(others.keySet());
        if (source.byGateways()) {
            words.add("gateways");
        } else if (!source.labels().isEmpty() || !source.namespace().isEmpty()) {
            words.add("caller");
        }
        return String.join(" and ", words);
    }
}
