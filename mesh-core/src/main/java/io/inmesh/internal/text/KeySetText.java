package io.inmesh.internal.text;

import com.google.re2j.Pattern;
import io.inmesh.internal.text.Tree.Entry;
import io.inmesh.internal.text.Tree.Kind;
import io.inmesh.internal.text.Tree.Mapping;
import io.inmesh.internal.text.Tree.Scalar;
import io.inmesh.internal.text.Tree.Sequence;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks at a JSON Web Key Set in a rule before anybody needs its keys. What the keys are worth is for cryptography. */
public final class KeySetText {
    private static final Pattern LITERAL = Pattern.compile("true|false|null|-?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?");

    private KeySetText() {}

    /** What is wrong with a text, null when it may be a set of keys or, which Istio takes as well, one key. */
    public static @Nullable String problem(String text) {
        if (!text.stripLeading().startsWith("{")) {
            return "it does not begin with a brace";
        }
        ProblemList problems = new ProblemList();
        List<Tree> documents = new ArrayList<>();
        // JSON is YAML, but for tabs between its values.
        new YamlDocuments("jwks", problems, documents::add).read(text.replace('\t', ' '));
        if (!hasJsonTokens(text)
                || problems.errors() > 0
                || documents.size() != 1
                || !(documents.get(0) instanceof Mapping set)) {
            return "it is not JSON";
        }
        Tree keys = field(set, "keys");
        if (keys == null) {
            return key(set);
        }
        if (!(keys instanceof Sequence list)) {
            return "keys is not a list";
        }
        for (Tree item : list.items()) {
            String problem = item instanceof Mapping key ? key(key) : "a key is not an object";
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }

    /** Whether nothing stands there that YAML knows and JSON does not: bare words, other quotes, comments. */
    private static boolean hasJsonTokens(String text) {
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '"') {
                at = endOfString(text, at + 1);
            } else if ("{}[],: \t\r\n".indexOf(c) >= 0) {
                at++;
            } else {
                int end = at;
                while (end < text.length() && "{}[],: \t\r\n\"".indexOf(text.charAt(end)) < 0) {
                    end++;
                }
                if (!LITERAL.matcher(text.substring(at, end)).matches()) {
                    return false;
                }
                at = end;
            }
        }
        return true;
    }

    private static int endOfString(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) != '"') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        return at + 1;
    }

    private static @Nullable String key(Mapping key) {
        Tree kind = field(key, "kty");
        boolean named = kind instanceof Scalar scalar && scalar.kind() == Kind.STRING;
        return named ? null : "a key has no kty";
    }

    private static @Nullable Tree field(Mapping mapping, String name) {
        for (Entry entry : mapping.entries()) {
            if (entry.key().equals(name)) {
                return entry.value();
            }
        }
        return null;
    }
}
