package io.inmesh.internal.istio;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.inmesh.config.ConfigCheck;
import io.inmesh.internal.text.LostValues;
import io.inmesh.internal.text.Message;
import io.inmesh.internal.text.Message.Value;
import io.inmesh.internal.text.MessageText;
import io.inmesh.internal.text.Place;
import io.inmesh.internal.text.ProblemList;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks that several kinds of rules share (Istio: pkg/config/validation). */
final class RuleChecks {
    private static final int LONGEST_REGEX = 1024;

    /** Instructions of all expressions of an object; one is some fifty bytes. */
    private static final long LARGEST_REGEX_SUM = 2_000_000;

    private final ProblemList problems;
    private final LostValues lost;
    private final HeaderRules headers;
    private long regexSizes;

    RuleChecks(ProblemList problems, LostValues lost) {
        this.problems = problems;
        this.lost = lost;
        headers = new HeaderRules(this);
    }

    HeaderRules headers() {
        return headers;
    }

    /** Whether a value was written here that could not be read. */
    boolean isLost(Place place) {
        return lost.explain(place);
    }

    void error(Place place, String message, String fix) {
        if (!lost.explain(place)) {
            problems.error(place, message, fix);
        }
    }

    void warning(Place place, String message, String fix) {
        if (!lost.explain(place)) {
            problems.warning(place, message, fix);
        }
    }

    /** A warning about something that has a name of its own. */
    void warning(ConfigCheck check, Place place, String message, String fix) {
        if (!lost.explain(place)) {
            problems.warning(check, place, message, fix);
        }
    }

    /** At least a millisecond and whole milliseconds; absent is fine. */
    void duration(Message message, String field) {
        Duration duration = message.duration(field);
        if (duration == null) {
            return;
        }
        if (duration.compareTo(Duration.ofMillis(1)) < 0) {
            error(
                    message.place(field),
                    field + " must be at least 1ms",
                    "write a longer one such as 5s, or remove it to have Istio's default");
        } else if (duration.toNanosPart() % 1_000_000 != 0) {
            error(message.place(field), field + " must be a whole number of milliseconds", "round it");
        }
    }

    /** 1 to 65535. */
    void port(long number, Place place) {
        if (number < 1 || number > 65_535) {
            error(place, "port " + number + " does not exist", "write a number from 1 to 65535");
        }
    }

    /** 1 to 65535, or 0 for none. */
    void portOrNone(Message message, String field) {
        if (message.number(field) != 0) {
            port(message.number(field), message.place(field));
        }
    }

    /** Istio's own check lets 600 pass, which no server can send. */
    void status(long status, Place place) {
        if (status < 200 || status > 600) {
            error(place, status + " is not a status that can be answered", "write one from 200 to 599");
        } else if (status == 600) {
            warning(place, "600 is not an HTTP status", "write one from 200 to 599");
        }
    }

    void host(String host, Place place) {
        report(NameRules.hostProblem(host), place);
    }

    void wildcardHost(String host, Place place) {
        report(NameRules.wildcardHostProblem(host), place);
    }

    /** Keys and values of labels. */
    void labels(Map<String, Value> labels) {
        labels.forEach((key, value) -> {
            if (!NameRules.isLabelKey(key)) {
                error(
                        value.place(),
                        MessageText.quote(key) + " is not a label key",
                        "use letters, digits, \"-\", \"_\" and \".\", after an optional DNS name and slash");
            }
            if (!NameRules.isLabelValue(value.string())) {
                error(
                        value.place(),
                        MessageText.quote(value.string()) + " is not a label value",
                        "use letters, digits, \"-\", \"_\" and \".\", beginning and ending in a letter or digit");
            }
        });
    }

    /** Labels that choose workloads; stars are not understood there. */
    void selector(Message selector, String field) {
        Map<String, Value> labels = selector.map(field);
        labels.forEach((key, value) -> {
            if (key.isEmpty()) {
                error(value.place(), "a label key must not be empty", "write the label's key");
            }
            if (key.indexOf('*') >= 0 || value.string().indexOf('*') >= 0) {
                error(value.place(), "a workload selector has no wildcards", "write the whole label");
            }
        });
        if (labels.isEmpty()) {
            warning(selector.place(), "the workload selector has no labels and so selects everything", "add labels");
        }
    }

    void regex(String regex, Place place) {
        if (regex.getBytes(StandardCharsets.UTF_8).length > LONGEST_REGEX) {
            error(place, "the expression is longer than " + LONGEST_REGEX + " bytes", "shorten it");
            return;
        }
        long size = RegexSize.of(regex);
        if (size < 0) {
            error(place, "the expression repeats too much: its counts multiply", "lower the numbers in braces");
            return;
        }
        regexSizes += size;
        if (regexSizes > LARGEST_REGEX_SUM) {
            error(place, "the expressions of this object are too large together", "repeat less, or match by prefix");
            return;
        }
        try {
            Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            error(
                    place,
                    MessageText.quote(regex) + " is not an RE2 expression: " + e.getDescription(),
                    "Istio uses RE2 syntax, without lookaround and back references");
        }
    }

    /** Names of gateways: {@code namespace/name}, a short name, or the reserved word mesh. */
    void gateways(List<Value> gateways) {
        for (Value gateway : gateways) {
            String name = gateway.string();
            int slash = name.indexOf('/');
            if (slash < 0) {
                oldGatewayName(name, gateway.place());
                return;
            }
            String fix = "write namespace/name, a name in the rule's own namespace, or mesh";
            String namespace = name.substring(0, slash);
            if (!NameRules.isDnsLabel(namespace)) {
                error(gateway.place(), MessageText.quote(namespace) + " is not a namespace", fix);
            }
            String shortName = name.substring(slash + 1);
            if (!NameRules.isDnsLabel(shortName)) {
                error(gateway.place(), MessageText.quote(shortName) + " is not the name of a gateway", fix);
            }
        }
    }

    /** Who sees the object: namespaces, {@code .} for the own one, {@code *} for all. */
    void exportTo(Message spec, String namespace, boolean serviceEntry, boolean selector) {
        List<Value> exportTo = spec.list("exportTo");
        Set<String> targets = new HashSet<>();
        for (Value entry : exportTo) {
            String target = entry.string().equals(".") ? namespace : entry.string();
            boolean known = target.equals("*") || (serviceEntry && target.equals("~")) || NameRules.isDnsLabel(target);
            if (target.equals("~") && !serviceEntry) {
                error(entry.place(), "a rule cannot be exported to nobody (~)", "write \".\" or remove the rule");
            } else if (!known) {
                error(
                        entry.place(),
                        MessageText.quote(target) + " is not a namespace",
                        "write a namespace, \".\" or \"*\"");
            } else if (!targets.add(target)) {
                error(
                        entry.place(),
                        "the namespace " + MessageText.quote(target) + " is listed twice",
                        "remove one entry");
            }
        }
        if (exportTo.size() > 1 && (targets.contains("*") || targets.contains("~"))) {
            error(
                    spec.place("exportTo"),
                    "\"*\" (everybody) and \"~\" (nobody) leave no room for other entries",
                    "keep one entry");
        }
        if (selector && !targets.isEmpty() && !targets.equals(Set.of(namespace))) {
            error(
                    spec.place("exportTo"),
                    "a rule with a workload selector concerns its own namespace only",
                    "remove exportTo or write [\".\"]");
        }
    }

    void report(@Nullable String problem, Place place) {
        if (problem != null) {
            error(place, problem, "write a name such as reviews, reviews.default.svc.cluster.local or *.example.com");
        }
    }

    /** Istio looks at nothing behind the first name without slash. */
    private void oldGatewayName(String name, Place place) {
        int dot = name.indexOf('.');
        if (dot >= 0) {
            String[] parts = name.split("\\.", -1);
            warning(
                    place,
                    "a gateway named with dots is an old form",
                    "write " + MessageText.quote(parts[1] + "/" + parts[0]));
        }
        host(name, place);
    }
}
