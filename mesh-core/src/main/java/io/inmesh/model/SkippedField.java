package io.inmesh.model;

/**
 * A field of a rule object that Istio executes and InMesh does not: the object is in force without it.
 *
 * @param path such as {@code spec.trafficPolicy.outlierDetection}
 * @param origin place of the field
 * @param refusesCalls whether calls that the field concerns fail, because it would not be safe to send them without it
 * @param consequence what calls lack without it, as one sentence without a full stop
 */
public record SkippedField(String path, Origin origin, boolean refusesCalls, String consequence) {
    @Override
    public String toString() {
        return path + " (" + origin + ") is not executed: "
                + (refusesCalls ? "calls that it concerns are refused, since without it " : "") + consequence;
    }
}
