package io.inmesh.kubernetes.internal.map;

import static io.inmesh.kubernetes.internal.map.Objects.AROUND;
import static io.inmesh.kubernetes.internal.map.Objects.HTTP;
import static io.inmesh.kubernetes.internal.map.Objects.at80;
import static io.inmesh.kubernetes.internal.map.Objects.endpoint;
import static io.inmesh.kubernetes.internal.map.Objects.map;
import static io.inmesh.kubernetes.internal.map.Objects.ready;
import static io.inmesh.kubernetes.internal.map.Objects.service;
import static io.inmesh.kubernetes.internal.map.Objects.slice;
import static io.inmesh.kubernetes.internal.map.Objects.typed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import com.fasterxml.jackson.core.JsonParser;
import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.kubernetes.internal.resource.EndpointSlice;
import io.inmesh.kubernetes.internal.resource.Endpoints;
import io.inmesh.kubernetes.internal.resource.JsonStreams;
import io.inmesh.kubernetes.internal.resource.Metadata;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import io.inmesh.kubernetes.internal.resource.Resources;
import io.inmesh.kubernetes.internal.resource.Service;
import io.inmesh.kubernetes.internal.resource.SlicePort;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceMapperTest {
    @Test
    void namesTheServiceAndItsAddresses() {
        ServiceEndpoints mapped = map(service());

        assertThat(mapped)
                .isEqualTo(new ServiceEndpoints(
                        new ServiceName("db.shop.svc.cluster.local"),
                        "shop",
                        ServiceEndpoints.State.ENDPOINTS,
                        List.of("10.96.0.1"),
                        List.of(new ServicePort(80, "http", "HTTP")),
                        Map.of(80, List.of()),
                        List.of()));
    }

    @Test
    void takesOnlySlicesThatNameTheServiceInItsOwnNamespace() {
        EndpointSlice named = slice("other-name", List.of(HTTP), ready("10.0.0.1"));
        EndpointSlice elsewhere = slice(
                "away",
                "db-1",
                Map.of(Resources.SERVICE_NAME, "db"),
                "",
                "IPv4",
                List.of(HTTP),
                List.of(ready("10.0.0.2")));
        EndpointSlice unlabelled =
                slice("shop", "db-2", Map.of(), "", "IPv4", List.of(HTTP), List.of(ready("10.0.0.3")));
        EndpointSlice foreign = slice(
                "shop",
                "db-3",
                Map.of(Resources.SERVICE_NAME, "cache"),
                "",
                "IPv4",
                List.of(HTTP),
                List.of(ready("10.0.0.4")));

        assertThat(at80(named, elsewhere, unlabelled, foreign))
                .extracting(Endpoint::address)
                .containsExactly("10.0.0.1");
    }

    @Test
    void takesPlaceholderSlicesForNothing() {
        assertThat(at80(slice("db-1", List.of()), slice("db-2", List.of(), ready("10.0.0.1"))))
                .isEmpty();
    }

    @Test
    void ignoresNamesAndTypesOfAddressesThatItDoesNotKnow() {
        assertThat(at80(
                        typed("FQDN", "a", ready("10.0.0.1")),
                        typed("Carrier-Pigeon", "b", ready("10.0.0.2")),
                        typed("IPv6", "c", ready("fd00::1"))))
                .extracting(Endpoint::hostPort)
                .containsExactly("[fd00::1]:8080");
    }

    @ParameterizedTest
    @CsvSource({
        "      ,      ,      , READY",
        "true  , true , false, READY",
        "true  , true , true , READY",
        "      , false,      , READY",
        "      ,      , true , READY",
        "false , false, false, NOT_READY",
        "false , true , false, NOT_READY",
        "false ,      , false, NOT_READY",
        "false , true , true , TERMINATING",
        "false ,      , true , TERMINATING",
        "false , false, true , ",
        "false , true ,      , ",
        "false , false,      , "
    })
    void readsConditions(Boolean ready, Boolean serving, Boolean terminating, Condition expected) {
        List<Endpoint> mapped =
                at80(slice("db-1", List.of(HTTP), endpoint("10.0.0.1", ready, serving, terminating, "", "", "u")));

        assertThat(mapped).extracting(Endpoint::condition).isEqualTo(expected == null ? List.of() : List.of(expected));
    }

    @Test
    void matchesPortsByNameAndNeverByNumber() {
        Service twoPorts = service(
                List.of(
                        new Service.Port("", 80, 0, "web", "TCP", ""),
                        new Service.Port("admin", 81, 8080, "", "TCP", ""),
                        new Service.Port("dns", 53, 0, "", "UDP", "")),
                List.of("IPv4"),
                "");
        EndpointSlice one = slice("db-1", List.of(new SlicePort("", 8080), new SlicePort("80", 80)), ready("10.0.0.1"));
        EndpointSlice two = slice(
                "db-2",
                List.of(new SlicePort("", 9090), new SlicePort("admin", 81), new SlicePort("dns", 53)),
                ready("10.0.0.2"));

        ServiceEndpoints mapped = map(twoPorts, one, two);

        assertThat(mapped.endpoints()).containsOnlyKeys(80, 81);
        assertThat(mapped.endpoints().get(80))
                .extracting(Endpoint::hostPort)
                .containsExactly("10.0.0.1:8080", "10.0.0.2:9090");
        assertThat(mapped.endpoints().get(81)).extracting(Endpoint::hostPort).containsExactly("10.0.0.2:81");
    }

    @Test
    void skipsAPortWithoutNumber() {
        assertThat(at80(slice("db-1", List.of(new SlicePort("http", 0)), ready("10.0.0.1"))))
                .isEmpty();
    }

    @Test
    void leavesHintsToKubeProxy() throws IOException {
        String hinted = """
                {"metadata": {"name": "db-1", "namespace": "shop", "labels": {"kubernetes.io/service-name": "db"}},
                 "addressType": "IPv4", "ports": [{"name": "http", "port": 8080}],
                 "endpoints": [{"addresses": ["10.0.0.1"], "nodeName": "n9", "zone": "z9",
                   "hints": {"forZones": [{"name": "z9"}], "forNodes": [{"name": "n9"}]}}]}
                """;
        try (JsonParser json = JsonStreams.open(hinted)) {
            assertThat(at80(Resources.ENDPOINT_SLICES.reader().read(json))).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.8.9.1",
                "169.254.169.254",
                "0.0.0.0",
                "224.0.0.1",
                "::1",
                "::",
                "fe80::1",
                "ff02::1",
                "::ffff:127.0.0.1",
                "::ffff:169.254.169.254",
                "::ffff:7f00:1",
                "::127.0.0.1",
                "fe80::1%eth0",
                "localhost",
                "metadata.google.internal",
                "10.0.0",
                "010.0.0.1",
                "10.0.0.1:80",
                "[fd00::1]",
                "2130706433",
                "::::"
            })
    void dropsWhatIsNotTheAddressOfAnotherMachine(String address) {
        assertThat(at80(typed("IPv4", "a", ready(address)), typed("IPv6", "b", ready(address))))
                .isEmpty();
    }

    @Test
    void makesAnAliasOfAnExternalName() {
        Service alias = external("X.com.", service().ports());

        ServiceEndpoints expected = ServiceEndpoints.alias(
                new ServiceName("db.shop.svc.cluster.local"),
                "shop",
                new ServiceName("x.com"),
                map(service()).ports(),
                List.of());
        assertThat(map(alias, slice("db-1", List.of(HTTP), ready("10.0.0.1")))).isEqualTo(expected);
        assertThat(ServiceMapper.map(alias, (Endpoints) null, AROUND)).isEqualTo(expected);
    }

    @Test
    void knowsNoExternalNameWithoutAName() {
        assertThat(map(external("", List.of())))
                .isEqualTo(ServiceEndpoints.absent(new ServiceName("db.shop.svc.cluster.local")));
    }

    private static Service external(String name, List<Service.Port> ports) {
        return new Service(service().metadata(), "ExternalName", List.of(), List.of(), ports, Map.of(), name, "", "");
    }

    @Test
    void hasNoAddressForAHeadlessService() {
        Service headless = new Service(
                service().metadata(), "ClusterIP", List.of("None"), List.of(), List.of(), Map.of(), "", "", "");

        ServiceEndpoints mapped = map(headless, slice("db-1", List.of(), ready("10.0.0.1")));

        assertThat(mapped.addresses()).isEmpty();
        assertThat(mapped.ports()).isEmpty();
        assertThat(mapped.endpoints()).isEmpty();
        assertThat(mapped.state()).isEqualTo(ServiceEndpoints.State.ENDPOINTS);
        assertThat(mapped.namedInstances()).isTrue();
        assertThat(map(service()).namedInstances()).isFalse();
    }

    @Test
    void staysOnTheOwnNodeWhereTheServiceWantsIt() {
        Service local = service(service().ports(), List.of("IPv4"), "Local");
        EndpointSlice slice = slice(
                "db-1",
                List.of(HTTP),
                endpoint("10.0.0.1", true, true, false, "n1", "", "u1"),
                endpoint("10.0.0.2", true, true, false, "n2", "", "u2"),
                ready("10.0.0.3"));
        WorkloadIdentity onNode =
                new WorkloadIdentity("default", Map.of(), WorkloadIdentity.DEFAULT.locality(), "n2", "cluster.local");

        assertThat(ServiceMapper.map(local, List.of(slice), EndpointContext.of(onNode))
                        .endpoints()
                        .get(80))
                .extracting(Endpoint::address)
                .containsExactly("10.0.0.2");
        assertThat(map(local, slice).endpoints().get(80)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "''|",
                "*|",
                ".|shop",
                "a, b|a,b",
                "., b|shop,b",
                "a,*|",
                "~|~",
                " , |",
            },
            delimiter = '|')
    void readsWhoSeesIt(String annotation, String expected) {
        Service exported = new Service(
                new Metadata(
                        new ObjectKey("shop", "db"),
                        "",
                        "1",
                        Map.of(),
                        Map.of(Resources.EXPORT_TO, annotation),
                        null,
                        null),
                "ClusterIP",
                List.of(),
                List.of(),
                List.of(),
                Map.of(),
                "",
                "",
                "");

        assertThat(map(exported).exportTo()).isEqualTo(expected == null ? List.of() : List.of(expected.split(",", -1)));
    }

    @Test
    void readsOldEndpoints() {
        Endpoints endpoints = new Endpoints(
                service().metadata(),
                List.of(
                        new Endpoints.Subset(
                                List.of(
                                        endpoint("10.0.0.1", true, null, false, "", "", "u1"),
                                        endpoint("10.0.0.2", false, null, false, "", "", "u2"),
                                        endpoint("127.0.0.1", true, null, false, "", "", null)),
                                List.of(HTTP)),
                        new Endpoints.Subset(
                                List.of(endpoint("10.0.0.3", true, null, false, "", "", null)),
                                List.of(new SlicePort("http", 8085)))),
                List.of());

        assertThat(ServiceMapper.map(service(), endpoints, AROUND).endpoints().get(80))
                .extracting(Endpoint::hostPort, Endpoint::condition)
                .containsExactly(
                        tuple("10.0.0.1:8080", Condition.READY),
                        tuple("10.0.0.2:8080", Condition.NOT_READY),
                        tuple("10.0.0.3:8085", Condition.READY));
        assertThat(ServiceMapper.map(service(), (Endpoints) null, AROUND)
                        .endpoints()
                        .get(80))
                .isEmpty();
    }

    @Test
    void givesAnEndpointTheSameIdWhicheverResourceTellsIt() {
        Endpoints endpoints = new Endpoints(
                service().metadata(),
                List.of(new Endpoints.Subset(List.of(ready("10.0.0.1", "u1")), List.of(HTTP))),
                List.of());

        assertThat(ServiceMapper.map(service(), endpoints, AROUND).endpoints())
                .isEqualTo(map(service(), slice("db-1", List.of(HTTP), ready("10.0.0.1", "u1")))
                        .endpoints());
    }
}
