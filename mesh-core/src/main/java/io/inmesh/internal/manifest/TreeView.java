package io.inmesh.internal.manifest;

import io.inmesh.internal.text.Place;
import io.inmesh.internal.text.Tree;
import io.inmesh.internal.text.Tree.Entry;
import io.inmesh.internal.text.Tree.Mapping;
import io.inmesh.internal.text.Tree.Scalar;
import io.inmesh.internal.text.Tree.Sequence;
import io.inmesh.model.Origin;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A lenient look at a tree: what is not there, or is of another form than asked for, reads as empty. */
final class TreeView {
    private final @Nullable Tree tree;
    private final Place place;

    TreeView(@Nullable Tree tree, Place place) {
        this.tree = tree == null || tree.isNull() ? null : tree;
        this.place = place;
    }

    /** Whether something is written here. */
    boolean isPresent() {
        return tree != null;
    }

    /** A field; of two of the same name the first. */
    TreeView get(String name) {
        if (tree instanceof Mapping mapping) {
            for (Entry entry : mapping.entries()) {
                if (entry.key().equals(name)) {
                    return new TreeView(
                            entry.value(),
                            place.field(
                                    name, entry.value().line(), entry.value().column()));
                }
            }
        }
        return new TreeView(null, place.missing(name));
    }

    /** A list's items; none where this is no list. */
    List<TreeView> items() {
        if (!(tree instanceof Sequence sequence)) {
            return List.of();
        }
        List<TreeView> views = new ArrayList<>(sequence.items().size());
        for (Tree item : sequence.items()) {
            views.add(new TreeView(item, place.item(views.size(), item.line(), item.column())));
        }
        return views;
    }

    /** The text of a scalar, whatever its kind. */
    String text() {
        return tree instanceof Scalar scalar ? scalar.text() : "";
    }

    /** Texts of a list of scalars. */
    List<String> texts() {
        return items().stream()
                .map(TreeView::text)
                .filter(text -> !text.isEmpty())
                .toList();
    }

    /** A whole number; null where there is none that fits. */
    @Nullable
    Integer number() {
        try {
            return tree instanceof Scalar ? Integer.valueOf(text()) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** A map's keys, in order of writing. */
    List<String> keys() {
        return tree instanceof Mapping mapping
                ? mapping.entries().stream().map(Entry::key).distinct().toList()
                : List.of();
    }

    /** A map of texts, such as labels. */
    Map<String, String> textMap() {
        Map<String, String> texts = new LinkedHashMap<>();
        if (tree instanceof Mapping mapping) {
            for (Entry entry : mapping.entries()) {
                texts.putIfAbsent(entry.key(), entry.value() instanceof Scalar scalar ? scalar.text() : "");
            }
        }
        return texts;
    }

    Place place() {
        return place;
    }

    Origin origin() {
        return place.origin();
    }

    /** The same, its place told to the consumer if something is written here. */
    TreeView noted(Consumer<Place> places) {
        if (isPresent()) {
            places.accept(place);
        }
        return this;
    }
}
