package io.inmesh.internal.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigProblem;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.model.Destination;
import io.inmesh.model.Headers;
import io.inmesh.model.HttpRouteDestination;
import io.inmesh.model.VirtualService;
import io.inmesh.testing.Rules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteCompilerTest {
    private final List<ConfigProblem> problems = new ArrayList<>();
    private final Map<String, ServiceEndpoints> services = new LinkedHashMap<>();
    private final List<VirtualService> rules = new ArrayList<>();

    private void service(String host, int port, String protocol) {
        services.put(
                host,
                new ServiceEndpoints(
                        new ServiceName(host),
                        "default",
                        ServiceEndpoints.State.ENDPOINTS,
                        List.of(),
                        List.of(new ServicePort(port, "p", protocol)),
                        Map.of(),
                        List.of()));
    }

    private void rule(String host) {
        rules.add(Rules.route(host, new HttpRouteDestination(new Destination(host, null, 0), 0, Headers.NONE)));
    }

    private RouteTable compile() {
        return new RouteCompiler(WorkloadIdentity.DEFAULT, rules, services, problems).compile();
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void theWorkGrowsWithTheMeshAndNotWithItsSquare() {
        int size = 3_000;
        for (int i = 0; i < size; i++) {
            service("s" + i + ".example.com", 1_000 + i % 300, "HTTP");
            rule("s" + i + ".example.com");
        }

        RouteTable table = compile();

        assertThat(table.clusterKeys()).hasSize(size);
        assertThat(table.find("s7.example.com", 1_007))
                .isNotNull()
                .satisfies(host -> assertThat(host.virtualService()).isEqualTo("default/s7.example.com"));
        assertThat(table.find("s7.example.com", 1_008)).isNull();
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"HTTP, true", "HTTP2, true", "GRPC, true", "'', true", "HTTPS, false", "TLS, false", "TCP, false"})
    void rulesActOnPortsThatCarryHttp(String protocol, boolean act) {
        service("a.example.com", 8443, protocol);
        rule("a.example.com");

        assertThat(compile().find("a.example.com", 8443))
                .isNotNull()
                .satisfies(host -> assertThat(host.virtualService().isEmpty()).isEqualTo(!act));
    }
}
