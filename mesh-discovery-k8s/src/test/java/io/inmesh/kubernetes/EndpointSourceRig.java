package io.inmesh.kubernetes;

import static io.inmesh.kubernetes.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.kubernetes.testing.KubernetesJson;
import io.inmesh.kubernetes.testing.ScriptedApiServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/** A source over real sockets to a scripted API server, and what it tells. */
final class EndpointSourceRig implements AutoCloseable {
    static final WorkloadIdentity SELF = WorkloadIdentity.DEFAULT.with("shop", Map.of());
    static final String CART = "cart.shop.svc.cluster.local";

    final ScriptedApiServer server;
    final KubernetesConnection connection;
    final KubernetesEndpointSource source;

    EndpointSourceRig() {
        this(ScriptedApiServer.start(), settings());
    }

    EndpointSourceRig(ScriptedApiServer server, KubernetesSettings.Builder settings) {
        this.server = server;
        this.connection =
                KubernetesConnection.of(settings.client(server.clients()).build());
        this.source = new KubernetesEndpointSource(connection);
    }

    static KubernetesSettings.Builder settings() {
        return KubernetesSettings.builder()
                .self(SELF)
                .startWait(Duration.ofSeconds(1))
                .backoff(Duration.ofMillis(20), Duration.ofMillis(200));
    }

    /** What was told of one service. */
    static final class Told {
        final List<ServiceEndpoints> all = new CopyOnWriteArrayList<>();

        ServiceEndpoints last() {
            assertThat(all).isNotEmpty();
            return all.get(all.size() - 1);
        }

        List<String> addresses() {
            return addresses(last());
        }

        static List<String> addresses(ServiceEndpoints state) {
            return endpoints(state).stream().map(Endpoint::address).sorted().toList();
        }

        static List<Endpoint> endpoints(ServiceEndpoints state) {
            return state.endpoints().getOrDefault(80, List.of());
        }

        void eventuallyHas(List<String> addresses) {
            eventually(() -> assertThat(addresses()).containsExactlyElementsOf(addresses));
        }
    }

    Told watch(String host) {
        Told told = new Told();
        AutoCloseable unused = source.watch(new ServiceName(host), told.all::add);
        return told;
    }

    /** A service of the namespace shop with one slice, its pods being {@code p1} at {@code 10.0.0.1} and so on. */
    void put(String service, int... pods) {
        server.put(ScriptedApiServer.SERVICES, KubernetesJson.service("shop", service));
        putSlice(service + "-1", service, pods);
    }

    void putSlice(String slice, String service, int... pods) {
        server.put(ScriptedApiServer.SLICES, slice(slice, service, pods));
    }

    static String slice(String slice, String service, int... pods) {
        String[] endpoints = IntStream.of(pods)
                .mapToObj(pod -> KubernetesJson.ready(address(pod), "p" + pod))
                .toArray(String[]::new);
        return KubernetesJson.slice("shop", slice, service, endpoints);
    }

    static String address(int pod) {
        return "10.0.0." + pod;
    }

    static List<String> addresses(int... pods) {
        return IntStream.of(pods).mapToObj(EndpointSourceRig::address).sorted().toList();
    }

    @Override
    public void close() {
        source.close();
        connection.close();
        server.close();
    }
}
