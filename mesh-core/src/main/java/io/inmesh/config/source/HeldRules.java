package io.inmesh.config.source;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.Origin;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Which rules each text of a source held when all of them were last good. A program that writes a file in place empties it
 * first, so what a text has lost says whether it may still be being written. Not thread-safe.
 */
final class HeldRules {
    private static final int MOST_NAMED = 3;

    private Map<String, Text> texts = Map.of();

    /**
     * What is known of a text.
     *
     * @param blank whether there is nothing in it, not even a comment
     * @param whole whether it ends where a line ends
     * @param rules kind, namespace and name of each
     */
    record Text(String name, int length, boolean blank, boolean whole, Set<String> rules) {
        Text {
            rules = Set.copyOf(rules);
        }

        static Text of(String name, String text, Collection<ConfigObject> objects) {
            return new Text(
                    name,
                    text.length(),
                    text.isBlank(),
                    text.endsWith("\n"),
                    objects.stream()
                            .map(object -> object.kind() + " " + object.meta().qualifiedName())
                            .collect(Collectors.toSet()));
        }

        private boolean isLessThan(Text before, boolean losesRules) {
            boolean fewer = losesRules && rules.size() < before.rules.size();
            return fewer || length < before.length || (before.whole && !whole);
        }
    }

    /** These texts are good, and what they do not hold is gone. */
    void take(Collection<Text> good) {
        Map<String, Text> taken = new HashMap<>();
        good.forEach(text -> taken.put(text.name(), text));
        texts = taken;
    }

    /**
     * Texts in which there is nothing any more and whose rules no other text has.
     *
     * @param way how to remove the rules of a text on purpose, by its name
     */
    List<ConfigProblem> emptied(Collection<Text> now, Function<String, String> way) {
        Set<String> present = rules(now);
        List<ConfigProblem> problems = new ArrayList<>();
        for (Text text : now) {
            Text before = texts.get(text.name());
            if (before != null && text.blank() && !present.containsAll(before.rules())) {
                problems.add(new ConfigProblem(
                        Severity.ERROR,
                        new Origin(text.name(), 0, 0),
                        "",
                        "this is empty now; it held " + words(missing(before, present)),
                        "write the rules back, or " + way.apply(text.name()) + " to remove them"));
            }
        }
        return problems;
    }

    /**
     * Whether a writer may be at work on one of the texts: written in place, it has fewer rules, is shorter or does not end
     * with a line any more; or it is gone together with everything beside it.
     *
     * @param writtenInPlace whether a text, by its name, is in the same file as before and has changed
     * @param folder where a text is, by its name
     */
    boolean mayBeUnfinished(Collection<Text> now, Predicate<String> writtenInPlace, Function<String, String> folder) {
        Set<String> present = rules(now);
        Map<String, Text> byName = now.stream().collect(Collectors.toMap(Text::name, text -> text, (a, b) -> b));
        Set<String> folders =
                now.stream().map(text -> folder.apply(text.name())).collect(Collectors.toSet());
        for (Text before : texts.values()) {
            Text text = byName.get(before.name());
            boolean loses = !present.containsAll(before.rules());
            boolean unfinished = text == null
                    ? loses && !folders.contains(folder.apply(before.name()))
                    : writtenInPlace.test(before.name()) && text.isLessThan(before, loses);
            if (unfinished) {
                return true;
            }
        }
        return false;
    }

    private static Set<String> rules(Collection<Text> texts) {
        Set<String> rules = new HashSet<>();
        texts.forEach(text -> rules.addAll(text.rules()));
        return rules;
    }

    private static Set<String> missing(Text before, Set<String> present) {
        Set<String> missing = new TreeSet<>(before.rules());
        missing.removeAll(present);
        return missing;
    }

    private static String words(Set<String> rules) {
        String named = rules.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
        return rules.size() > MOST_NAMED ? named + " and " + (rules.size() - MOST_NAMED) + " more" : named;
    }
}
