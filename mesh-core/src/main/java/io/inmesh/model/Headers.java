package io.inmesh.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Edits of request and response headers (Istio: Headers). */
public record Headers(HeaderOperations request, HeaderOperations response) {
    /** No edit. */
    public static final Headers NONE = new Headers(HeaderOperations.NONE, HeaderOperations.NONE);

    /**
     * Edits in one direction.
     *
     * @param set overwrites or adds
     * @param add appends
     * @param remove removes
     */
    public record HeaderOperations(Map<String, String> set, Map<String, String> add, List<String> remove) {
        /** No edit. */
        public static final HeaderOperations NONE = new HeaderOperations(Map.of(), Map.of(), List.of());

        /** Copies; keeps the order of writing. */
        public HeaderOperations {
            set = Collections.unmodifiableMap(new LinkedHashMap<>(set));
            add = Collections.unmodifiableMap(new LinkedHashMap<>(add));
            remove = List.copyOf(remove);
        }

        /** Whether nothing is to be done. */
        public boolean isEmpty() {
            return set.isEmpty() && add.isEmpty() && remove.isEmpty();
        }
    }
}
