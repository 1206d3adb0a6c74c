package io.inmesh.kubernetes.internal.resource;

import java.io.IOException;
import java.util.function.Function;
import java.util.function.Predicate;

/** Collects an object of which only the metadata is wanted. */
final class MetadataOnlyFields<T extends KubernetesObject> extends ObjectFields<T> {
    private final Function<Metadata, T> maker;

    MetadataOnlyFields(JsonCursor json, Predicate<String> keepLabel, Function<Metadata, T> maker) {
        super(json, keepLabel, MetadataFields.NONE);
        this.maker = maker;
    }

    @Override
    void field(String name) throws IOException {
        json.skip();
    }

    @Override
    T result(Metadata metadata) {
        return maker.apply(metadata);
    }
}
