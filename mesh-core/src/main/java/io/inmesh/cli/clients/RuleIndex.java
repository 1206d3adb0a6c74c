package io.inmesh.cli.clients;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the rule of a trace in byte code; names are internal ones, {@code a/b/C}. Immutable. */
final class RuleIndex {
    static final RuleIndex INSTANCE = new RuleIndex(ClientRules.ALL);
    static final RuleIndex SENDERS = new RuleIndex(ClientRules.SENDERS);

    private final Map<String, Rule> made = new HashMap<>();
    private final Map<String, Rule> methods = new HashMap<>();
    private final Map<String, Rule> annotations = new HashMap<>();
    private final Map<String, Rule> components = new HashMap<>();
    private final Map<String, Rule> jars = new HashMap<>();
    private final Set<String> owners = new HashSet<>();

    private RuleIndex(List<Rule> rules) {
        for (Rule rule : rules) {
            for (String mark : rule.marks()) {
                add(mark, rule);
            }
        }
    }

    private void add(String mark, Rule rule) {
        if (mark.startsWith("new ")) {
            made.put(internal(mark.substring("new ".length())), rule);
            owners.add(internal(mark.substring("new ".length())));
        } else if (mark.startsWith("component ")) {
            components.put(internal(mark.substring("component ".length())), rule);
        } else if (mark.startsWith("jar:")) {
            jars.put(mark.substring("jar:".length()), rule);
        } else if (mark.contains("@")) {
            annotations.put(internal(mark), rule);
        } else {
            int end = mark.lastIndexOf('.');
            String owner = internal(mark.substring(0, end));
            owners.add(owner);
            for (String method : List.of(mark.substring(end + 1).split(",", -1))) {
                methods.put(owner + "." + method, rule);
            }
        }
    }

    private static String internal(String name) {
        return name.replace('.', '/');
    }

    /** Whether a rule may have a method or constructor of the class. */
    boolean knows(String owner) {
        return owners.contains(owner);
    }

    @Nullable
    Rule made(String owner) {
        return made.get(owner);
    }

    @Nullable
    Rule component(String owner) {
        return components.get(owner);
    }

    /** Kotlin's {@code name$default} fills in arguments that are left out, and is the same call. */
    @Nullable
    Rule method(String owner, String name, boolean isStatic) {
        String plain = name.endsWith("$default") ? name.substring(0, name.length() - "$default".length()) : name;
        Rule rule = methods.get(owner + "." + plain);
        return rule == null && isStatic && !name.startsWith("<") ? methods.get(owner + ".*") : rule;
    }

    /** @param given names of the values that the annotation is given */
    @Nullable
    Rule annotation(String name, Set<String> given, boolean inInterface) {
        for (String value : given) {
            Rule rule = annotations.get("@" + name + "(" + value + ")");
            if (rule != null) {
                return rule;
            }
        }
        Rule rule = annotations.get("@" + name);
        return rule == null && inInterface ? annotations.get("interface @" + name) : rule;
    }

    @Nullable
    Rule brought(String jarName) {
        for (Map.Entry<String, Rule> jar : jars.entrySet()) {
            if (jarName.startsWith(jar.getKey())
                    && jarName.length() > jar.getKey().length()
                    && Character.isDigit(jarName.charAt(jar.getKey().length()))) {
                return jar.getValue();
            }
        }
        return null;
    }
}
