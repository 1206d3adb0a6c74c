package io.inmesh.endpoint;

/**
 * Where a workload runs. Parts that are unknown are empty, never null.
 */
public record Locality(String region, String zone, String subzone) {
    /** Nothing known. */
    public static final Locality UNKNOWN = new Locality("", "", "");

    /** Reads {@code region/zone/subzone}, Istio's form; missing parts are empty. */
    public static Locality parse(String text) {
        String[] parts = text.split("/", -1);
        return new Locality(parts[0], parts.length > 1 ? parts[1] : "", parts.length > 2 ? parts[2] : "");
    }

    /** Istio's form, without trailing empty parts. */
    @Override
    public String toString() {
        String text = region;
        if (!zone.isEmpty() || !subzone.isEmpty()) {
            text += "/" + zone;
        }
        return subzone.isEmpty() ? text : text + "/" + subzone;
    }
}
