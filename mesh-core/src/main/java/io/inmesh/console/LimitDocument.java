package io.inmesh.console;

import io.inmesh.explain.LimitUse;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A limit of a cluster's, and how much of it is in use. */
final class LimitDocument {
    private LimitDocument() {}

    static Map<String, @Nullable Object> of(LimitUse use) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("limit", use.limited().word());
        map.put("field", use.field());
        map.put("inUse", use.inUse());
        map.put("most", use.most());
        return map;
    }
}
