package io.inmesh.console;

import io.inmesh.event.Ejection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An ejection as the console's documents tell it. */
final class EjectionDocument {
    private EjectionDocument() {}

    static Map<String, @Nullable Object> of(Ejection ejection) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("cluster", ejection.cluster());
        map.put("reason", ejection.reason().id());
        map.put("because", ejection.because());
        map.put("since", ejection.since().toString());
        map.put("until", ejection.until().toString());
        map.put("count", ejection.count());
        return map;
    }
}
