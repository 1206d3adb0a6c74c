package io.inmesh.kubernetes.internal.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.endpoint.Locality;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class ReadersTest {
    private static final String SLICE = """
            {"kind": "EndpointSlice", "endpoints": [
               {"addresses": ["10.0.0.1", "10.0.0.9"], "hostname": "db-0", "nodeName": "n1", "zone": "z1",
                "conditions": {"ready": true, "serving": null, "terminating": false, "dreaming": true},
                "targetRef": {"kind": "Pod", "namespace": "shop", "name": "db-0", "uid": "u1", "x": 1},
                "hints": {"forZones": [{"name": "z1"}, {"name": "z2"}], "forNodes": [{"name": "n1"}]}},
               {"addresses": ["10.0.0.2"]}],
             "addressType": "IPv4", "futureField": {"deep": [[[{}]]]},
             "ports": [{"name": "http", "port": 8080, "protocol": "TCP", "appProtocol": "kubernetes.io/h2c"},
                       {"name": null, "port": null}],
             "metadata": {"name": "db-x", "namespace": "shop", "uid": "s1", "resourceVersion": "17",
               "creationTimestamp": "2026-11-23T14:42:57Z", "deletionTimestamp": null,
               "labels": {"kubernetes.io/service-name": "db", "other": "left out"},
               "annotations": {"endpoints.kubernetes.io/last-change-trigger-time": "2026-11-23T15:00:00Z", "o": "x"},
               "managedFields": [{"manager": "kubectl"}]}}
            """;

    private static <T extends KubernetesObject> T read(ResourceType<T> type, String text) throws IOException {
        try (JsonParser json = JsonStreams.open(text)) {
            return type.reader().read(json);
        }
    }

    @Test
    void readsASliceInWhateverOrderItsFieldsCome() throws IOException {
        EndpointSlice slice = read(Resources.ENDPOINT_SLICES, SLICE);

        assertThat(slice.metadata())
                .isEqualTo(new Metadata(
                        new ObjectKey("shop", "db-x"),
                        "s1",
                        "17",
                        Map.of("kubernetes.io/service-name", "db"),
                        Map.of("endpoints.kubernetes.io/last-change-trigger-time", "2026-11-23T15:00:00Z"),
                        "2026-11-23T14:42:57Z",
                        null));
        assertThat(slice.service()).isEqualTo("db");
        assertThat(slice.addressType()).isEqualTo("IPv4");
        assertThat(slice.ports()).containsExactly(new SlicePort("http", 8080), new SlicePort("", 0));
        assertThat(slice.endpoints())
                .containsExactly(
                        new SliceEndpoint("10.0.0.1", true, null, false, "n1", "z1", "u1", null),
                        new SliceEndpoint("10.0.0.2", null, null, null, "", "", "", null));
        assertThat(slice.problems()).isEmpty();
    }

    @Test
    void takesNullAndAbsentListsForEmpty() throws IOException {
        EndpointSlice slice = read(
                Resources.ENDPOINT_SLICES,
                "{'metadata': {'name': 's', 'labels': null}, 'endpoints': null, 'ports': null}".replace('\'', '"'));

        assertThat(slice.endpoints()).isEmpty();
        assertThat(slice.ports()).isEmpty();
        assertThat(slice.service()).isEmpty();
        assertThat(slice.addressType()).isEmpty();
        assertThat(read(Resources.SERVICES, "{\"metadata\": {\"name\": \"s\"}, \"spec\": null}")
                        .ports())
                .isEmpty();
        assertThat(read(Resources.ENDPOINTS, "{\"metadata\": {\"name\": \"s\"}, \"subsets\": null}")
                        .subsets())
                .isEmpty();
    }

    @Test
    void leavesOutOnlyTheEndpointThatMakesNoSense() throws IOException {
        EndpointSlice slice = read(
                Resources.ENDPOINT_SLICES, SLICE.replace("{\"addresses\": [\"10.0.0.2\"]}", "{\"addresses\": [5]}"));

        assertThat(slice.endpoints()).extracting(SliceEndpoint::address).containsExactly("10.0.0.1");
        assertThat(slice.problems()).containsExactly("endpoints[1].addresses[0] is not a string");
    }

    @Test
    void refusesASliceOfWhichNoEndpointMakesSense() {
        String text = "{\"metadata\": {\"name\": \"s\", \"namespace\": \"n\"}, \"endpoints\": [{\"addresses\": {}}]}";

        assertThatThrownBy(() -> read(Resources.ENDPOINT_SLICES, text))
                .isInstanceOf(UnreadableObjectException.class)
                .hasMessage("endpoints[0].addresses is not a list");
    }

    @Test
    void goesOnBehindAnObjectThatCannotBeRead() throws IOException {
        String list = "[" + SLICE.replace("8080", "\"8080\"") + ", null, 7, {\"metadata\": {}}," + SLICE + "]";
        JsonParser json = JsonStreams.open(list);
        List<String> names = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            try {
                names.add(Resources.ENDPOINT_SLICES.reader().read(json).key().toString());
            } catch (UnreadableObjectException e) {
                problems.add(e.key() + ": " + e.getMessage());
            }
        }

        assertThat(names).containsExactly("shop/db-x");
        assertThat(problems)
                .containsExactly(
                        "shop/db-x: ports[0].port is not a number",
                        ": metadata.name is missing",
                        ": the object is not a map",
                        ": metadata.name is missing");
    }

    @Test
    void isNotDisturbedByALabelOfAMegabyteThatItDoesNotKeep() throws IOException {
        String slice = SLICE.replace("left out", "x".repeat(1 << 20));

        assertThat(read(Resources.ENDPOINT_SLICES, slice).metadata().labels()).hasSize(1);
        assertThatThrownBy(() -> read(Resources.POD_METADATA, slice))
                .isInstanceOf(UnreadableObjectException.class)
                .hasMessageStartingWith("metadata.labels.other has 1048576 characters");
    }

    @Test
    void readsAService() throws IOException {
        Service service = read(Resources.SERVICES, """
                {"metadata": {"name": "db", "namespace": "shop",
                   "annotations": {"networking.istio.io/exportTo": ".", "big": "left out"}},
                 "spec": {"clusterIP": "10.96.0.1", "clusterIPs": ["10.96.0.1", "fd00::1"],
                   "ipFamilies": ["IPv4", "IPv6"], "selector": {"app": "db"}, "publishNotReadyAddresses": true,
                   "internalTrafficPolicy": "Local", "trafficDistribution": "PreferSameNode",
                   "ports": [{"name": "a", "port": 80, "targetPort": 8080, "nodePort": 30000},
                             {"name": "b", "port": 81, "targetPort": "web", "appProtocol": "http", "protocol": "UDP"}]}}
                """);

        assertThat(service)
                .isEqualTo(new Service(
                        service.metadata(),
                        "ClusterIP",
                        List.of("10.96.0.1", "fd00::1"),
                        List.of("IPv4", "IPv6"),
                        List.of(
                                new Service.Port("a", 80, 8080, "", "TCP", ""),
                                new Service.Port("b", 81, 0, "web", "UDP", "http")),
                        Map.of("app", "db"),
                        "",
                        "Local",
                        "PreferSameNode"));
        assertThat(service.metadata().annotations()).isEqualTo(Map.of("networking.istio.io/exportTo", "."));
    }

    @Test
    void readsEndpointsWithTheirReadiness() throws IOException {
        Endpoints endpoints = read(Resources.ENDPOINTS, """
                {"metadata": {"name": "db"},
                 "subsets": [{"addresses": [{"ip": "10.0.0.1", "nodeName": "n1", "targetRef": {"uid": "u"}}],
                              "notReadyAddresses": [{"ip": "10.0.0.2"}], "ports": [{"port": 8080}]},
                             {"addresses": [{"ip": 5}]}]}
                """);

        assertThat(endpoints.subsets()).hasSize(2);
        assertThat(endpoints.subsets().get(0).endpoints())
                .extracting(SliceEndpoint::address, SliceEndpoint::ready)
                .containsExactly(tuple("10.0.0.1", true), tuple("10.0.0.2", false));
        assertThat(endpoints.subsets().get(0).ports()).containsExactly(new SlicePort("", 8080));
        assertThat(endpoints.problems()).containsExactly("subsets[1].addresses[0].ip is not a string");
    }

    @Test
    void readsAPodAndItsMetadataAlone() throws IOException {
        String text = """
                {"metadata": {"name": "p", "namespace": "shop", "uid": "u", "labels": {"app": "db", "version": "v1"},
                   "deletionTimestamp": "2026-11-23T14:42:57Z"},
                 "spec": {"nodeName": "n1", "containers": [{"name": "c"}]},
                 "status": {"phase": "Running", "podIP": "10.0.0.1", "podIPs": [{"ip": "10.0.0.1"}, {"ip": "fd00::1"}],
                   "conditions": [{"type": "Initialized", "status": "True"}, {"type": "Ready", "status": "True"}]}}
                """;
        Pod pod = read(Resources.PODS, text);

        assertThat(pod).isEqualTo(new Pod(pod.metadata(), "Running", List.of("10.0.0.1", "fd00::1"), "n1", true));
        assertThat(pod.metadata().labels()).isEqualTo(Map.of("app", "db", "version", "v1"));
        assertThat(pod.metadata().deletionTimestamp()).isEqualTo("2026-11-23T14:42:57Z");
        assertThat(read(Resources.POD_METADATA, text).metadata()).isEqualTo(pod.metadata());
        assertThat(read(
                                Resources.PODS,
                                text.replace("\"Ready\", \"status\": \"True\"", "\"Ready\", \"status\": \"False\""))
                        .ready())
                .isFalse();
    }

    @Test
    void readsWhereANodeStands() throws IOException {
        String text = """
                {"metadata": {"name": "n1", "labels": {"topology.kubernetes.io/region": "r1",
                   "topology.kubernetes.io/zone": "z1", "topology.istio.io/subzone": "s1", "arch": "left out"}}}
                """;
        Node node = read(Resources.NODES, text);

        assertThat(node.locality()).isEqualTo(new Locality("r1", "z1", "s1"));
        assertThat(node.metadata().labels()).hasSize(3);
        assertThat(read(Resources.NODES, text.replace("topology.kubernetes.io", "failure-domain.beta.kubernetes.io"))
                        .locality())
                .isEqualTo(new Locality("r1", "z1", "s1"));
    }

    @Test
    void readsAWorkloadEntryWithTheObjectsOwnLabelsFirst() throws IOException {
        WorkloadEntry entry = read(Resources.WORKLOAD_ENTRIES, """
                {"metadata": {"name": "vm", "namespace": "shop", "labels": {"version": "v2"}},
                 "spec": {"address": "10.0.0.5", "ports": {"http": 9999}, "labels": {"app": "db", "version": "v1"},
                   "locality": "r1/z1", "weight": 4, "network": "left out", "serviceAccount": "left out"}}
                """);

        assertThat(entry)
                .isEqualTo(new WorkloadEntry(
                        entry.metadata(),
                        "10.0.0.5",
                        Map.of("http", 9999),
                        Map.of("app", "db", "version", "v2"),
                        "r1/z1",
                        4,
                        true));
    }

    @Test
    void takesAHealthCheckedWorkloadEntryForHealthyOnlyWhenItsConditionSaysSo() throws IOException {
        String text = """
                {"metadata": {"name": "vm", "annotations": {"proxy.istio.io/health-checks-enabled": "true"}},
                 "spec": {"address": "10.0.0.5"}, "status": {"conditions": [{"type": "Healthy", "status": "STATUS"}]}}
                """;

        assertThat(read(Resources.WORKLOAD_ENTRIES, text.replace("STATUS", "True"))
                        .healthy())
                .isTrue();
        assertThat(read(Resources.WORKLOAD_ENTRIES, text.replace("STATUS", "False"))
                        .healthy())
                .isFalse();
        assertThat(read(Resources.WORKLOAD_ENTRIES, text.replace("Healthy", "Other"))
                        .healthy())
                .isFalse();
    }

    @Test
    void keepsACustomResourceWhole() throws IOException {
        CustomResource rule = read(Resources.customResource("VirtualService"), """
                {"metadata": {"name": "r", "namespace": "shop", "creationTimestamp": "2026-11-23T14:42:57Z",
                   "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{}", "a": "b"},
                   "managedFields": [{}]},
                 "spec": {"hosts": ["x"], "http": [{"retries": null, "weight": 1.5, "on": true, "n": 12}]},
                 "status": {"conditions": []}}
                """);

        assertThat(rule.tree())
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsOnlyKeys("apiVersion", "kind", "metadata", "spec")
                .containsEntry("apiVersion", "networking.istio.io/v1")
                .containsEntry("kind", "VirtualService");
        assertThat(String.valueOf(rule.tree()))
                .contains("spec={hosts=[x], http=[{retries=null, weight=1.5, on=true, n=12}]}")
                .contains("annotations={a=b}")
                .contains("creationTimestamp=2026-11-23T14:42:57Z")
                .doesNotContain("managedFields");
    }

    @Test
    void survivesDepthBombs() throws IOException {
        // With the two maps around it as deep as Go reads an object.
        String bomb = "[".repeat(9998) + "]".repeat(9998);
        String deep = "{\"metadata\": {\"name\": \"r\", \"namespace\": \"n\"}, \"spec\": {\"x\": " + bomb + "}}";
        JsonParser json = JsonStreams.open("[" + deep + "," + SLICE + "]");
        json.nextToken();

        CustomResource cutOff =
                Resources.customResource("ServiceEntry").reader().read(json);
        assertThat(ConfigReader.strict()
                        .readTree("ServiceEntry/n/r", cutOff.tree())
                        .problems())
                .extracting(ConfigProblem::message)
                .containsExactly("the object is nested more than 100 deep");
        json.nextToken();
        assertThat(Resources.ENDPOINT_SLICES.reader().read(json).key().name()).isEqualTo("db-x");
        assertThatThrownBy(() -> read(Resources.SERVICES, "[".repeat(1_000_000)))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(UnreadableObjectException.class);
    }

    @Test
    void knowsNoOtherCustomResource() {
        assertThatThrownBy(() -> Resources.customResource("Sidecar"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("InMesh reads no custom resources of kind Sidecar");
    }
}
