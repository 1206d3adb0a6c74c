package io.inmesh.config.source;

import io.inmesh.config.ConfigCheck;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigUpdate;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.MeshConfig;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Puts what was read from several texts of one source together. An object of the same kind, namespace and name replaces
 * an older one, as applying it to Kubernetes would: so a rule file that is dropped into a folder takes over from the one
 * that was there.
 */
final class RuleTexts {
    /** Characters of texts that are kept for people to look at. */
    private static final int MOST_WRITTEN_CHARS = 4 << 20;

    private static final String NEWER = "is in a newer file";
    private static final String LATER = "comes later";

    private final List<ConfigProblem> problems = new ArrayList<>();
    private final Map<Object, Held> objects = new LinkedHashMap<>();
    private final List<ConfigObject> standIns = new ArrayList<>();
    private final List<HeldRules.Text> texts = new ArrayList<>();
    private final Map<String, String> written = new LinkedHashMap<>();
    private int writtenChars;

    /** Whether something is missing for an error, rather than used in spite of it. */
    private boolean incomplete;

    /** @param age of the text: a larger one is newer; of two with the same age the one added later is */
    private record Held(ConfigObject object, long age) {}

    private record Identity(String kind, String qualifiedName) {}

    void add(ConfigReader.Result result, long age) {
        problems.addAll(result.problems());
        incomplete |= result.leavesOut();
        for (ConfigObject object : result.objects()) {
            add(object, age);
        }
        standIns.addAll(result.standIns());
    }

    /** The same, and keeps what {@link #texts} tells. */
    void add(String name, String text, ConfigReader.Result result, long age) {
        texts.add(HeldRules.Text.of(name, text, result.objects()));
        if (writtenChars + text.length() <= MOST_WRITTEN_CHARS) {
            written.put(name, text);
            writtenChars += text.length();
        }
        add(result, age);
    }

    /** Texts that were added with their names, in order. */
    List<HeldRules.Text> texts() {
        return texts;
    }

    /** The texts themselves by name, as far as they are not too large to be kept. */
    Map<String, String> written() {
        return written;
    }

    /** Whether something is left out because of an error. */
    boolean leavesOut() {
        return incomplete;
    }

    void add(ConfigProblem problem) {
        problems.add(problem);
        incomplete |= problem.isError();
    }

    /** Valid, or invalid when something is left out for an error, or partial when all is used with errors; errors first. */
    ConfigUpdate update() {
        List<ConfigProblem> sorted = new ArrayList<>(problems);
        sorted.sort(Comparator.comparing(ConfigProblem::severity));
        if (incomplete) {
            return new ConfigUpdate.Invalid(config(), sorted);
        }
        return problems.stream().anyMatch(ConfigProblem::isError)
                ? new ConfigUpdate.Partial(config(), sorted, !refusesCalls())
                : new ConfigUpdate.Valid(config(), sorted);
    }

    private boolean refusesCalls() {
        return objects.values().stream().anyMatch(held -> held.object.meta().refusesCalls());
    }

    private MeshConfig config() {
        return MeshConfig.of(Stream.concat(objects.values().stream().map(Held::object), standIns.stream())
                .toList());
    }

    /** A replaced object keeps its place in the order, as an updated one keeps its time of creation. */
    private void add(ConfigObject object, long age) {
        boolean named = !object.meta().name().isEmpty();
        Object key = named ? new Identity(object.kind(), object.meta().qualifiedName()) : new Object();
        Held held = objects.get(key);
        if (held == null) {
            objects.put(key, new Held(object, age));
        } else if (age >= held.age) {
            objects.put(key, new Held(object, age));
            replaced(held.object, object, age > held.age ? NEWER : LATER);
        } else {
            replaced(object, held.object, NEWER);
        }
    }

    private void replaced(ConfigObject older, ConfigObject newer, String why) {
        String name = older.kind() + " " + older.meta().qualifiedName();
        problems.add(new ConfigProblem(
                ConfigProblem.Severity.WARNING,
                older.meta().origin(),
                "metadata.name",
                name + " is written again at " + newer.meta().origin() + ", which " + why + " and replaces it",
                "remove one of the two",
                name,
                ConfigCheck.WRITTEN_TWICE));
    }
}
