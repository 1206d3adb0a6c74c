package io.inmesh.kubernetes.internal.resource;

/** The resources that InMesh reads. */
public final class Resources {
    /** Label of an EndpointSlice: the Service it belongs to. */
    public static final String SERVICE_NAME = "kubernetes.io/service-name";

    /** Annotation: when what stands behind the endpoints last changed. */
    public static final String LAST_CHANGE = "endpoints.kubernetes.io/last-change-trigger-time";

    /** Istio's annotation of a Service: the namespaces that see it. */
    public static final String EXPORT_TO = "networking.istio.io/exportTo";

    /** Istio's annotation of a Service: whether calls are to stay near, in the words of {@code trafficDistribution}. */
    public static final String TRAFFIC_DISTRIBUTION = "networking.istio.io/traffic-distribution";

    /** Istio's annotation of a WorkloadEntry that is used only while its condition says that it is healthy. */
    public static final String HEALTH_CHECKED = "proxy.istio.io/health-checks-enabled";

    /** EndpointSlices. */
    public static final ResourceType<EndpointSlice> ENDPOINT_SLICES =
            ResourceType.of("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", EndpointSliceFields::read);

    /** Services. */
    public static final ResourceType<Service> SERVICES =
            ResourceType.of("", "v1", "services", "Service", ServiceFields::read);

    /** v1 Endpoints. */
    public static final ResourceType<Endpoints> ENDPOINTS =
            ResourceType.of("", "v1", "endpoints", "Endpoints", EndpointsFields::read);

    /** Pods with what their status says. */
    public static final ResourceType<Pod> PODS = ResourceType.of("", "v1", "pods", "Pod", PodFields::read);

    private static final SharedValues SHARED = new SharedValues();

    /** Pods of which only uid and labels are asked for. */
    public static final ResourceType<PodMetadata> POD_METADATA = new ResourceType<>(
            "",
            "v1",
            "pods",
            "Pod",
            true,
            json -> new MetadataOnlyFields<>(new JsonCursor(json, SHARED), MetadataFields.ALL, PodMetadata::new)
                    .read());

    /** Nodes, of which only labels are asked for. */
    public static final ResourceType<Node> NODES = new ResourceType<>(
            "",
            "v1",
            "nodes",
            "Node",
            true,
            json -> new MetadataOnlyFields<>(new JsonCursor(json, SHARED), Node::keepsLabel, Node::new).read());

    /** Istio's WorkloadEntries. */
    public static final ResourceType<WorkloadEntry> WORKLOAD_ENTRIES =
            ResourceType.of("networking.istio.io", "v1", "workloadentries", "WorkloadEntry", WorkloadEntryFields::read);

    private Resources() {}

    /**
     * An Istio kind that is read whole.
     *
     * @param kind VirtualService, DestinationRule, ServiceEntry, AuthorizationPolicy or RequestAuthentication
     * @throws IllegalArgumentException for any other kind
     */
    public static ResourceType<CustomResource> customResource(String kind) {
        return switch (kind) {
            case "VirtualService" -> rule("networking.istio.io", "virtualservices", kind);
            case "DestinationRule" -> rule("networking.istio.io", "destinationrules", kind);
            case "ServiceEntry" -> rule("networking.istio.io", "serviceentries", kind);
            case "Gateway" -> rule("networking.istio.io", "gateways", kind);
            case "AuthorizationPolicy" -> rule("security.istio.io", "authorizationpolicies", kind);
            case "RequestAuthentication" -> rule("security.istio.io", "requestauthentications", kind);
            default -> throw new IllegalArgumentException("InMesh reads no custom resources of kind " + kind);
        };
    }

    /**
     * Any resource, of which objects are read whole but for their status; of Secrets nothing but type and names of
     * entries, and of Pods labels, service account and ports.
     */
    public static ResourceType<CustomResource> any(String group, String version, String plural, String kind) {
        String apiVersion = group.isEmpty() ? version : group + "/" + version;
        return ResourceType.of(
                group,
                version,
                plural,
                kind,
                switch (kind) {
                    case "Secret" -> SecretFields::read;
                    case "Pod" -> PodTemplateFields::read;
                    default -> json -> CustomResourceFields.read(json, apiVersion, kind);
                });
    }

    private static ResourceType<CustomResource> rule(String group, String plural, String kind) {
        return ResourceType.of(group, "v1", plural, kind, json -> CustomResourceFields.read(json, group + "/v1", kind));
    }
}
