package io.inmesh.internal.istio;

import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An API group of Istio's of which kinds are read. */
enum ApiGroup {
    NETWORKING("networking.istio.io", "v1", "v1beta1", "v1alpha3"),
    SECURITY("security.istio.io", "v1", "v1beta1");

    private final String group;
    private final Set<String> versions;

    ApiGroup(String group, String... versions) {
        this.group = group;
        this.versions = Set.of(versions);
    }

    /** The group that an {@code apiVersion} begins with, whatever follows; null for none of these. */
    static @Nullable ApiGroup of(String apiVersion) {
        return Arrays.stream(values())
                .filter(candidate -> apiVersion.startsWith(candidate.group))
                .findFirst()
                .orElse(null);
    }

    /** Whether a text speaks of the group. */
    boolean isIn(String text) {
        return text.contains(group);
    }

    /** Whether an {@code apiVersion} is one of the group's. */
    boolean hasVersion(String apiVersion) {
        int slash = apiVersion.indexOf('/');
        return slash > 0
                && apiVersion.substring(0, slash).equals(group)
                && versions.contains(apiVersion.substring(slash + 1));
    }

    /** The newest {@code apiVersion}. */
    String newest() {
        return group + "/v1";
    }
}
