package io.inmesh.spring.boot;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.model.Origin;
import io.inmesh.spring.boot.PropertyName.Element;
import io.inmesh.spring.boot.PropertySchema.Fields;
import io.inmesh.spring.boot.PropertySchema.Items;
import io.inmesh.spring.boot.PropertySchema.Keys;
import io.inmesh.spring.boot.PropertySchema.Scalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Compares what is written under {@code mesh.} with the schema, name by name. Binding alone will not do: it drops
 * names that it does not know, keys with dots, and every character of a key that it does not like, and a condition that
 * is dropped makes a rule match everything.
 */
final class PropertyCheck {
    private static final String PREFIX = "mesh";

    private final ConfigurableEnvironment environment;
    private final Fields schema;
    private final List<ConfigProblem> problems = new ArrayList<>();
    private final PropertyPlaces places = new PropertyPlaces();
    /** Keys of maps that hold objects, by path of the map. */
    private final Map<String, Set<String>> keys = new LinkedHashMap<>();
    /** Lists, by path in uniform writing. */
    private final Set<String> lists = new TreeSet<>();

    private PropertyCheck(ConfigurableEnvironment environment, Fields schema) {
        this.environment = environment;
        this.schema = schema;
    }

    /**
     * Checks.
     *
     * @param problems errors only
     */
    record Result(List<ConfigProblem> problems, PropertyPlaces places) {}

    /** Looks at every property source. */
    static Result run(ConfigurableEnvironment environment, Class<? extends Record> properties) {
        PropertyCheck check = new PropertyCheck(environment, PropertySchema.of(properties));
        List<SystemEnvironmentPropertySource> variables = new ArrayList<>();
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            Object underlying = source.getUnderlyingSource();
            if (underlying instanceof SystemEnvironmentPropertySource system) {
                variables.add(system);
            } else if (underlying instanceof EnumerablePropertySource<?> enumerable) {
                check.source(enumerable);
            }
        }
        check.sameKeys();
        for (SystemEnvironmentPropertySource source : variables) {
            EnvironmentNames names = new EnvironmentNames(check.schema, check.keys, check.lists);
            check.problems.addAll(names.check(source));
        }
        return new Result(List.copyOf(check.problems), check.places);
    }

    private void source(EnumerablePropertySource<?> source) {
        Map<String, TreeSet<Integer>> indexes = new LinkedHashMap<>();
        for (String written : source.getPropertyNames()) {
            PropertyName name = PropertyName.parse(written);
            if (name.elements().isEmpty()
                    || !PropertySchema.uniform(name.elements().get(0).text()).equals(PREFIX)) {
                continue;
            }
            Origin place = PropertyPlaces.find(source, written);
            new Walk(name, source.getProperty(written), place, indexes).at(1, schema, PREFIX);
        }
        indexes.forEach(this::noGaps);
    }

    /** An element without anything in it leaves no property behind, and binding stops at the gap. */
    private void noGaps(String list, TreeSet<Integer> indexes) {
        for (int i = 0; i < indexes.last(); i++) {
            if (!indexes.contains(i)) {
                String path = list + "[" + i + "]";
                problems.add(new ConfigProblem(
                        Severity.ERROR,
                        places.of(list),
                        path,
                        "the element is empty, and Spring Boot drops empty elements",
                        "write something into it, such as a name, or remove it"));
            }
        }
    }

    private void sameKeys() {
        keys.forEach((map, names) -> {
            Map<String, String> byUniform = new LinkedHashMap<>();
            for (String name : names) {
                String other = byUniform.putIfAbsent(PropertySchema.uniform(name), name);
                if (other != null) {
                    String path = PropertyName.entry(map, name);
                    problems.add(new ConfigProblem(
                            Severity.ERROR,
                            places.of(path),
                            path,
                            "'" + other + "' and '" + name + "' are the same name to Spring Boot in some places and two"
                                    + " names in others",
                            "write the name in one way everywhere"));
                }
            }
        });
    }

    /** The way of one property through the schema. */
    private final class Walk {
        private final PropertyName name;
        private final @Nullable Object value;
        private final Origin place;
        private final Map<String, TreeSet<Integer>> indexes;

        Walk(PropertyName name, @Nullable Object value, Origin place, Map<String, TreeSet<Integer>> indexes) {
            this.name = name;
            this.value = value;
            this.place = place;
            this.indexes = indexes;
        }

        void at(int index, PropertySchema node, String path) {
            places.add(path, place);
            boolean end = index == name.elements().size();
            if (node instanceof Fields fields) {
                if (end) {
                    noValue(
                            path,
                            "has parts of its own: "
                                    + String.join(", ", fields.fields().keySet()));
                } else {
                    field(index, fields, path);
                }
            } else if (node instanceof Items items) {
                lists.add(PropertySchema.uniform(path));
                if (end && items.element() instanceof Scalar scalar) {
                    value(path, scalar, true);
                } else if (end) {
                    noValue(path, "is a list; write its elements below it with '- '");
                } else {
                    item(index, items, path);
                }
            } else if (node instanceof Keys map) {
                if (end) {
                    noValue(path, "is a map of names to values");
                } else if (map.value() instanceof Scalar scalar) {
                    scalarEntry(index, scalar, path);
                } else {
                    entry(index, map, path);
                }
            } else if (node instanceof Scalar scalar) {
                if (end) {
                    value(path, scalar, false);
                } else {
                    error(path, "takes a single value, not a list or a map", "write one value behind the colon");
                }
            }
        }

        private void field(int index, Fields fields, String path) {
            String written = name.elements().get(index).text();
            String known = fields.find(written);
            if (known == null) {
                String unknown = PropertyName.entry(path, written);
                error(
                        unknown,
                        "unknown property",
                        MessageText.suggest(written, fields.fields().keySet()));
            } else {
                at(index + 1, fields.field(known), path + "." + known);
            }
        }

        private void item(int index, Items items, String path) {
            Element element = name.elements().get(index);
            if (element.isIndex()) {
                indexes.computeIfAbsent(path, list -> new TreeSet<>()).add(Integer.valueOf(element.text()));
                at(index + 1, items.element(), path + "[" + element.text() + "]");
            } else {
                error(
                        path,
                        "is a list, but '" + element.text() + "' is written below it as if it were a map",
                        "begin each element with '- '");
            }
        }

        private void entry(int index, Keys map, String path) {
            Element element = name.elements().get(index);
            String dotted = dottedKey(index, map.value());
            if (dotted != null) {
                error(
                        path,
                        "the name '" + dotted + "' has dots, and Spring Boot takes them for levels",
                        "write it as \"[" + dotted + "]\", with the quotes");
            } else if (keySurvives(element, path)) {
                if (map.value() instanceof Fields) {
                    keys.computeIfAbsent(path, p -> new TreeSet<>()).add(element.text());
                }
                at(index + 1, map.value(), PropertyName.entry(path, element.text()));
            }
        }

        private void scalarEntry(int index, Scalar scalar, String path) {
            List<Element> rest = name.elements().subList(index, name.elements().size());
            if (rest.size() > 1 && rest.get(rest.size() - 1).isIndex()) {
                String key = rest.subList(0, rest.size() - 1).stream()
                        .map(Element::text)
                        .collect(Collectors.joining("."));
                error(PropertyName.entry(path, key), "takes a single value, not a list", "write one value");
                return;
            }
            for (Element element : rest) {
                if (!keySurvives(element, path)) {
                    return;
                }
            }
            String key = rest.stream().map(Element::text).collect(Collectors.joining("."));
            String entry = PropertyName.entry(path, key);
            places.add(entry, place);
            value(entry, scalar, false);
        }

        /** The key that was meant when what follows makes sense only some levels further down; null when it does now. */
        private @Nullable String dottedKey(int index, PropertySchema below) {
            List<Element> elements = name.elements();
            if (!(below instanceof Fields fields)
                    || index + 1 >= elements.size()
                    || fields.find(elements.get(index + 1).text()) != null) {
                return null;
            }
            StringBuilder key = new StringBuilder(elements.get(index).text());
            for (int i = index + 1; i < elements.size() && !elements.get(i).bracketed(); i++) {
                if (fields.find(elements.get(i).text()) != null) {
                    return key.toString();
                }
                key.append('.').append(elements.get(i).text());
            }
            return null;
        }

        private boolean keySurvives(Element element, String path) {
            String text = element.text();
            if (element.bracketed() && (text.equals("true") || text.equals("false"))) {
                error(
                        path,
                        "YAML reads the name here as the Boolean " + text + " (on, off, yes and no are such words)",
                        "put the name in quotes");
                return false;
            }
            if (!element.survivesAsKey()) {
                error(
                        path,
                        "Spring Boot would drop characters of the name '" + text + "'",
                        "write it as \"[" + text + "]\", with the quotes; include all of it when it has dots");
                return false;
            }
            return true;
        }

        private void noValue(String path, String message) {
            if (value != null && !value.toString().isEmpty()) {
                error(path, message, "'" + MessageText.shorten(value.toString()) + "' is nothing that can stand here");
            }
        }

        private void value(String path, Scalar scalar, boolean commaSeparated) {
            if (value == null) {
                return;
            }
            ScalarCheck.Verdict verdict = ScalarCheck.check(environment, value, scalar.type(), commaSeparated);
            if (verdict != null) {
                error(path, verdict.message(), verdict.fix());
            }
        }

        private void error(String path, String message, String fix) {
            ConfigProblem problem = new ConfigProblem(Severity.ERROR, place, path, message, fix);
            boolean said = problems.stream()
                    .anyMatch(p -> p.path().equals(path)
                            && p.message().equals(message)
                            && p.origin().source().equals(place.source()));
            if (!said) {
                problems.add(problem);
            }
        }
    }
}
