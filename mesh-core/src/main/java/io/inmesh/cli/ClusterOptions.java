package io.inmesh.cli;

import io.inmesh.config.source.ClusterObjects;
import io.inmesh.config.source.ClusterObjects.Access;
import io.inmesh.config.source.ClusterObjects.Listing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.ServiceLoader;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say which cluster is looked at. */
final class ClusterOptions {
    @Option(
            names = "--kubernetes",
            description = {
                "Check what a cluster holds, with the rights that you have there. With PATHs: what they would break",
                "when they were applied to it."
            })
    private boolean kubernetes;

    @Option(names = "--kubeconfig", paramLabel = "FILE", description = "Unless told, as kubectl finds it.")
    private @Nullable Path kubeconfig;

    @Option(names = "--context", paramLabel = "NAME", description = "Of the kubeconfig; unless told, its current one.")
    private @Nullable String context;

    @Option(
            names = "--namespaces",
            split = ",",
            paramLabel = "NS",
            description = "Of the cluster, to look at no others; all unless told.")
    private Set<String> namespaces = Set.of();

    /** A cluster that cannot be asked. */
    static final class UnreachableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnreachableException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** Whether a cluster is asked for. */
    boolean isAsked() {
        return kubernetes;
    }

    /** Whether something is said of a cluster that nobody asks for. */
    boolean isInVain() {
        return !kubernetes && (kubeconfig != null || context != null || !namespaces.isEmpty());
    }

    /** Lists what the cluster holds. */
    Listing list() throws UnreachableException {
        Iterator<ClusterObjects> found =
                ServiceLoader.load(ClusterObjects.class).iterator();
        if (!found.hasNext()) {
            throw new UnreachableException(
                    "--kubernetes needs mesh-discovery-k8s, which is not on the class path; use"
                            + " mesh-discovery-k8s-<version>-cli.jar, which has all commands",
                    null);
        }
        try {
            return found.next().list(new Access(kubeconfig, context, namespaces));
        } catch (IOException e) {
            throw new UnreachableException(String.valueOf(e.getMessage()), e);
        }
    }
}
