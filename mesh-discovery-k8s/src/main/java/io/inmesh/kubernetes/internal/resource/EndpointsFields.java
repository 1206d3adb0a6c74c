package io.inmesh.kubernetes.internal.resource;

import com.fasterxml.jackson.core.JsonParser;
import io.inmesh.kubernetes.internal.resource.Endpoints.Subset;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Collects v1 {@link Endpoints}. */
final class EndpointsFields extends ObjectFields<Endpoints> {
    private static final SharedValues SHARED = new SharedValues();

    private final EndpointParts parts = new EndpointParts(json);
    private final List<Subset> subsets = new ArrayList<>(1);

    private EndpointsFields(JsonParser json) {
        super(new JsonCursor(json, SHARED), MetadataFields.NONE, MetadataFields.NONE);
    }

    static Endpoints read(JsonParser json) throws IOException {
        return new EndpointsFields(json).read();
    }

    @Override
    void field(String name) throws IOException {
        if (name.equals("subsets")) {
            json.list(() -> subsets.add(new SubsetFields().read()));
        } else {
            json.skip();
        }
    }

    @Override
    Endpoints result(Metadata metadata) throws UnreadableObjectException {
        if (parts.allBad()) {
            throw new UnreadableObjectException(metadata.key(), parts.problems().get(0));
        }
        return new Endpoints(metadata, subsets, parts.problems());
    }

    private final class SubsetFields {
        private final List<SliceEndpoint> endpoints = new ArrayList<>();
        private List<SlicePort> ports = List.of();

        Subset read() throws IOException {
            json.object(this::field);
            return new Subset(endpoints, ports);
        }

        private void field(String name) throws IOException {
            switch (name) {
                case "addresses" -> endpoints.addAll(parts.addresses(true));
                case "notReadyAddresses" -> endpoints.addAll(parts.addresses(false));
                case "ports" -> ports = parts.ports();
                default -> json.skip();
            }
        }
    }
}
