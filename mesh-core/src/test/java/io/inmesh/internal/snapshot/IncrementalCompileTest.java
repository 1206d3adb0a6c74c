package io.inmesh.internal.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigProblem;
import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.Locality;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.internal.cluster.Cluster;
import io.inmesh.internal.cluster.HostRegistry;
import io.inmesh.internal.host.Host;
import io.inmesh.internal.route.ClusterKey;
import io.inmesh.internal.route.RouteTable;
import io.inmesh.model.AuthorizationPolicy;
import io.inmesh.model.Destination;
import io.inmesh.model.DestinationRule;
import io.inmesh.model.Gateway;
import io.inmesh.model.Headers;
import io.inmesh.model.HttpRouteDestination;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.VirtualService;
import io.inmesh.model.WorkloadMatch;
import io.inmesh.testing.Rules;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What is taken over from the snapshot before, and that nothing is taken over that a new compiler would not make. */
class IncrementalCompileTest {
    private static final String REVIEWS = host(0);
    private static final String RATINGS = host(1);

    private final SnapshotCompiler compiler =
            new SnapshotCompiler(WorkloadIdentity.DEFAULT, false, true, new Random(1));
    private final HostRegistry hosts = new HostRegistry();

    @Test
    void aChangedEndpointLeavesRoutesAndOtherClustersAsTheyAre() {
        MeshConfig rules = new MeshConfig(
                List.of(Rules.toSubset(REVIEWS, "v1")), List.of(Rules.versions(REVIEWS, "v1", "v2")), List.of());
        ServiceEndpoints reviews = service(REVIEWS, "default", 1);
        MeshSnapshot before = compile(rules, null, reviews, service(RATINGS, "default", 1));

        MeshSnapshot after = compile(rules, before, reviews, service(RATINGS, "default", 2));

        assertThat(after.routes()).isSameAs(before.routes());
        assertThat(cluster(after, REVIEWS, "v1")).isSameAs(cluster(before, REVIEWS, "v1"));
        assertThat(cluster(after, RATINGS, "").members()).hasSize(2);
        assertThat(cluster(after, RATINGS, "").members().get(0).host())
                .isSameAs(cluster(before, RATINGS, "").members().get(0).host());
    }

    @Test
    void aChangedEndpointLeavesTheGatewaysTableAndOtherClustersAsTheyAre() {
        VirtualService toReviews = Rules.toSubset(REVIEWS, "v1");
        VirtualService outside = new VirtualService(
                ObjectMeta.of("default", "outside"), List.of("shop.test"), List.of("gw"), toReviews.http(), List.of());
        MeshConfig rules = MeshConfig.builder()
                .virtualServices(List.of(outside))
                .destinationRules(List.of(Rules.versions(REVIEWS, "v1", "v2")))
                .gateways(List.of(Rules.gateway("gw", Rules.server(80, "*"))))
                .build();
        ServiceEndpoints reviews = service(REVIEWS, "default", 1);
        MeshSnapshot before = compile(rules, null, reviews, service(RATINGS, "default", 1));

        MeshSnapshot after = compile(rules, before, reviews, service(RATINGS, "default", 2));

        assertThat(before.gateway().find("shop.test", 80)).isNotNull();
        assertThat(after.gateway()).isSameAs(before.gateway());
        assertThat(cluster(after, REVIEWS, "v1")).isNotNull().isSameAs(cluster(before, REVIEWS, "v1"));
    }

    @Test
    void aNewServiceLeavesClustersAsTheyAre() {
        ServiceEndpoints reviews = service(REVIEWS, "default", 1);
        MeshSnapshot before = compile(MeshConfig.EMPTY, null, reviews);

        MeshSnapshot after = compile(MeshConfig.EMPTY, before, service(RATINGS, "default", 1), reviews);

        assertThat(after.clusters()).hasSize(2);
        assertThat(cluster(after, REVIEWS, "")).isSameAs(cluster(before, REVIEWS, ""));
    }

    @Test
    void aServiceOfTwoPartsStaysWhenNeitherChanges() {
        ServiceEndpoints one = service(REVIEWS, "default", 1);
        ServiceEndpoints other = service(REVIEWS, "default", 2);
        MeshSnapshot before = compile(MeshConfig.EMPTY, null, one, other, service(RATINGS, "default", 1));

        MeshSnapshot after = compile(MeshConfig.EMPTY, before, one, other, service(RATINGS, "default", 2));
        MeshSnapshot later = compile(MeshConfig.EMPTY, after, one, service(REVIEWS, "default", 3));

        assertThat(cluster(after, REVIEWS, "")).isSameAs(cluster(before, REVIEWS, ""));
        assertThat(cluster(later, REVIEWS, "").members()).hasSize(3);
    }

    @Test
    void aSnapshotThatIsNotTheOneBeforeGivesNothingAway() {
        ServiceEndpoints reviews = service(REVIEWS, "default", 1);
        compile(MeshConfig.EMPTY, null, reviews);

        HostRegistry others = new HostRegistry();
        MeshSnapshot anew = compiler.compile(MeshConfig.EMPTY, List.of(reviews), others, null, 1)
                .snapshot();

        assertThat(cluster(anew, REVIEWS, "").members().get(0).host())
                .isSameAs(others.hostFor(reviews.endpoints().get(9080).get(0)));
    }

    /** A sequence of random changes, each compiled with what the compiler remembers and by a new one. */
    @Property(tries = 100)
    void aChangeGivesWhatACompileFromScratchGives(@ForAll long seed) {
        Changes changes = new Changes(new Random(seed));
        boolean gateways = seed % 4 != 0;
        SnapshotCompiler incremental = new SnapshotCompiler(WorkloadIdentity.DEFAULT, false, gateways, new Random(1));
        HostRegistry registry = new HostRegistry();
        MeshSnapshot before = null;
        for (int step = 1; step <= 40; step++) {
            List<ServiceEndpoints> services = changes.services();
            SnapshotCompiler.Result result = incremental.compile(changes.config, services, registry, before, step);
            SnapshotCompiler.Result scratch = new SnapshotCompiler(
                            WorkloadIdentity.DEFAULT, false, gateways, new Random(1))
                    .compile(changes.config, services, new HostRegistry(), null, step);

            registry.retire(result.snapshot().clusters());
            assertThat(describe(result.snapshot(), result.problems()))
                    .isEqualTo(describe(scratch.snapshot(), scratch.problems()));
            assertThat(registry.size()).isEqualTo(differentHosts(result.snapshot()));
            if (before != null) {
                assertUnchangedClustersAreShared(before, result.snapshot());
                assertThat(result.snapshot().inboundPolicy() == before.inboundPolicy())
                        .isEqualTo(result.snapshot().inboundPolicy().equals(before.inboundPolicy()));
            }
            before = result.snapshot();
            changes.next();
        }
    }

    private static void assertUnchangedClustersAreShared(MeshSnapshot before, MeshSnapshot after) {
        after.clusters().forEach((key, cluster) -> {
            Cluster old = before.clusters().get(key);
            if (old != null && describe(old).equals(describe(cluster))) {
                assertThat(cluster).isSameAs(old);
            }
        });
    }

    private static int differentHosts(MeshSnapshot snapshot) {
        Map<Host, Boolean> different = new IdentityHashMap<>();
        snapshot.clusters()
                .values()
                .forEach(cluster -> cluster.members().forEach(member -> different.put(member.host(), true)));
        return different.size();
    }

    private static String describe(MeshSnapshot snapshot, List<ConfigProblem> problems) {
        StringBuilder text = new StringBuilder();
        describe(snapshot.routes(), text);
        text.append(snapshot.gateway().ports());
        describe(snapshot.gateway().routes(), text);
        List<ClusterKey> keys = snapshot.gateway().ports().isEmpty()
                ? snapshot.routes().clusterKeys()
                : snapshot.gateway().routes().clusterKeys();
        for (int slot = 0; slot < keys.size(); slot++) {
            Target target = snapshot.target(slot);
            text.append(keys.get(slot))
                    .append(target.originalDestination())
                    .append(target.whyUnknown())
                    .append(target.asked().rules())
                    .append(target.cluster() == null ? "" : describe(target.cluster()))
                    .append('\n');
        }
        text.append(snapshot.clusters().keySet()).append(problems).append(snapshot.inboundPolicy());
        return text.toString();
    }

    private static void describe(RouteTable routes, StringBuilder text) {
        routes.virtualHosts().forEach(host -> {
            text.append(host.name()).append(host.port()).append(host.domains()).append(host.virtualService());
            host.routes().forEach(route -> text.append(route.name()).append(route.destinations()));
            text.append(host.dropped()).append('\n');
        });
    }

    private static String describe(Cluster cluster) {
        StringBuilder text = new StringBuilder();
        text.append(cluster.key()).append(new TreeMap<>(cluster.subsetLabels())).append(cluster.policyName());
        cluster.members().forEach(member -> {
            assertThat(Host.sameHost(member.host().endpoint(), member.endpoint()))
                    .isTrue();
            text.append(member.endpoint()).append(member.state()).append(member.eligible());
        });
        return text.toString();
    }

    /** Services and rules that change a little from step to step. */
    private static final class Changes {
        private final Random random;
        private final List<ServiceEndpoints> services = new ArrayList<>();
        private MeshConfig config = MeshConfig.EMPTY;

        Changes(Random random) {
            this.random = random;
            for (int i = 0; i < 4; i++) {
                services.add(anyService());
            }
        }

        List<ServiceEndpoints> services() {
            return List.copyOf(services);
        }

        void next() {
            int which = services.isEmpty() ? 0 : random.nextInt(services.size());
            switch (services.isEmpty() ? 0 : random.nextInt(10)) {
                case 0 -> services.add(random.nextInt(services.size() + 1), anyService());
                case 1 -> services.remove(which);
                case 2 -> services.set(which, anyService());
                case 3 -> config = anyRules();
                case 4 -> {
                    // Nothing changes.
                }
                default -> {
                    ServiceEndpoints old = services.get(which);
                    services.set(
                            which,
                            new ServiceEndpoints(
                                    old.service(),
                                    old.namespace(),
                                    old.state(),
                                    old.addresses(),
                                    old.ports(),
                                    endpoints(old.service().host(), old.ports()),
                                    old.exportTo()));
                }
            }
        }

        private ServiceEndpoints anyService() {
            String host = host(random.nextInt(4));
            List<ServicePort> ports = random.nextInt(4) == 0
                    ? List.of(new ServicePort(9080, "http", "HTTP"), new ServicePort(9443, "tls", "TLS"))
                    : List.of(new ServicePort(9080, "http", "HTTP"));
            ServiceEndpoints.State state = switch (random.nextInt(8)) {
                case 0 -> ServiceEndpoints.State.ORIGINAL_DESTINATION;
                case 1 -> ServiceEndpoints.State.ABSENT;
                default -> ServiceEndpoints.State.ENDPOINTS;
            };
            return new ServiceEndpoints(
                    new ServiceName(host),
                    random.nextInt(3) == 0 ? "other" : "default",
                    state,
                    random.nextInt(3) == 0 ? List.of("10.0.0." + random.nextInt(3)) : List.of(),
                    ports,
                    endpoints(host, ports),
                    random.nextInt(8) == 0 ? List.of(".") : List.of());
        }

        private Map<Integer, List<Endpoint>> endpoints(String host, List<ServicePort> ports) {
            Map<Integer, List<Endpoint>> byPort = new TreeMap<>();
            for (ServicePort port : ports) {
                List<Endpoint> endpoints = new ArrayList<>();
                for (int i = 0; i < random.nextInt(4); i++) {
                    endpoints.add(endpoint(
                            host,
                            random.nextInt(4),
                            Condition.values()[random.nextInt(Condition.values().length)],
                            "v" + (1 + random.nextInt(2))));
                }
                byPort.put(port.number(), endpoints);
            }
            return byPort;
        }

        private MeshConfig anyRules() {
            List<VirtualService> virtualServices = new ArrayList<>();
            List<DestinationRule> destinationRules = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                switch (random.nextInt(4)) {
                    case 0 -> virtualServices.add(Rules.toSubset(host(i), "v1"));
                    case 1 ->
                        virtualServices.add(Rules.route(
                                host(i),
                                new HttpRouteDestination(
                                        new Destination(host(random.nextInt(4)), null, 9080), 0, Headers.NONE)));
                    default -> {
                        // No routes for this one.
                    }
                }
                if (random.nextBoolean()) {
                    destinationRules.add(Rules.versions(host(i), "v1", "v2"));
                }
            }
            if (random.nextInt(3) == 0) {
                destinationRules.add(Rules.versions("*.default.svc.cluster.local", "v1"));
            }
            List<Gateway> gateways = new ArrayList<>();
            for (int i = 0; i < random.nextInt(3); i++) {
                gateways.add(Rules.gateway(
                        "gw" + i,
                        Rules.server(80 + random.nextInt(2), random.nextBoolean() ? "*" : "*.test"),
                        Rules.server(443, "a.test")));
                virtualServices.add(atGateway("gw" + random.nextInt(2), random.nextBoolean() ? "a.test" : "*"));
            }
            return MeshConfig.builder()
                    .virtualServices(virtualServices)
                    .destinationRules(destinationRules)
                    .gateways(gateways)
                    .authorizationPolicies(
                            random.nextInt(3) == 0
                                    ? List.of(new AuthorizationPolicy(
                                            ObjectMeta.of("default", "p"),
                                            WorkloadMatch.ALL,
                                            AuthorizationPolicy.Action.ALLOW,
                                            List.of(),
                                            random.nextBoolean()))
                                    : List.of())
                    .build();
        }

        /** To a service at the port that it has, or at one that perhaps it has not. */
        private VirtualService atGateway(String gateway, String host) {
            Destination destination = new Destination(host(random.nextInt(4)), null, random.nextBoolean() ? 0 : 9080);
            VirtualService rule = Rules.route(host, new HttpRouteDestination(destination, 0, Headers.NONE));
            return new VirtualService(rule.meta(), rule.hosts(), List.of(gateway), rule.http(), List.of());
        }
    }

    private MeshSnapshot compile(MeshConfig config, MeshSnapshot previous, ServiceEndpoints... services) {
        return compiler.compile(config, List.of(services), hosts, previous, 1).snapshot();
    }

    private static Cluster cluster(MeshSnapshot snapshot, String host, String subset) {
        return snapshot.clusters().get(new ClusterKey(host, 9080, subset));
    }

    private static ServiceEndpoints service(String host, String namespace, int endpoints) {
        List<Endpoint> all = new ArrayList<>();
        for (int i = 0; i < endpoints; i++) {
            all.add(endpoint(host, i, Condition.READY, "v1"));
        }
        return new ServiceEndpoints(
                new ServiceName(host),
                namespace,
                ServiceEndpoints.State.ENDPOINTS,
                List.of(),
                List.of(new ServicePort(9080, "http", "HTTP")),
                Map.of(9080, all),
                List.of());
    }

    private static Endpoint endpoint(String host, int number, Condition condition, String version) {
        return new Endpoint(
                host + "/" + number,
                "10.1.0." + number,
                8080,
                Locality.UNKNOWN,
                1,
                Map.of("version", version),
                condition);
    }

    private static String host(int number) {
        return "s" + number + ".default.svc.cluster.local";
    }
}
