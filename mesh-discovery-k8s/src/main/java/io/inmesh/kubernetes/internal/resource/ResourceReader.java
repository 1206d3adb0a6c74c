package io.inmesh.kubernetes.internal.resource;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;

/**
 * Reads one object from a stream of JSON. Stateless and thread-safe.
 *
 * <p>Tolerant: unknown fields, nulls and absent fields never disturb it.
 */
@FunctionalInterface
public interface ResourceReader<T extends KubernetesObject> {
    /**
     * Reads the object on whose first token the parser stands, and exactly that object: the parser stands on its last
     * token afterwards.
     *
     * @throws UnreadableObjectException when the JSON is whole but its content makes no sense; the object has been
     *     consumed then, so that reading can go on behind it
     * @throws IOException when the JSON itself is broken or cut
     */
    T read(JsonParser json) throws IOException;
}
