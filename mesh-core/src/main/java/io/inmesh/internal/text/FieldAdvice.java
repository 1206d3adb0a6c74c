package io.inmesh.internal.text;

import io.inmesh.internal.text.MessageType.Field;
import io.inmesh.internal.text.MessageType.Kind;
import io.inmesh.internal.text.MessageType.Shape;
import io.inmesh.internal.text.Tree.Entry;
import io.inmesh.internal.text.Tree.Mapping;
import io.inmesh.internal.text.Tree.Scalar;
import io.inmesh.internal.text.Tree.Sequence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where a field that a message does not have belongs: to another name in the same message, to a message around it, to one
 * of its own messages, or to a message beside it. Found in the message types alone; a place is named only where the value
 * fits and nothing is written yet.
 */
final class FieldAdvice {
    /** Messages below the one in question that are looked through; {@code http[0].route[0].destination.port.number}. */
    private static final int DEEPEST = 5;

    private static final int MOST_PLACES = 3;

    /** A map of nonsense may have a million keys; no message has so many fields. */
    private static final int MOST_ENTRIES = 200;

    /** A shorter name is part of too many others. */
    private static final int SHORTEST_PART = 4;

    private final ForeignFieldNames otherWords;
    private final List<Level> levels;
    private final Level here;
    private final String name;
    private final Tree value;

    /**
     * A message that is being read.
     *
     * @param written what stands there
     */
    record Level(MessageType type, Place place, Mapping written) {}

    /**
     * A place for the field.
     *
     * @param unwritten messages on the way there that are not written yet
     */
    private record Found(String path, int unwritten) {}

    /** @param levels the messages around the field, the outermost first and the one that it stands in last */
    FieldAdvice(ForeignFieldNames otherWords, List<Level> levels, String name, Tree value) {
        this.otherWords = otherWords;
        this.levels = levels;
        this.here = levels.get(levels.size() - 1);
        this.name = name;
        this.value = value;
    }

    /** What to do about the field. */
    String fix() {
        String slip = MessageText.misspelt(name, here.type().fieldNames());
        if (slip != null) {
            return "did you mean " + MessageText.quote(slip) + "?";
        }
        String other = otherWords.words().get(name);
        if (other != null && here.type().field(other) != null) {
            return otherWords.language() + "'s word for it is " + MessageText.quote(other);
        }
        String moved = moved(name);
        if (moved == null && other != null) {
            moved = moved(other);
        }
        return moved != null
                ? moved
                : MessageText.didYouMean(
                        name,
                        here.type().fieldNames(),
                        "known are " + String.join(", ", here.type().fieldNames()));
    }

    private @Nullable String moved(String wanted) {
        List<Found> places = new ArrayList<>();
        String given = around(wanted, places);
        for (Field field : here.type().fields()) {
            nearest(wanted, field, here, places);
        }
        Set<String> names = relatedNames(wanted, places.isEmpty());
        if (names.isEmpty() && places.stream().noneMatch(place -> place.unwritten() == 0)) {
            beside(wanted, places);
        }
        if (names.isEmpty() && places.isEmpty()) {
            return given == null ? null : "remove it: " + given + " is given already";
        }
        String move = "move it to "
                + places.stream()
                        .sorted(Comparator.comparingInt(Found::unwritten))
                        .map(Found::path)
                        .distinct()
                        .limit(MOST_PLACES)
                        .collect(Collectors.joining(" or "));
        if (names.isEmpty()) {
            return move;
        }
        String write = "write it as " + String.join(" or ", names);
        return places.isEmpty() ? write : write + ", or " + move;
    }

    private static boolean isPart(String part, String whole) {
        return part.length() >= SHORTEST_PART && (whole.startsWith(part) || whole.endsWith(part));
    }

    /** {@code percent} for {@code percentage}, {@code matchLabels} for {@code labels}: one name is part of the other. */
    private Set<String> relatedNames(String wanted, boolean shorterToo) {
        Set<String> names = new LinkedHashSet<>();
        String part = wanted.toLowerCase(Locale.ROOT);
        for (String candidate : here.type().fieldNames()) {
            String whole = candidate.toLowerCase(Locale.ROOT);
            if (isPart(part, whole) || (shorterToo && isPart(whole, part))) {
                Place root = Place.root("", 0, 0);
                Place place = fitting(here.type().field(candidate), root.missing(candidate));
                if (place != null && entry(here.written(), candidate) == null) {
                    names.add(place.path());
                }
            }
        }
        return names;
    }

    /**
     * The nearest message around that has the field.
     *
     * @return the place where it is written there already
     */
    private @Nullable String around(String wanted, List<Found> places) {
        for (int i = levels.size() - 2; i >= 0; i--) {
            Level level = levels.get(i);
            Place place = fitting(level.type().field(wanted), level.place().missing(wanted));
            if (place != null) {
                if (entry(level.written(), wanted) != null) {
                    return place.path();
                }
                places.add(new Found(place.path(), 0));
                return null;
            }
        }
        return null;
    }

    /** Messages that are written beside this one or beside one around it. */
    private void beside(String wanted, List<Found> places) {
        List<Found> found = new ArrayList<>();
        for (int i = levels.size() - 2; i >= 0 && found.isEmpty(); i--) {
            Level level = levels.get(i);
            for (Field field : level.type().fields()) {
                if (!isOnTheWay(field.name(), i)) {
                    nearest(wanted, field, level, found);
                }
            }
            found.removeIf(place -> place.unwritten() > 0);
        }
        places.addAll(found);
    }

    private boolean isOnTheWay(String field, int level) {
        String path = levels.get(level).place().missing(field).path();
        String inner = levels.get(level + 1).place().path();
        return inner.equals(path) || inner.startsWith(path + "[");
    }

    /** Goes down from a field of the level to the nearest messages that have the wanted one. */
    private void nearest(String wanted, Field from, Level level, List<Found> places) {
        int before = places.size();
        for (int depth = 0; depth < DEEPEST && places.size() == before; depth++) {
            below(wanted, new Step(from, level.place(), level.written(), 0), depth, places);
        }
    }

    /**
     * A field on the way down.
     *
     * @param written the message that has the field, null when it is not written
     */
    private record Step(Field field, Place place, @Nullable Tree written, int unwritten) {}

    /** Looks exactly so many messages below the field's own. */
    private void below(String wanted, Step step, int depth, List<Found> places) {
        MessageType type = step.field().message();
        if (type == null || step.field().shape() == Shape.MAP) {
            return;
        }
        Entry entry = entry(step.written(), step.field().name());
        Tree inner = entry == null ? null : entry.value();
        Place at = step.place().missing(step.field().name());
        if (step.field().shape() == Shape.LIST) {
            inner = inner instanceof Sequence list && !list.items().isEmpty()
                    ? list.items().get(0)
                    : null;
            at = at.item(0, 0, 0);
        }
        int unwritten = step.unwritten() + (inner == null ? 1 : 0);
        if (depth > 0) {
            for (Field field : type.fields()) {
                below(wanted, new Step(field, at, inner, unwritten), depth - 1, places);
            }
            return;
        }
        Place found = fitting(type.field(wanted), at.missing(wanted));
        if (found != null && entry(inner, wanted) == null) {
            places.add(new Found(found.path(), unwritten));
        }
    }

    /** The place where the value can stand, which is inside a message that does nothing but wrap it; else null. */
    private @Nullable Place fitting(@Nullable Field field, Place place) {
        if (field == null) {
            return null;
        }
        if (value.isNull()) {
            return place;
        }
        return switch (field.shape()) {
            case LIST -> value instanceof Sequence ? place : null;
            case MAP -> value instanceof Mapping ? place : null;
            case SINGLE -> single(field, place);
        };
    }

    private @Nullable Place single(Field field, Place place) {
        MessageType type = field.message();
        if (value instanceof Scalar scalar) {
            if (type == null) {
                boolean reads = new ScalarReader(new ProblemList(), field, place).read(scalar) != null;
                return reads ? place : null;
            }
            List<Field> fields = new ArrayList<>(type.fields());
            boolean wraps = fields.size() == 1 && fields.get(0).kind() != Kind.MESSAGE;
            return wraps ? fitting(fields.get(0), place.missing(fields.get(0).name())) : null;
        }
        boolean fits = type != null
                && value instanceof Mapping mapping
                && mapping.entries().stream().allMatch(entry -> type.field(entry.key()) != null);
        return fits ? place : null;
    }

    private static @Nullable Entry entry(@Nullable Tree tree, String name) {
        if (tree instanceof Mapping mapping) {
            int looked = Math.min(mapping.entries().size(), MOST_ENTRIES);
            for (Entry entry : mapping.entries().subList(0, looked)) {
                if (entry.key().equals(name)) {
                    return entry;
                }
            }
        }
        return null;
    }
}
