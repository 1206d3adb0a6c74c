package io.inmesh.spring.boot;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.spring.boot.PropertySchema.Fields;
import io.inmesh.spring.boot.PropertySchema.Items;
import io.inmesh.spring.boot.PropertySchema.Keys;
import io.inmesh.spring.boot.PropertySchema.Scalar;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Checks environment variables, whose names know neither dashes nor case: such a variable can make a second service
 * beside the one that was meant, or a list of one element in the place of the list that was meant.
 */
final class EnvironmentNames {
    private static final String PREFIX = "MESH_";

    /** What Kubernetes sets for a Service whose name begins with {@code mesh}. */
    private static final Pattern KUBERNETES =
            Pattern.compile(".*(_SERVICE_HOST|_SERVICE_PORT(_.*)?|_PORT(_\\d+_(TCP|UDP|SCTP)(_(ADDR|PORT|PROTO))?)?)");

    private final Fields schema;
    private final Map<String, Set<String>> keys;
    private final Set<String> lists;

    /**
     * Makes a check.
     *
     * @param keys what other sources have, by path of the map
     * @param lists paths of the lists that other sources have, in uniform writing
     */
    EnvironmentNames(Fields schema, Map<String, Set<String>> keys, Set<String> lists) {
        this.schema = schema;
        this.keys = keys;
        this.lists = lists;
    }

    List<ConfigProblem> check(SystemEnvironmentPropertySource source) {
        List<ConfigProblem> problems = new ArrayList<>();
        for (String variable : source.getPropertyNames()) {
            String upper = variable.toUpperCase(Locale.ROOT);
            if (!upper.startsWith(PREFIX)) {
                continue;
            }
            List<String> parts = Arrays.asList(
                    upper.substring(PREFIX.length()).toLowerCase(Locale.ROOT).split("_", -1));
            Trace trace = read(parts, 0, schema, "mesh");
            if (trace == null && meant(parts) && !KUBERNETES.matcher(upper).matches()) {
                problems.add(problem(
                        source,
                        variable,
                        "mesh",
                        "no property has this name",
                        "correct the name or remove the variable"));
            } else if (trace != null && trace.phantom() != null) {
                problems.add(problem(
                        source,
                        variable,
                        trace.path(),
                        "an environment variable cannot name '" + trace.phantom() + "': it would add another entry",
                        "set it in a file, or let the file refer to a variable: ${NAME:default}"));
            } else if (trace != null && trace.list() != null) {
                problems.add(problem(
                        source,
                        variable,
                        trace.path(),
                        "an environment variable would replace the whole list " + trace.list(),
                        "set it in a file, or let the file refer to a variable: ${NAME:default}"));
            }
        }
        return problems;
    }

    /** Whether it begins like a property of ours; {@code MESH_HOME} is somebody else's. */
    private boolean meant(List<String> parts) {
        for (int end = 1; end <= parts.size(); end++) {
            if (schema.find(String.join("", parts.subList(0, end))) != null) {
                return true;
            }
        }
        return false;
    }

    private static ConfigProblem problem(
            SystemEnvironmentPropertySource source, String variable, String path, String message, String fix) {
        return new ConfigProblem(Severity.ERROR, PropertyPlaces.find(source, variable), path, message, fix);
    }

    /**
     * How a variable was read.
     *
     * @param phantom key of another source that this one was meant to be, null when it is the same or new
     * @param list list of another source that this one replaces, null when there is none
     */
    private record Trace(
            String path, @Nullable String phantom, @Nullable String list) {}

    private @Nullable Trace read(List<String> parts, int index, PropertySchema node, String path) {
        boolean end = index == parts.size();
        if (node instanceof Scalar) {
            return end ? new Trace(path, null, null) : null;
        }
        if (end) {
            return node instanceof Items items && items.element() instanceof Scalar
                    ? new Trace(path, null, null)
                    : null;
        }
        if (node instanceof Fields fields) {
            return field(parts, index, fields, path);
        }
        if (node instanceof Items items) {
            return item(parts, index, items, path);
        }
        return node instanceof Keys map ? entry(parts, index, map, path) : null;
    }

    private @Nullable Trace field(List<String> parts, int index, Fields fields, String path) {
        for (int end = index + 1; end <= parts.size(); end++) {
            String known = fields.find(String.join("", parts.subList(index, end)));
            Trace trace = known == null ? null : read(parts, end, fields.field(known), path + "." + known);
            if (trace != null) {
                return trace;
            }
        }
        return null;
    }

    private @Nullable Trace item(List<String> parts, int index, Items items, String path) {
        if (!parts.get(index).chars().allMatch(ch -> ch >= '0' && ch <= '9')) {
            return null;
        }
        Trace trace = read(parts, index + 1, items.element(), path + "[" + parts.get(index) + "]");
        return trace != null && lists.contains(PropertySchema.uniform(path))
                ? new Trace(trace.path(), trace.phantom(), path)
                : trace;
    }

    private @Nullable Trace entry(List<String> parts, int index, Keys map, String path) {
        if (map.value() instanceof Scalar) {
            return new Trace(
                    PropertyName.entry(path, String.join(".", parts.subList(index, parts.size()))), null, null);
        }
        String key = parts.get(index);
        Trace trace = read(parts, index + 1, map.value(), PropertyName.entry(path, key));
        if (trace == null) {
            return null;
        }
        String phantom = keys.getOrDefault(path, Set.of()).stream()
                .filter(other -> PropertySchema.uniform(other).equals(key) && !other.equals(key))
                .findFirst()
                .orElse(trace.phantom());
        return new Trace(trace.path(), phantom, trace.list());
    }
}
