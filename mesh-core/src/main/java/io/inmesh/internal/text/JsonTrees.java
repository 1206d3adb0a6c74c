package io.inmesh.internal.text;

import io.inmesh.internal.text.Tree.Entry;
import io.inmesh.internal.text.Tree.Kind;
import io.inmesh.internal.text.Tree.Mapping;
import io.inmesh.internal.text.Tree.Scalar;
import io.inmesh.internal.text.Tree.Sequence;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns what JSON libraries make of an object into a tree without lines, within the same bounds as YAML text. */
public final class JsonTrees {
    private final String source;
    private final ProblemList problems;
    private long nodes;

    public JsonTrees(String source, ProblemList problems) {
        this.source = source;
        this.problems = problems;
    }

    /** The tree, or null after a problem. */
    public @Nullable Tree convert(@Nullable Object json) {
        return convert(json, 0);
    }

    private @Nullable Tree convert(@Nullable Object json, int depth) {
        if (depth > YamlDocuments.DEEPEST) {
            return fail("the object is nested more than " + YamlDocuments.DEEPEST + " deep");
        }
        if (++nodes > YamlDocuments.MOST_NODES) {
            return fail("the object has more than " + YamlDocuments.MOST_NODES + " values");
        }
        if (json instanceof Map<?, ?> map) {
            return mapping(map, depth);
        }
        if (json instanceof List<?> list) {
            return sequence(list, depth);
        }
        if (json == null) {
            return new Scalar(Kind.NULL, "", 0, 0);
        }
        if (json instanceof CharSequence text) {
            return new Scalar(Kind.STRING, text.toString(), 0, 0);
        }
        if (json instanceof Boolean bool) {
            return new Scalar(Kind.BOOL, bool.toString(), 0, 0);
        }
        if (json instanceof Number number) {
            return number(number);
        }
        return fail("a value is of " + json.getClass() + ", which JSON does not have");
    }

    private @Nullable Tree mapping(Map<?, ?> map, int depth) {
        long before = nodes;
        List<Entry> entries = new ArrayList<>(map.size());
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            Tree value = convert(entry.getValue(), depth + 1);
            if (value == null) {
                return null;
            }
            entries.add(new Entry(String.valueOf(entry.getKey()), Kind.STRING, 0, 0, value));
        }
        return new Mapping(entries, 0, 0, nodes - before + 1);
    }

    private @Nullable Tree sequence(List<?> list, int depth) {
        long before = nodes;
        List<Tree> items = new ArrayList<>(list.size());
        for (Object item : list) {
            Tree tree = convert(item, depth + 1);
            if (tree == null) {
                return null;
            }
            items.add(tree);
        }
        return new Sequence(items, 0, 0, nodes - before + 1);
    }

    private static Tree number(Number number) {
        if (number instanceof BigDecimal decimal) {
            boolean whole = decimal.scale() <= 0 && decimal.precision() - decimal.scale() < 40;
            return new Scalar(
                    whole ? Kind.INT : Kind.FLOAT,
                    whole ? decimal.toBigInteger().toString() : decimal.toString(),
                    0,
                    0);
        }
        boolean whole = number instanceof Integer
                || number instanceof Long
                || number instanceof Short
                || number instanceof Byte
                || number instanceof BigInteger;
        return new Scalar(whole ? Kind.INT : Kind.FLOAT, notFinite(number.toString()), 0, 0);
    }

    private static String notFinite(String text) {
        return switch (text) {
            case "NaN" -> ".nan";
            case "Infinity" -> ".inf";
            case "-Infinity" -> "-.inf";
            default -> text;
        };
    }

    private @Nullable Tree fail(String message) {
        problems.error(Place.root(source, 0, 0), message, "no object that InMesh reads is like that");
        return null;
    }
}
