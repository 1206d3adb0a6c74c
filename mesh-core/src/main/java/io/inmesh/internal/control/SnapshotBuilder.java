package io.inmesh.internal.control;

import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.internal.cluster.HostRegistry;
import io.inmesh.internal.snapshot.MeshSnapshot;
import io.inmesh.internal.snapshot.SnapshotCompiler;
import io.inmesh.model.MeshConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link SnapshotCompiler#compile} as a parameter. */
@FunctionalInterface
public interface SnapshotBuilder {
    /** Builds a snapshot; what it throws is reported as a problem and the snapshot in force stays. */
    SnapshotCompiler.Result build(
            MeshConfig config,
            List<ServiceEndpoints> services,
            HostRegistry hosts,
            @Nullable MeshSnapshot previous,
            long version);
}
