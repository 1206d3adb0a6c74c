package io.inmesh.spring.boot.actuate;

import io.inmesh.endpoint.ServiceName;
import java.util.Map;

/** What the actuator shows of the cluster that is watched; has no type of mesh-discovery-k8s, which may be absent. */
interface ClusterView {
    /** Whether something older than the cluster's present state is in use. */
    boolean degraded();

    /** For health: the state, and what does not stand. */
    Map<String, Object> health();

    /** Both sources with all their watches. */
    Map<String, Object> status();

    /** The source of endpoints with all its watches; empty when there is none. */
    Map<String, Object> endpoints();

    /** Where a service's endpoints come from; empty for a service that the cluster is not asked for. */
    Map<String, Object> service(ServiceName service);
}
