package io.inmesh.telemetry.metrics;

import java.util.Map;

/**
 * A workload as Istio's metrics name it; what is not known is {@link #UNKNOWN}.
 *
 * @param name of the workload, such as the Deployment
 * @param app label {@code app}
 * @param version label {@code version}
 * @param canonicalService the service that the workload is
 * @param canonicalRevision its revision, {@code latest} where a workload that is known has none
 */
record Workload(String name, String app, String version, String canonicalService, String canonicalRevision) {
    /** What is not known, in every label. */
    static final String UNKNOWN = "unknown";

    /** Nothing is known of it. */
    static final Workload NOT_KNOWN = new Workload(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN);

    /** Without pods that have a name of their own: the pod's, which ends in a number. */
    private static final String POD_NAME = "statefulset.kubernetes.io/pod-name";

    /** What its pod's labels say (Istio: pkg/model/proxy.go for canonical names, the injector for names of workloads). */
    static Workload of(Map<String, String> labels) {
        return of(labels, "");
    }

    /**
     * What its pod's labels and name say.
     *
     * @param podName empty when not known
     */
    static Workload of(Map<String, String> labels, String podName) {
        if (labels.isEmpty() && podName.isEmpty()) {
            return NOT_KNOWN;
        }
        String app = labels.getOrDefault("app", UNKNOWN);
        String version = labels.getOrDefault("version", UNKNOWN);
        String service = first(
                labels,
                UNKNOWN,
                "service.istio.io/canonical-name",
                "app.kubernetes.io/name",
                "app",
                "service.istio.io/workload-name");
        String revision =
                first(labels, "", "service.istio.io/canonical-revision", "app.kubernetes.io/version", "version");
        String name = name(labels, podName, service, revision);
        return new Workload(
                name,
                app,
                version,
                service.equals(UNKNOWN) ? name : service,
                !revision.isEmpty() ? revision : name.equals(UNKNOWN) ? UNKNOWN : "latest");
    }

    private static String name(Map<String, String> labels, String podName, String service, String revision) {
        String told = labels.get("service.istio.io/workload-name");
        if (told != null) {
            return told;
        }
        String pod = labels.getOrDefault(POD_NAME, podName);
        String hash = labels.get("pod-template-hash");
        int end = hash == null ? pod.lastIndexOf('-') : pod.indexOf("-" + hash + "-");
        if (end > 0 && (hash != null || labels.containsKey(POD_NAME))) {
            return pod.substring(0, end);
        }
        return service.equals(UNKNOWN) || revision.isEmpty() ? service : service + "-" + revision;
    }

    private static String first(Map<String, String> labels, String otherwise, String... names) {
        for (String name : names) {
            String value = labels.get(name);
            if (value != null && !value.isEmpty()) {
                return value;
            }
        }
        return otherwise;
    }
}
