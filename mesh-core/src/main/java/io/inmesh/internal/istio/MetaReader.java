package io.inmesh.internal.istio;

import io.inmesh.internal.text.MessageReader;
import io.inmesh.internal.text.MessageText;
import io.inmesh.internal.text.Place;
import io.inmesh.internal.text.ProblemList;
import io.inmesh.internal.text.Tree;
import io.inmesh.internal.text.Tree.Entry;
import io.inmesh.internal.text.Tree.Mapping;
import io.inmesh.internal.text.Tree.Scalar;
import io.inmesh.model.ObjectMeta;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads Kubernetes' {@code metadata}. It is open: fields that are not known are somebody else's. */
final class MetaReader {
    private final ProblemList problems;
    private final String defaultNamespace;

    MetaReader(ProblemList problems, String defaultNamespace) {
        this.problems = problems;
        this.defaultNamespace = defaultNamespace;
    }

    /** @param metadata null when the document has none */
    ObjectMeta read(@Nullable Tree metadata, Place object) {
        String name = "";
        String namespace = "";
        Instant created = null;
        Map<String, String> labels = Map.of();
        Map<String, String> annotations = Map.of();
        if (metadata instanceof Mapping mapping) {
            Place place = object.field("metadata", mapping.line(), mapping.column());
            new MessageReader(problems).reportDoubled(mapping, place);
            for (Entry entry : mapping.entries()) {
                Tree value = entry.value();
                Place at = place.field(entry.key(), value.line(), value.column());
                switch (entry.key()) {
                    case "name" -> name = text(value, at);
                    case "namespace" -> namespace = text(value, at);
                    case "creationTimestamp" -> created = instant(value, at);
                    case "labels" -> labels = texts(value, at);
                    case "annotations" -> annotations = texts(value, at);
                    default -> {}
                }
            }
        } else if (metadata != null && !metadata.isNull()) {
            problems.error(
                    object.field("metadata", metadata.line(), metadata.column()),
                    "metadata must be a map, this is " + metadata.words(),
                    "write name and namespace below it");
        }
        return ObjectMeta.builder(namespace.isEmpty() ? defaultNamespace : namespace, name)
                .creationTimestamp(created)
                .labels(labels)
                .annotations(annotations)
                .origin(object.origin())
                .build();
    }

    /** Places of the annotations' values, by key. */
    Map<String, Place> annotations(@Nullable Tree metadata, Place object) {
        Map<String, Place> places = new LinkedHashMap<>();
        if (metadata instanceof Mapping mapping) {
            Place place = object.field("metadata", mapping.line(), mapping.column());
            for (Entry entry : mapping.entries()) {
                if (entry.key().equals("annotations") && entry.value() instanceof Mapping annotations) {
                    Place all = place.field(entry.key(), annotations.line(), annotations.column());
                    for (Entry one : annotations.entries()) {
                        places.put(
                                one.key(),
                                all.field(
                                        one.key(),
                                        one.value().line(),
                                        one.value().column()));
                    }
                }
            }
        }
        return places;
    }

    private String text(Tree tree, Place place) {
        if (tree.isNull()) {
            return "";
        }
        if (!(tree instanceof Scalar scalar)) {
            problems.error(place, "this must be a string, it is " + tree.words(), "write a name");
            return "";
        }
        if (scalar.kind() != Tree.Kind.STRING) {
            problems.warning(
                    place,
                    "the unquoted " + MessageText.quote(scalar.text()) + " is "
                            + scalar.kind().words() + ", not a string",
                    "put it in quotes");
        }
        return scalar.text();
    }

    private Map<String, String> texts(Tree tree, Place place) {
        if (tree.isNull()) {
            return Map.of();
        }
        if (!(tree instanceof Mapping mapping)) {
            problems.error(place, "this must be a map, it is " + tree.words(), "write it as \"key: value\"");
            return Map.of();
        }
        MessageReader keys = new MessageReader(problems);
        keys.reportDoubled(mapping, place);
        Map<String, String> texts = new LinkedHashMap<>();
        for (Entry entry : mapping.entries()) {
            Tree value = entry.value();
            keys.isPlainKey(entry, place);
            texts.put(entry.key(), text(value, place.field(entry.key(), value.line(), value.column())));
        }
        return texts;
    }

    private @Nullable Instant instant(Tree tree, Place place) {
        if (tree.isNull()) {
            return null;
        }
        String text = tree instanceof Scalar scalar ? scalar.text() : "";
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            problems.warning(
                    place,
                    MessageText.quote(text) + " is not a time",
                    "write it as 2006-01-02T15:04:05Z, or leave it to Kubernetes");
            return null;
        }
    }
}
