package io.inmesh.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Texts in which a source found its rules, by file or place. Immutable.
 *
 * @param good as they were when the source last told a configuration that was not refused
 * @param newest as they are now; the same instance as {@code good} while nothing is refused
 */
public record SourceTexts(Map<String, String> good, Map<String, String> newest) {
    /** No texts. */
    public static final SourceTexts NONE = new SourceTexts(Map.of(), Map.of());

    public SourceTexts {
        boolean same = good == newest;
        good = Collections.unmodifiableMap(new LinkedHashMap<>(good));
        newest = same ? good : Collections.unmodifiableMap(new LinkedHashMap<>(newest));
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return good.isEmpty() && newest.isEmpty();
    }

    /** The same with newer texts. */
    public SourceTexts with(Map<String, String> texts, boolean areGood) {
        return areGood ? new SourceTexts(texts, texts) : new SourceTexts(good, texts);
    }
}
