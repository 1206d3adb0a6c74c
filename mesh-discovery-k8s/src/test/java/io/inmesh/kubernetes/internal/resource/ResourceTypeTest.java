package io.inmesh.kubernetes.internal.resource;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ResourceTypeTest {
    @Test
    void asksForTheFormThatEachKindOfRequestHas() {
        // Seen at kube-apiserver 1.36: the version is v1 and not 1, a list takes the List form only, a watch the other.
        assertThat(Resources.POD_METADATA.listAccept())
                .isEqualTo("application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json");
        assertThat(Resources.POD_METADATA.watchAccept())
                .isEqualTo("application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json");
        assertThat(Resources.SERVICES.listAccept()).isEqualTo("application/json");
        assertThat(Resources.SERVICES.watchAccept()).isEqualTo("application/json");
    }

    @Test
    void findsItsCollection() {
        assertThat(Resources.ENDPOINT_SLICES.path("shop"))
                .isEqualTo("/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices");
        assertThat(Resources.SERVICES.path("")).isEqualTo("/api/v1/services");
        assertThat(Resources.WORKLOAD_ENTRIES.qualifiedName()).isEqualTo("workloadentries.networking.istio.io");
        assertThat(Resources.NODES.qualifiedName()).isEqualTo("nodes");
    }
}
