package io.inmesh.kubernetes.internal.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.sun.management.ThreadMXBean;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.kubernetes.internal.map.EndpointContext;
import io.inmesh.kubernetes.internal.map.ServiceMapper;
import io.inmesh.kubernetes.testing.KubernetesJson;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What reading a large list costs in memory; how long it takes is for the benchmarks. */
class FrugalityTest {
    private static final int SERVICES = 200;
    private static final int ENDPOINTS = 50;

    private static String list() {
        StringBuilder json = new StringBuilder("[");
        for (int service = 0; service < SERVICES; service++) {
            json.append(service == 0 ? "" : ",").append(slice(service));
        }
        return json.append("]").toString();
    }

    /** As a server sends it, with all that is not kept. */
    private static String slice(int service) {
        String name = "service-" + service;
        StringBuilder endpoints = new StringBuilder();
        for (int i = 0; i < ENDPOINTS; i++) {
            String pod = name + "-7d9c6f5b8-" + i;
            endpoints.append(i == 0 ? "" : ",").append("""
                            {"addresses":["10.%d.%d.%d"],"conditions":{"ready":true,"serving":true,"terminating":false},
                             "targetRef":{"kind":"Pod","namespace":"shop","name":"%s","uid":"%s"},
                             "nodeName":"node-%d.example.internal","zone":"zone-%d"}""".formatted(
                            1 + service / 250, service % 250, i + 1, pod, new UUID(service, i), i % 40, i % 3));
        }
        return """
                {"metadata":{"name":"%s-x8k2p","generateName":"%s-","namespace":"shop","uid":"%s",
                  "resourceVersion":"123456","generation":7,"creationTimestamp":"2026-11-23T14:42:57Z",
                  "labels":{"app":"%s","endpointslice.kubernetes.io/managed-by":"endpointslice-controller.k8s.io",
                    "kubernetes.io/service-name":"%s"},
                  "annotations":{"endpoints.kubernetes.io/last-change-trigger-time":"2026-11-23T14:42:57Z"},
                  "ownerReferences":[{"apiVersion":"v1","kind":"Service","name":"%s","uid":"%s","controller":true}],
                  "managedFields":[{"manager":"kube-controller-manager","operation":"Update","fieldsV1":{"f:a":{}}}]},
                 "addressType":"IPv4","ports":[{"name":"http","protocol":"TCP","port":8080}],"endpoints":[%s]}""".formatted(name, name, new UUID(service, 99), name, name, name, new UUID(service, 98), endpoints);
    }

    private static List<EndpointSlice> read(byte[] text) throws IOException {
        List<EndpointSlice> slices = new ArrayList<>(SERVICES);
        try (JsonParser json = JsonStreams.open(new ByteArrayInputStream(text))) {
            while (json.nextToken() != JsonToken.END_ARRAY) {
                slices.add(Resources.ENDPOINT_SLICES.reader().read(json));
            }
        }
        return slices;
    }

    /** 100 MiB are allowed for five times as many, with all that HTTP and the first classes of a process take. */
    @Test
    void readsAndMapsTenThousandEndpointsWithinAnEighthOfTheAllowance() throws IOException {
        byte[] text = list().getBytes(StandardCharsets.UTF_8);
        map(read(text));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();

        List<ServiceEndpoints> services = map(read(text));

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan((100L << 20) / 8);
        assertThat(services)
                .hasSize(SERVICES)
                .allSatisfy(service -> assertThat(service.endpoints().get(80)).hasSize(ENDPOINTS));
    }

    private static List<ServiceEndpoints> map(List<EndpointSlice> slices) {
        EndpointContext around = EndpointContext.of(WorkloadIdentity.DEFAULT);
        return slices.stream()
                .map(slice -> ServiceMapper.map(
                        KubernetesJson.read(Resources.SERVICES, KubernetesJson.service("shop", slice.service())),
                        List.of(slice),
                        around))
                .toList();
    }

    @Test
    void keepsWhatRepeatsOnce() throws IOException {
        List<EndpointSlice> slices = read(list().getBytes(StandardCharsets.UTF_8));
        SliceEndpoint one = slices.get(0).endpoints().get(3);
        SliceEndpoint other = slices.get(100).endpoints().get(3);

        assertThat(other.nodeName()).isSameAs(one.nodeName());
        assertThat(other.zone()).isSameAs(one.zone());
        assertThat(slices.get(100).ports()).isSameAs(slices.get(0).ports());
        assertThat(slices.get(100).metadata().annotations())
                .isSameAs(slices.get(0).metadata().annotations());
        assertThat(slices.get(100).key().namespace())
                .isSameAs(slices.get(0).key().namespace());
    }

    @Test
    void sharesTheLabelsOfPodsOfOneKind() throws IOException {
        String pod = "{\"metadata\":{\"name\":\"p%d\",\"labels\":{\"app\":\"db\",\"version\":\"v1\"}}}";
        Map<String, String> one = KubernetesJson.read(Resources.POD_METADATA, pod.formatted(1))
                .metadata()
                .labels();
        Map<String, String> other = KubernetesJson.read(Resources.POD_METADATA, pod.formatted(2))
                .metadata()
                .labels();

        assertThat(other).isSameAs(one);
    }

    @Test
    void forgetsRatherThanGrows() {
        SharedValues shared = new SharedValues();
        String first = shared.text(new String("a".toCharArray()));
        for (int i = 0; i < 100_000; i++) {
            shared.text("text " + i);
        }
        String huge = "x".repeat(10_000);

        assertThat(shared.text(new String("a".toCharArray()))).isEqualTo(first).isNotSameAs(first);
        assertThat(shared.text(huge)).isSameAs(huge);
        assertThat(shared.text(new String(huge.toCharArray()))).isNotSameAs(huge);
    }
}
