package io.inmesh.internal.serviceentry;

import static io.inmesh.testing.Rules.config;
import static io.inmesh.testing.Rules.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.Locality;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.endpoint.Workload;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.Origin;
import io.inmesh.model.ServiceEntry;
import io.inmesh.model.ServiceEntry.Resolution;
import io.inmesh.model.WorkloadEntry;
import io.inmesh.model.WorkloadEntryObject;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ServiceEntriesTest {
    private static final String HOST = "reviews.example.com";

    private final KnownNames dns = new KnownNames();

    /** Answers as given. */
    private static final class KnownNames implements DnsAnswers {
        private final Map<String, List<String>> answers = new HashMap<>();
        private final Map<String, String> failures = new HashMap<>();

        @Override
        public List<String> addresses(String name) {
            return answers.getOrDefault(name, List.of());
        }

        @Override
        public @Nullable String firstAddress(String name) {
            List<String> all = addresses(name);
            return all.isEmpty() ? null : all.get(all.size() - 1);
        }

        @Override
        public @Nullable String failure(String name) {
            return failures.get(name);
        }

        @Override
        public String fix(String name) {
            return failures.containsKey(name) ? "check the name and the resolver" : "";
        }
    }

    private ServiceEndpoints only(ServiceEntry entry) {
        ServiceEntries.Result result = ServiceEntries.read(config(entry), dns, null);
        assertThat(result.services()).hasSize(1);
        return result.services().get(0);
    }

    private static WorkloadEntry workload(String address, Map<String, Integer> ports) {
        return new WorkloadEntry(address, ports, Map.of(), null, null, 0, null, Origin.NONE);
    }

    private static ServiceEntry entry(List<ServiceEntry.Port> ports, WorkloadEntry... endpoints) {
        return service(HOST, 80, Resolution.STATIC, endpoints).toBuilder()
                .addresses(List.of("240.0.0.1"))
                .ports(ports)
                .build();
    }

    private static ServiceEntry exportedTo(String... exportTo) {
        return service(HOST, 80).toBuilder().exportTo(List.of(exportTo)).build();
    }

    @Test
    void anEntryOfTwoSourcesCountsOnceAndTheOlderOneWins() {
        ServiceEntry local = createdAt(null, workload("10.0.0.1", Map.of()));
        ServiceEntry first = createdAt("2026-01-01T00:00:00Z", workload("10.0.0.2", Map.of()));
        ServiceEntry second = createdAt("2026-02-01T00:00:00Z", workload("10.0.0.3", Map.of()));

        ServiceEntries.Result cluster = ServiceEntries.read(config(second, first), dns, null);
        assertThat(addresses(cluster)).containsExactly("10.0.0.2");
        assertThat(cluster.problems())
                .singleElement()
                .asString()
                .contains(
                        "ServiceEntry default/" + HOST + " is also written at", "which is older: this one is ignored");

        assertThat(addresses(ServiceEntries.read(config(first, local), dns, null)))
                .containsExactly("10.0.0.1");
    }

    @Test
    void amongEntriesOfOneAgeTheNameDecidesAndNotTheOrderOfWriting() {
        ServiceEntry a = named("a", "one", "10.0.0.1");
        ServiceEntry b = named("b", "default", "10.0.0.2");
        ServiceEntry bInZ = named("b", "z", "10.0.0.3");

        assertThat(addresses(ServiceEntries.read(config(bInZ, b, a), dns, null)))
                .isEqualTo(addresses(ServiceEntries.read(config(a, b, bInZ), dns, null)))
                .containsExactly("10.0.0.1", "10.0.0.2", "10.0.0.3");
    }

    private static ServiceEntry named(String name, String namespace, String address) {
        return entry(ObjectMeta.of(namespace, name), workload(address, Map.of()));
    }

    private static ServiceEntry createdAt(@Nullable String time, WorkloadEntry endpoint) {
        return entry(
                ObjectMeta.builder("default", HOST)
                        .creationTimestamp(time == null ? null : Instant.parse(time))
                        .origin(new Origin("ServiceEntry made " + time, 0, 0))
                        .build(),
                endpoint);
    }

    private static ServiceEntry entry(ObjectMeta meta, WorkloadEntry endpoint) {
        ServiceEntry plain = service(HOST, 80, Resolution.STATIC, endpoint);
        return ServiceEntry.builder(meta, plain.hosts())
                .addresses(plain.addresses())
                .ports(plain.ports())
                .location(plain.location())
                .resolution(plain.resolution())
                .endpoints(plain.endpoints())
                .build();
    }

    private static List<String> addresses(ServiceEntries.Result result) {
        return result.services().stream()
                .flatMap(service -> service.endpoints().get(80).stream())
                .map(Endpoint::address)
                .toList();
    }

    @Test
    void readsAStaticEndpoint() {
        ServiceEntry entry = service(
                HOST,
                80,
                new WorkloadEntry(
                        "10.0.0.1", Map.of(), Map.of("version", "v1"), null, "eu/eu-1/a", 3, null, Origin.NONE));

        ServiceEndpoints service = only(entry);

        assertThat(service.service().host()).isEqualTo(HOST);
        assertThat(service.namespace()).isEqualTo("default");
        assertThat(service.state()).isEqualTo(ServiceEndpoints.State.ENDPOINTS);
        assertThat(service.ports()).containsExactly(new ServicePort(80, "http", "HTTP"));
        assertThat(service.endpoints())
                .containsOnly(Map.entry(
                        80,
                        List.of(new Endpoint(
                                "se/default/" + HOST + "/" + HOST + "/10.0.0.1:80",
                                "10.0.0.1",
                                80,
                                new Locality("eu", "eu-1", "a"),
                                3,
                                Map.of("version", "v1"),
                                Condition.READY))));
    }

    @Test
    void aWeightThatIsNotGivenIsOneAndALocalityUnknown() {
        Endpoint endpoint = only(service(HOST, 80, workload("10.0.0.1", Map.of())))
                .endpoints()
                .get(80)
                .get(0);

        assertThat(endpoint.weight()).isEqualTo(1);
        assertThat(endpoint.locality()).isEqualTo(Locality.UNKNOWN);
    }

    @Test
    void theEndpointsPortBeatsTheTargetPortWhichBeatsTheNumber() {
        ServiceEndpoints service = only(entry(
                List.of(
                        new ServiceEntry.Port(80, "HTTP", "http", 8080),
                        new ServiceEntry.Port(81, "HTTP", "admin", 8081),
                        new ServiceEntry.Port(82, "HTTP", "plain", 0)),
                workload("10.0.0.1", Map.of("http", 9090))));

        assertThat(service.addresses()).containsExactly("240.0.0.1");
        assertThat(service.endpoints().get(80)).extracting(Endpoint::hostPort).containsExactly("10.0.0.1:9090");
        assertThat(service.endpoints().get(81)).extracting(Endpoint::hostPort).containsExactly("10.0.0.1:8081");
        assertThat(service.endpoints().get(82)).extracting(Endpoint::hostPort).containsExactly("10.0.0.1:82");
    }

    @Test
    void oneAddressTwiceIsTwoEndpoints() {
        List<Endpoint> endpoints = only(service(
                        HOST, 80, workload("10.0.0.1", Map.of()), workload("10.0.0.1", Map.of())))
                .endpoints()
                .get(80);

        assertThat(endpoints).extracting(Endpoint::id).doesNotHaveDuplicates().hasSize(2);
        assertThat(endpoints.get(1).id()).isEqualTo(endpoints.get(0).id() + "#2");
    }

    @Test
    void everyHostOfAnEntryIsAService() {
        ServiceEntry plain = service(HOST, 80, workload("10.0.0.1", Map.of()));
        ServiceEntry two = new ServiceEntry(
                plain.meta(),
                List.of("a.example.com", "B.example.com."),
                List.of(),
                plain.ports(),
                plain.location(),
                plain.resolution(),
                plain.endpoints(),
                null,
                List.of(),
                List.of());

        assertThat(ServiceEntries.read(config(two), dns, null).services())
                .extracting(service -> service.service().host())
                .containsExactly("a.example.com", "b.example.com");
    }

    @Test
    void withoutResolutionTheAddressOfTheRequestIsCalled() {
        ServiceEndpoints service = only(service("*.example.com", 80, Resolution.NONE));

        assertThat(service.state()).isEqualTo(ServiceEndpoints.State.ORIGINAL_DESTINATION);
        assertThat(service.endpoints()).isEmpty();
    }

    @Test
    void dnsTakesAllAddressesOfAllNames() {
        dns.answers.put("one.example.com", List.of("10.0.0.1", "10.0.0.2"));
        dns.answers.put("two.example.com", List.of("::1"));
        ServiceEntry entry = service(
                HOST,
                80,
                Resolution.DNS,
                workload("One.example.com.", Map.of()),
                workload("two.example.com", Map.of("http", 8080)),
                workload("10.0.0.9", Map.of()));

        assertThat(ServiceEntries.dnsNames(config(entry), selector -> List.of()))
                .containsExactly("one.example.com", "two.example.com");
        assertThat(only(entry).endpoints().get(80))
                .extracting(Endpoint::hostPort)
                .containsExactly("10.0.0.1:80", "10.0.0.2:80", "[::1]:8080", "10.0.0.9:80");
    }

    @Test
    void dnsWithoutEndpointsResolvesTheHost() {
        dns.answers.put(HOST, List.of("10.0.0.1", "10.0.0.2"));
        ServiceEntry entry = service(HOST, 80, Resolution.DNS);

        assertThat(ServiceEntries.dnsNames(config(entry), selector -> List.of()))
                .containsExactly(HOST);
        assertThat(only(entry).endpoints().get(80))
                .extracting(Endpoint::id)
                .containsExactly(
                        "se/default/" + HOST + "/" + HOST + "/10.0.0.1:80",
                        "se/default/" + HOST + "/" + HOST + "/10.0.0.2:80");
    }

    @Test
    void dnsRoundRobinTakesTheFirstAddressOnly() {
        dns.answers.put(HOST, List.of("10.0.0.1", "10.0.0.2"));

        assertThat(only(service(HOST, 80, Resolution.DNS_ROUND_ROBIN))
                        .endpoints()
                        .get(80))
                .extracting(Endpoint::hostPort)
                .containsExactly("10.0.0.2:80");
    }

    @Test
    void aNameThatCannotBeResolvedIsAWarningAtItsPlace() {
        dns.failures.put("gone.example.com", "unknown host");
        WorkloadEntry gone = new WorkloadEntry(
                "gone.example.com", Map.of(), Map.of(), null, null, 0, null, new Origin("se.yaml", 12, 7));

        ServiceEntries.Result result = ServiceEntries.read(config(service(HOST, 80, Resolution.DNS, gone)), dns, null);

        assertThat(result.services().get(0).endpoints().get(80)).isEmpty();
        assertThat(result.problems())
                .singleElement()
                .hasToString("se.yaml:12:7: warning: spec.endpoints[0].address: \"gone.example.com\" cannot be resolved"
                        + " (unknown host); it has no address yet; check the name and the resolver");
    }

    @Test
    void aUnixSocketIsReportedAndLeftOut() {
        ServiceEntry entry =
                service(HOST, 80, workload("unix:///var/run/app.sock", Map.of()), workload("10.0.0.1", Map.of()));

        ServiceEntries.Result result = ServiceEntries.read(config(entry), dns, null);

        assertThat(result.services().get(0).endpoints().get(80)).hasSize(1);
        assertThat(result.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString())
                        .contains("spec.endpoints[0].address", "Unix domain sockets are not supported"));
    }

    @Test
    void aNameWhereAnAddressIsNeededIsReportedAndLeftOut() {
        ServiceEntries.Result result =
                ServiceEntries.read(config(service(HOST, 80, workload("name.example.com", Map.of()))), dns, null);

        assertThat(result.services().get(0).endpoints().get(80)).isEmpty();
        assertThat(result.problems())
                .singleElement()
                .satisfies(
                        problem -> assertThat(problem.toString()).contains("is not an IP address", "resolution: DNS"));
    }

    @Test
    void visibilityIsByNamespace() {
        assertThat(only(exportedTo()).exportTo()).isEmpty();
        assertThat(only(exportedTo("*", "other")).exportTo()).isEmpty();
        assertThat(only(exportedTo(".", "other")).exportTo()).containsExactly("default", "other");
    }

    @Test
    void anEmptyConfigurationHasNoServices() {
        assertThat(ServiceEntries.read(MeshConfig.EMPTY, dns, null).services()).isEmpty();
        assertThat(ServiceEntries.dnsNames(MeshConfig.EMPTY, selector -> List.of()))
                .isEmpty();
    }

    @Test
    void aSelectorTakesWorkloadEntriesOfItsNamespaceAndWhatSourcesTell() {
        ServiceEntry selecting = new ServiceEntry(
                ObjectMeta.of("default", "web"),
                List.of(HOST),
                List.of(),
                List.of(new ServiceEntry.Port(80, "HTTP", "http", 0)),
                ServiceEntry.Location.MESH_INTERNAL,
                Resolution.DNS,
                List.of(),
                Map.of("app", "web"),
                List.of(),
                List.of());
        MeshConfig rules = MeshConfig.builder()
                .serviceEntries(List.of(selecting))
                .workloadEntries(List.of(
                        entry("default", "a", "10.0.0.1", Map.of("app", "web"), Map.of()),
                        // The object's own labels have the last word.
                        entry("default", "b", "10.0.0.2", Map.of("app", "other"), Map.of("app", "web")),
                        entry("default", "c", "10.0.0.3", Map.of("app", "web"), Map.of("app", "other")),
                        entry("elsewhere", "d", "10.0.0.4", Map.of("app", "web"), Map.of()),
                        entry("default", "a", "10.0.0.5", Map.of("app", "web"), Map.of()),
                        entry("default", "e", "10.0.0.6", Map.of("app", "web"), Map.of()),
                        entry("default", "f", "vm.example.com", Map.of("app", "web"), Map.of())))
                .build();
        Workload told = new Workload("uid", "10.0.0.6", Map.of(), Locality.UNKNOWN, 0, Map.of(), Condition.READY);

        ServiceEntries.Result alone = ServiceEntries.read(rules, dns, null);
        ServiceEntries.Result both = ServiceEntries.read(rules, dns, selector -> List.of(told));

        assertThat(addresses(alone)).containsExactly("10.0.0.1", "10.0.0.2", "10.0.0.6");
        assertThat(addresses(both)).containsExactly("10.0.0.1", "10.0.0.2", "10.0.0.6");
        assertThat(both.services().get(0).endpoints().get(80))
                .extracting(Endpoint::id)
                .contains("se/default/web/" + HOST + "/uid");
        assertThat(ServiceEntries.dnsNames(rules, selector -> List.of())).containsExactly("vm.example.com");
        assertThat(alone.problems()).isEmpty();
    }

    private static WorkloadEntryObject entry(
            String namespace,
            String name,
            String address,
            Map<String, String> labels,
            Map<String, String> labelsOfObject) {
        return new WorkloadEntryObject(
                new ObjectMeta(namespace, name, null, labelsOfObject, Map.of(), Origin.NONE),
                new WorkloadEntry(address, Map.of(), labels, null, null, 0, null, Origin.NONE));
    }
}
