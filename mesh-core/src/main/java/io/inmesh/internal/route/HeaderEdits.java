package io.inmesh.internal.route;

import io.inmesh.call.HeaderField;
import io.inmesh.model.HeaderName;
import io.inmesh.model.Headers.HeaderOperations;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Compiled header edits of one or several levels. Within a level, as Envoy has it: removals first, then every value is
 * computed from the headers as they were, then those that overwrite are written, then those that append.
 */
public final class HeaderEdits {
    static final HeaderEdits NONE = new HeaderEdits(List.of());

    private final List<Level> levels;
    private final boolean readsTime;

    private HeaderEdits(List<Level> levels) {
        this.levels = levels;
        this.readsTime = levels.stream()
                .flatMap(level -> Stream.concat(level.overwrite().stream(), level.append().stream()))
                .anyMatch(edit -> edit.value().readsTime());
    }

    private record Edit(String name, HeaderValue value) {}

    private record Level(List<String> remove, List<Edit> overwrite, List<Edit> append) {
        boolean isEmpty() {
            return remove.isEmpty() && overwrite.isEmpty() && append.isEmpty();
        }
    }

    /** Operations of several writers applied as one level, later writers after earlier ones. */
    static HeaderEdits merged(List<HeaderOperations> operations) {
        List<String> remove = new ArrayList<>();
        List<Edit> overwrite = new ArrayList<>();
        List<Edit> append = new ArrayList<>();
        for (HeaderOperations one : operations) {
            add(overwrite, one.set());
            add(append, one.add());
            for (String name : one.remove()) {
                if (!isHost(name) && !name.startsWith(":")) {
                    remove.add(name);
                }
            }
        }
        Level level = new Level(List.copyOf(remove), List.copyOf(overwrite), List.copyOf(append));
        return level.isEmpty() ? NONE : new HeaderEdits(List.of(level));
    }

    private static void add(List<Edit> edits, Map<String, String> values) {
        new TreeMap<>(values).forEach((name, value) -> {
            if (!isHost(name) && HeaderName.isValid(name)) {
                HeaderValue compiled = HeaderValue.of(value);
                // The reader has said so, as it has of a name that is none; a command must not be sent as if it were a
                // value.
                if (compiled != null) {
                    edits.add(new Edit(name, compiled));
                }
            }
        });
    }

    /** These edits first, then the other's. */
    HeaderEdits then(HeaderEdits next) {
        if (isEmpty()) {
            return next;
        }
        if (next.isEmpty()) {
            return this;
        }
        List<Level> both = new ArrayList<>(levels);
        both.addAll(next.levels);
        return new HeaderEdits(List.copyOf(both));
    }

    boolean isEmpty() {
        return levels.isEmpty();
    }

    /** Whether a value depends on when the call began. */
    boolean readsTime() {
        return readsTime;
    }

    /** Applies to a list, in place. */
    void apply(List<HeaderField> headers, HeaderValue.Context context) {
        for (Level level : levels) {
            for (String name : level.remove()) {
                headers.removeIf(field -> field.name().equalsIgnoreCase(name));
            }
            List<HeaderField> overwrite = evaluate(level.overwrite(), context, headers);
            List<HeaderField> append = evaluate(level.append(), context, headers);
            for (HeaderField field : overwrite) {
                overwrite(headers, field);
            }
            headers.addAll(append);
        }
    }

    private static List<HeaderField> evaluate(
            List<Edit> edits, HeaderValue.Context context, List<HeaderField> headers) {
        List<HeaderField> fields = new ArrayList<>(edits.size());
        for (Edit edit : edits) {
            String value = edit.value().evaluate(context, headers);
            // Envoy does not write a header without value.
            if (!value.isEmpty()) {
                fields.add(new HeaderField(edit.name(), value));
            }
        }
        return fields;
    }

    /** Replaces the first line of the name and drops the others; adds where there is none. */
    static void overwrite(List<HeaderField> headers, HeaderField field) {
        int kept = -1;
        for (int i = 0; i < headers.size(); i++) {
            if (headers.get(i).name().equalsIgnoreCase(field.name())) {
                if (kept < 0) {
                    headers.set(i, field);
                    kept = i;
                } else {
                    headers.remove(i--);
                }
            }
        }
        if (kept < 0) {
            headers.add(field);
        }
    }

    /** Authority asked for by a host header among the operations: set beats add. */
    static @Nullable String authority(HeaderOperations operations) {
        String added = host(operations.add());
        String set = host(operations.set());
        return set != null ? set : added;
    }

    private static @Nullable String host(Map<String, String> values) {
        for (Map.Entry<String, String> entry : values.entrySet()) {
            if (isHost(entry.getKey())) {
                return entry.getValue();
            }
        }
        return null;
    }

    static boolean isHost(String name) {
        return name.equalsIgnoreCase("host") || name.equalsIgnoreCase(":authority");
    }
}
