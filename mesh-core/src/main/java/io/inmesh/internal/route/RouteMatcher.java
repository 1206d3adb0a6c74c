package io.inmesh.internal.route;

import io.inmesh.call.RequestHead;
import io.inmesh.model.HttpMatchRequest;
import io.inmesh.model.StringMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** One compiled alternative of a route's match: a path and further conditions, all of which must hold. */
public final class RouteMatcher {
    static final RouteMatcher EVERYTHING = new RouteMatcher(PathMatcher.EVERYTHING, new FieldMatcher[0]);

    private final PathMatcher path;
    private final FieldMatcher[] fields;

    private RouteMatcher(PathMatcher path, FieldMatcher[] fields) {
        this.path = path;
        this.fields = fields;
    }

    /**
     * Compiles.
     *
     * @param atGateway whether claims of tokens are known; elsewhere Istio leaves conditions on them out
     */
    static RouteMatcher of(HttpMatchRequest match, boolean atGateway) {
        return new RouteMatcher(
                PathMatcher.of(match.uri(), match.ignoreUriCase()),
                fields(match, atGateway).toArray(FieldMatcher[]::new));
    }

    private static List<FieldMatcher> fields(HttpMatchRequest match, boolean atGateway) {
        List<FieldMatcher> fields = new ArrayList<>();
        add(fields, FieldMatcher.Pseudo.Part.METHOD, match.method());
        add(fields, FieldMatcher.Pseudo.Part.AUTHORITY, match.authority());
        add(fields, FieldMatcher.Pseudo.Part.SCHEME, match.scheme());
        sorted(match.headers()).forEach((name, value) -> {
            if (atGateway || !isClaim(name)) {
                fields.add(FieldMatcher.header(name, StringMatcher.of(value)));
            }
        });
        sorted(match.withoutHeaders()).forEach((name, value) -> {
            if (atGateway || !isClaim(name)) {
                fields.add(FieldMatcher.withoutHeader(name, StringMatcher.of(value)));
            }
        });
        sorted(match.queryParams())
                .forEach((name, value) -> fields.add(new FieldMatcher.Query(name, StringMatcher.of(value))));
        return fields;
    }

    private static void add(List<FieldMatcher> fields, FieldMatcher.Pseudo.Part part, @Nullable StringMatch match) {
        if (match != null) {
            fields.add(new FieldMatcher.Pseudo(part, StringMatcher.of(match)));
        }
    }

    private static Map<String, StringMatch> sorted(Map<String, StringMatch> conditions) {
        return new TreeMap<>(conditions);
    }

    boolean matches(RequestHead head, String pathAndQuery, int pathEnd) {
        return path.matches(pathAndQuery, pathEnd) && fieldsMatch(head, pathAndQuery);
    }

    /** Whether all conditions but that on the path hold. */
    boolean fieldsMatch(RequestHead head, String pathAndQuery) {
        for (FieldMatcher field : fields) {
            if (!field.matches(head, pathAndQuery)) {
                return false;
            }
        }
        return true;
    }

    /** Tells the headers, by name in lower case, and the authority, by an empty name, that must have an exact value. */
    void exactValues(BiConsumer<String, String> values) {
        for (FieldMatcher field : fields) {
            if (field instanceof FieldMatcher.Header header && header.value() instanceof StringMatcher.Exact exact) {
                values.accept(header.name().toLowerCase(Locale.ROOT), exact.value());
            } else if (field instanceof FieldMatcher.Pseudo pseudo
                    && pseudo.part() == FieldMatcher.Pseudo.Part.AUTHORITY
                    && pseudo.value() instanceof StringMatcher.Exact exact) {
                values.accept("", exact.value());
            }
        }
    }

    /** The name in lower case of a header without which the request does not match, null when there is none. */
    @Nullable
    String requiredHeader() {
        for (FieldMatcher field : fields) {
            if (field instanceof FieldMatcher.Header header) {
                return header.name().toLowerCase(Locale.ROOT);
            }
        }
        return null;
    }

    /** The first condition that does not hold, null when all do. */
    @Nullable
    String mismatch(RequestHead head, String pathAndQuery, int pathEnd) {
        if (!path.matches(pathAndQuery, pathEnd)) {
            return "path is not " + path;
        }
        for (FieldMatcher field : fields) {
            if (!field.matches(head, pathAndQuery)) {
                return "not " + field;
            }
        }
        return null;
    }

    PathMatcher path() {
        return path;
    }

    /** Whether a match that the scope does not exclude holds for every request, so that nothing after it can be reached. */
    static boolean isCatchAll(HttpMatchRequest match, boolean atGateway) {
        return !(match.uri() instanceof StringMatch.Regex)
                && PathMatcher.of(match.uri(), match.ignoreUriCase()).isEverything()
                && fields(match, atGateway).isEmpty();
    }

    /** Whether it holds for every request, regular expressions counted that do (Istio: IsCatchAllRoute). */
    boolean takesEverything() {
        return fields.length == 0 && (path.isEverything() || path.isEveryText());
    }

    private static boolean isClaim(String header) {
        return header.startsWith("@");
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        if (!path.isEverything() || fields.length == 0) {
            text.append(path.isEverything() ? "everything" : "path " + path);
        }
        for (FieldMatcher field : fields) {
            text.append(text.isEmpty() ? "" : ", ").append(field);
        }
        return text.toString();
    }
}
