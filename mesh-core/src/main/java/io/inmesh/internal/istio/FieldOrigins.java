package io.inmesh.internal.istio;

import io.inmesh.internal.text.Message;
import io.inmesh.internal.text.Message.Value;
import io.inmesh.internal.text.Place;
import io.inmesh.model.Origin;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Places of the fields by which an object refers to others, for checks that look at several objects. Only those: places
 * of all fields would take more memory than the rules themselves.
 */
final class FieldOrigins {
    private static final String MIRROR = "mirror";

    private static final Set<String> REFERRING = Set.of(
            "http",
            "route",
            "destination",
            MIRROR,
            "mirrors",
            "delegate",
            "name",
            "hosts",
            "host",
            "subset",
            "subsets",
            "labels",
            "port",
            "number",
            "gateways",
            "servers",
            "match",
            "headers",
            "withoutHeaders",
            "tls",
            "credentialName",
            "serverCertificate",
            "selector",
            "rules",
            "from",
            "source",
            "namespaces",
            "notNamespaces",
            "ports",
            "mode",
            "portLevelSettings",
            "outlierDetection",
            "trafficPolicy",
            "workloadSelector");

    private final Map<String, Origin> origins = new HashMap<>();

    private FieldOrigins() {}

    /** @param annotations places of the values of all annotations, by key */
    static Map<String, Origin> of(Message spec, Map<String, Place> annotations) {
        FieldOrigins reading = new FieldOrigins();
        reading.fields(spec);
        annotations.forEach((key, place) -> {
            if (key.startsWith(DestinationAnnotations.PREFIX)) {
                reading.add(key, place);
            }
        });
        return reading.origins;
    }

    private void fields(Message message) {
        for (String field : message.given()) {
            if (REFERRING.contains(field)) {
                Place place = message.place(field);
                add(field, place);
                content(message.content(field));
            }
        }
    }

    private void content(Object content) {
        if (content instanceof Message message) {
            fields(message);
        } else if (content instanceof List<?> items) {
            for (Object item : items) {
                if (item instanceof Value value) {
                    add("", value.place());
                    content(value.content());
                }
            }
        }
    }

    /** Without lines a place tells only how the field was written: {@code mirror} is one of the {@code mirrors} too. */
    private void add(String field, Place place) {
        Origin origin = place.origin();
        if (origin.line() > 0 || field.equals(MIRROR)) {
            origins.put(place.path(), origin);
        }
    }
}
