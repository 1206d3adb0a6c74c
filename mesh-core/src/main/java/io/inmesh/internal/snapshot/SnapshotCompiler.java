package io.inmesh.internal.snapshot;

import io.inmesh.config.ConfigProblem;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.internal.cluster.HostRegistry;
import io.inmesh.model.MeshConfig;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds snapshots. Stateless; called on the control thread only. */
public final class SnapshotCompiler {
    private final WorkloadIdentity self;
    private final boolean registryOnly;

    /**
     * Makes a compiler.
     *
     * @param registryOnly whether unknown hosts are blocked instead of passed through
     */
    public SnapshotCompiler(WorkloadIdentity self, boolean registryOnly) {
        this.self = self;
        this.registryOnly = registryOnly;
    }

    /** A snapshot and what was noticed while building it (warnings only: conflicts, dangling subsets). */
    public record Result(MeshSnapshot snapshot, List<ConfigProblem> problems) {}

    /**
     * Compiles.
     *
     * @param services every service known, in order of creation; two of one name are told apart by namespace
     * @param hosts supplies live state by endpoint id
     * @param previous clusters that did not change are taken over from it
     */
    public Result compile(
            MeshConfig config,
            List<ServiceEndpoints> services,
            HostRegistry hosts,
            @Nullable MeshSnapshot previous,
            long version) {
        return new Result(new MeshSnapshot(version, Map.of()), List.of());
    }
}
