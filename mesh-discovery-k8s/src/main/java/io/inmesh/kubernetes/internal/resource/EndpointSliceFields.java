package io.inmesh.kubernetes.internal.resource;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.List;

/** Collects an {@link EndpointSlice}. */
final class EndpointSliceFields extends ObjectFields<EndpointSlice> {
    private static final SharedValues SHARED = new SharedValues();

    private final EndpointParts parts = new EndpointParts(json);
    private String addressType = "";
    private List<SlicePort> ports = List.of();
    private List<SliceEndpoint> endpoints = List.of();

    private EndpointSliceFields(JsonParser json) {
        super(new JsonCursor(json, SHARED), Resources.SERVICE_NAME::equals, Resources.LAST_CHANGE::equals);
    }

    static EndpointSlice read(JsonParser json) throws IOException {
        return new EndpointSliceFields(json).read();
    }

    @Override
    void field(String name) throws IOException {
        switch (name) {
            case "addressType" -> addressType = json.sharedText();
            case "ports" -> ports = parts.ports();
            case "endpoints" -> endpoints = parts.endpoints();
            default -> json.skip();
        }
    }

    @Override
    EndpointSlice result(Metadata metadata) throws UnreadableObjectException {
        if (parts.allBad()) {
            throw new UnreadableObjectException(metadata.key(), parts.problems().get(0));
        }
        return new EndpointSlice(metadata, addressType, ports, endpoints, parts.problems());
    }
}
