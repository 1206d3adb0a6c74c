package io.inmesh.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

/** Settings under {@code mesh.gateway}, and what is said of those that make no sense. */
class GatewaySettingsTest {
    private static final AutoConfigurations CONFIGURATIONS = AutoConfigurations.of(
            SslAutoConfiguration.class, MeshAutoConfiguration.class, MeshGatewayServletAutoConfiguration.class);

    private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
            .withConfiguration(CONFIGURATIONS)
            .withPropertyValues("mesh.gateway.enabled=true");

    @Test
    void portsStandForThoseOfGateways() {
        runner.withPropertyValues("mesh.gateway.ports.8080=80", "mesh.gateway.ports.8443=443")
                .run(context -> {
                    GatewayPorts ports = context.getBean(GatewayPorts.class);

                    assertThat(ports.own()).isEqualTo(8080);
                    assertThat(ports.numbers()).containsEntry(8080, 80).containsEntry(8443, 443);
                    assertThat(ports.further()).hasSize(1).allSatisfy(further -> {
                        assertThat(further.number()).isEqualTo(8443);
                        assertThat(further.tls()).isNull();
                    });
                });
    }

    @Test
    void nothingIsThereUnlessAskedFor() {
        new WebApplicationContextRunner()
                .withConfiguration(CONFIGURATIONS)
                .withPropertyValues("mesh.gateway.ports.8080=80")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(GatewayPorts.class));
        runner.withPropertyValues("mesh.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(GatewayPorts.class));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        mesh.gateway.ports.http=80        | mesh.gateway.ports.http: 'http' is not a port of the container
        mesh.gateway.ports.0=80           | mesh.gateway.ports.0: '0' is not a port of the container
        mesh.gateway.ports.70000=80       | mesh.gateway.ports.70000: '70000' is not a port of the container
        mesh.gateway.ports.8080=0         | mesh.gateway.ports.8080: 0 is not a port
        mesh.gateway.ports.8080=http      | mesh.gateway.ports.8080: 'http' is not a whole number
        mesh.gateway.tls.8443.bundle=web  | mesh.gateway.tls.8443: there is no such port; add it to mesh.gateway.ports
        mesh.gateway.tls.8080.bundle=web  | mesh.gateway.tls.8080: this is the container's own port; write server.ssl.bundle
        mesh.gateway.trusted-hops=-1      | mesh.gateway.trusted-hops: -1 is not a number of proxies; write 0 or more
        mesh.gateway.max-calls=0          | mesh.gateway.max-calls: 0 is not a number of requests; write 1 or more
        mesh.gateway.max-body-size=-1B    | mesh.gateway.max-body-size: this is no size; write one such as 64KB
        mesh.gateway.max-body-size=much   | mesh.gateway.max-body-size: 'much' is not a size such as 64KB or 10MB
        mesh.gateway.retry-body-size=4GB  | mesh.gateway.retry-body-size: this is no size; write one such as 64KB
        mesh.gateway.idle-timeout=0s      | mesh.gateway.idle-timeout: this is no timeout; write a duration such as 5m
        mesh.gateway.idle-timeout=5       | mesh.gateway.idle-timeout: '5' has no unit; write 5s
        mesh.gateway.server-header=ä      | mesh.gateway.server-header: a header cannot hold this
        mesh.gateway.path-normalization=x | mesh.gateway.path-normalization: 'x' is not one of none, base, merge-slashes
        server.servlet.context-path=/shop | server.servlet.context-path: is /shop; remove it
        mesh.gateway.port.8080=80         | mesh.gateway.port: unknown property; did you mean 'ports'?
        server.forward-headers-strategy=native | server.forward-headers-strategy: is native, with which the container believes; remove it
        """)
    void whatMakesNoSenseIsRefused(String property, String expected) {
        runner.withPropertyValues(property).run(context -> assertProblem(context.getStartupFailure(), expected));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        requests=0                 | .requests: 0 is not a number of requests; write how many
        per=2d                     | .per: this is no time for a limit; write a duration such as 1s or 1m
        per=1                      | .per: '1' has no unit; write 1s
        path=api                   | .path: 'api' is no path; begin it with a slash, such as /api
        virtual-service=shop       | .virtual-service: 'shop' is not a namespace and a name; write both, such as default/shop
        by[0]=client               | .by[0]: 'client' is nothing that requests are counted by; write ip, header:NAME or claim:NAME, route or host
        by[0]=header:a b           | .by[0]: "a b" is not the name of a header for a limit; write it behind the colon
        request=3                  | .request: unknown property; did you mean 'requests'?
        """)
    void limitsThatMakeNoSenseAreRefused(String property, String expected) {
        String limit = "mesh.gateway.rate-limits[0]";
        String[] properties = {limit + ".requests=3", limit + ".per=1s", limit + "." + property};
        runner.withPropertyValues(properties)
                .run(context -> assertProblem(context.getStartupFailure(), limit + expected));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        client-certificates=needed | mesh.gateway.tls.8443.bundle: missing
        bundle=web                 | mesh.gateway.tls.8443.bundle: there is no SSL bundle 'web'; define it
        client-certificates=often  | mesh.gateway.tls.8443.client-certificates: 'often' is not one of none, asked, needed
        """)
    void tlsNeedsABundle(String property, String expected) {
        runner.withPropertyValues("mesh.gateway.ports.8443=443", "mesh.gateway.tls.8443." + property)
                .run(context -> assertProblem(context.getStartupFailure(), expected));
    }

    @Test
    void anApplicationWithoutServletsHasNoGateway() {
        new ApplicationContextRunner()
                .withConfiguration(CONFIGURATIONS)
                .withPropertyValues("mesh.gateway.enabled=true")
                .run(context -> assertProblem(
                        context.getStartupFailure(),
                        "mesh.gateway.enabled: is true, but this is no web application with servlets; add"));
    }

    /** Path, then beginnings of message and fix, as far as they are given. */
    private static void assertProblem(Throwable failure, String expected) {
        Throwable cause = failure;
        while (cause != null && !(cause instanceof MeshPropertiesException)) {
            cause = cause.getCause();
        }
        List<String> parts = List.of(expected.split(": |; ", 3));
        assertThat(((MeshPropertiesException) cause).problems()).hasSize(1).allSatisfy(problem -> {
            assertThat(problem.path()).isEqualTo(parts.get(0));
            assertThat(problem.message()).startsWith(parts.get(1));
            assertThat(problem.fix()).startsWith(parts.size() > 2 ? parts.get(2) : "");
        });
    }
}
