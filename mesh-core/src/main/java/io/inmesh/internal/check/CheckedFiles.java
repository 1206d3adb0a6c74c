package io.inmesh.internal.check;

import io.inmesh.internal.manifest.Manifests;
import io.inmesh.model.MeshConfig;
import java.util.List;
import java.util.Locale;

/**
 * What the checks across the objects of files look at.
 *
 * @param config the rules that were accepted
 * @param manifests what stands beside them, with the names in rules that were refused
 * @param clusterDomain suffix of short names, usually {@code cluster.local}
 * @param whole whether the files are the whole configuration, such as a folder; else a warning of something missing says
 *     that another file may have it
 * @param allServices whether there are no services but those that are described, as with what a whole cluster holds
 * @param knownHosts hosts of services that the files do not describe, full names or wildcards such as {@code
 *     *.shop.svc.cluster.local}; when there are any, they and those in the files are taken for all that there are
 */
public record CheckedFiles(
        MeshConfig config,
        Manifests manifests,
        String clusterDomain,
        boolean whole,
        boolean allServices,
        List<String> knownHosts) {
    public CheckedFiles {
        knownHosts =
                knownHosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
    }

    /** Whether a host that is not known belongs to no service. */
    boolean knowsAllServices() {
        return allServices || !knownHosts.isEmpty();
    }

    /** Files of a whole configuration, of which nothing is known besides. */
    public static CheckedFiles of(MeshConfig config, Manifests manifests, String clusterDomain) {
        return new CheckedFiles(config, manifests, clusterDomain, true, false, List.of());
    }
}
