package io.inmesh.kubernetes.internal.rules;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.config.ConfigUpdate;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.kubernetes.internal.resource.CustomResource;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import io.inmesh.model.AuthorizationPolicy;
import io.inmesh.model.AuthorizationRule;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.Origin;
import io.inmesh.model.SkippedField;
import io.inmesh.model.WorkloadMatch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Every rule object that is known, as it was read. Where the newest version of an object is refused, its last good one
 * stays for as long as that very object is there: a new one of the same name begins without a past. Not thread-safe.
 */
final class RuleTable {
    private static final int MOST_PROBLEMS = 1_000;

    private final String sourceName;
    private final ConfigReader reader;
    private final Map<RuleResource, Map<ObjectKey, Held>> objects = new EnumMap<>(RuleResource.class);

    /**
     * Makes an empty table.
     *
     * @param sourceName for what concerns no single object
     */
    RuleTable(String sourceName, ConfigReader reader) {
        this.sourceName = sourceName;
        this.reader = reader;
    }

    /**
     * One object.
     *
     * @param uid of the object: another one under the same name is another object
     * @param resourceVersion of what was read last
     * @param good the last version that is not refused, null when there has been none
     * @param standIns what is in force where there has been none
     * @param problems of what was read last
     * @param confirmed whether it comes from the server itself
     */
    private record Held(
            String uid,
            String resourceVersion,
            @Nullable Good good,
            List<ConfigObject> standIns,
            List<ConfigProblem> problems,
            boolean confirmed) {
        Held confirm() {
            return confirmed ? this : new Held(uid, resourceVersion, good, standIns, problems, true);
        }

        List<ConfigObject> inForce() {
            return good == null ? standIns : good.rules;
        }

        boolean isCurrent() {
            return good != null
                    && good.resourceVersion().equals(resourceVersion)
                    && good.rules.stream().noneMatch(rule -> rule.meta().refusesCalls());
        }
    }

    /**
     * A version that is not refused; some fields of it may be skipped.
     *
     * @param rules nothing for a kind that the reader does not know
     */
    private record Good(CustomResource object, List<ConfigObject> rules) {
        String resourceVersion() {
            return object.metadata().resourceVersion();
        }
    }

    /** The objects of a kind are these and no others, in one namespace or (empty) in all. */
    void replaced(RuleResource kind, String namespace, Collection<CustomResource> all) {
        Set<ObjectKey> present = all.stream().map(CustomResource::key).collect(Collectors.toSet());
        of(kind).keySet()
                .removeIf(key -> (namespace.isEmpty() || key.namespace().equals(namespace)) && !present.contains(key));
        all.forEach(object -> applied(kind, object));
    }

    /** What was known before this process began holds until the server says something else. */
    void remember(List<SavedRules.SavedRule> rules) {
        rules.forEach(rule -> of(rule.kind()).put(rule.object().key(), read(rule.kind(), rule.object(), null, false)));
    }

    /** The last good version of everything that the server has told. */
    List<SavedRules.SavedRule> confirmed() {
        List<SavedRules.SavedRule> rules = new ArrayList<>();
        objects.forEach((kind, ofKind) -> {
            for (Held held : ofKind.values()) {
                if (held.confirmed && held.good != null) {
                    rules.add(new SavedRules.SavedRule(kind, held.good.object));
                }
            }
        });
        return rules;
    }

    /** An object is new or may have changed. */
    void applied(RuleResource kind, CustomResource object) {
        String uid = object.metadata().uid();
        String version = object.metadata().resourceVersion();
        Held before = of(kind).get(object.key());
        boolean same = before != null && before.uid.equals(uid);
        if (before != null && same && !version.isEmpty() && before.resourceVersion.equals(version)) {
            of(kind).put(object.key(), before.confirm());
            return;
        }
        Good lastGood = before != null && same ? before.good : null;
        of(kind).put(object.key(), read(kind, object, lastGood, true));
    }

    /** An object is gone, and its last good version with it. */
    void deleted(RuleResource kind, ObjectKey key) {
        of(kind).remove(key);
    }

    /** Whether there is anything that the server has not told this process. */
    boolean remembers() {
        return objects.values().stream()
                .flatMap(ofKind -> ofKind.values().stream())
                .anyMatch(held -> !held.confirmed);
    }

    /** Number of objects of a kind, refused ones included. */
    int size(RuleResource kind) {
        return of(kind).size();
    }

    /**
     * All rules, oldest first.
     *
     * @param more problems that concern no single object
     */
    ConfigUpdate update(List<ConfigProblem> more) {
        return update(more, List.of());
    }

    /**
     * The same with what stands in for policies of which nothing is known.
     *
     * @param unread namespaces of which policies are not known, empty for all
     */
    ConfigUpdate update(List<ConfigProblem> more, Collection<String> unread) {
        List<ConfigObject> rules = new ArrayList<>();
        unread.forEach(namespace -> rules.add(closed(namespace.isEmpty() ? ObjectMeta.ROOT_NAMESPACE : namespace, "")));
        List<ConfigProblem> problems = new ArrayList<>(more);
        Comparator<Map.Entry<ObjectKey, Held>> byName =
                Comparator.comparing(entry -> entry.getKey().toString());
        for (Map<ObjectKey, Held> ofKind : objects.values()) {
            ofKind.entrySet().stream().sorted(byName).forEach(entry -> {
                Held held = entry.getValue();
                rules.addAll(held.inForce());
                problems.addAll(held.problems);
            });
        }
        rules.sort(ConfigObject.OLDEST_FIRST);
        problems.sort(Comparator.comparing(ConfigProblem::severity));
        MeshConfig config = MeshConfig.of(rules);
        List<ConfigProblem> listed = bounded(problems);
        return listed.stream().anyMatch(ConfigProblem::isError)
                ? new ConfigUpdate.Partial(config, listed, isCurrent(more))
                : new ConfigUpdate.Valid(config, listed);
    }

    private boolean isCurrent(List<ConfigProblem> more) {
        return more.stream().noneMatch(ConfigProblem::isError)
                && objects.values().stream()
                        .flatMap(ofKind -> ofKind.values().stream())
                        .allMatch(Held::isCurrent);
    }

    private Map<ObjectKey, Held> of(RuleResource kind) {
        return objects.computeIfAbsent(kind, key -> new HashMap<>());
    }

    private Held read(RuleResource kind, CustomResource object, @Nullable Good lastGood, boolean confirmed) {
        String uid = object.metadata().uid();
        String version = object.metadata().resourceVersion();
        String name = kind.kind() + "/" + object.key() + (version.isEmpty() ? "" : "@" + version);
        ConfigReader.Result result = read(kind, name, object);
        if (!result.leavesOut()) {
            List<ConfigObject> rules = new ArrayList<>(result.objects());
            rules.addAll(result.standIns());
            return new Held(uid, version, new Good(object, rules), List.of(), result.problems(), confirmed);
        }
        String meanwhile = "until then " + meanwhile(kind, object, lastGood);
        return new Held(
                uid,
                version,
                lastGood,
                result.standIns(),
                result.problems().stream()
                        .map(problem -> problem.isError() ? withFix(problem, meanwhile) : problem)
                        .toList(),
                confirmed);
    }

    private static String meanwhile(RuleResource kind, CustomResource object, @Nullable Good lastGood) {
        if (lastGood != null) {
            return "its version " + lastGood.resourceVersion() + " stays in force";
        }
        return kind.isPolicy()
                ? "all requests that it may refuse are refused"
                : kind.kind() + " " + object.key() + " is left out";
    }

    /** Whatever the reader makes of an object, the objects beside it are not to suffer. */
    private ConfigReader.Result read(RuleResource kind, String name, CustomResource object) {
        try {
            return reader.readTree(name, object.tree());
        } catch (RuntimeException | StackOverflowError failure) {
            ConfigProblem problem = new ConfigProblem(
                    Severity.ERROR,
                    new Origin(name, 0, 0),
                    "",
                    "the object could not be read: " + failure,
                    "please report this with the object");
            List<ConfigObject> standIns = kind.isPolicy()
                    ? List.of(closed(object.key().namespace(), object.key().name()))
                    : List.of();
            return new ConfigReader.Result(List.of(), List.of(problem), true, standIns);
        }
    }

    /** Nothing is known of the policy, so that it may refuse every request of its namespace. */
    private static AuthorizationPolicy closed(String namespace, String name) {
        SkippedField all =
                new SkippedField("spec", Origin.NONE, true, "what of it is not known may refuse any request");
        ObjectMeta meta = ObjectMeta.of(namespace, name).withSkipped(List.of(all));
        AuthorizationRule every = new AuthorizationRule(List.of(), List.of(), List.of(), Origin.NONE);
        return new AuthorizationPolicy(meta, WorkloadMatch.ALL, AuthorizationPolicy.Action.DENY, List.of(every), false);
    }

    private static ConfigProblem withFix(ConfigProblem problem, String more) {
        String fix = problem.fix().isEmpty() ? more : problem.fix() + "; " + more;
        return problem.toBuilder().fix(fix).build();
    }

    private List<ConfigProblem> bounded(List<ConfigProblem> problems) {
        if (problems.size() <= MOST_PROBLEMS) {
            return problems;
        }
        List<ConfigProblem> listed = new ArrayList<>(problems.subList(0, MOST_PROBLEMS));
        listed.add(new ConfigProblem(
                problems.get(MOST_PROBLEMS).severity(),
                new Origin(sourceName, 0, 0),
                "",
                problems.size() - MOST_PROBLEMS + " more problems are not listed",
                "mend the ones above first"));
        return listed;
    }
}
