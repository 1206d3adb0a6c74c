package io.inmesh.internal.snapshot;

import static io.inmesh.testing.Rules.gateway;
import static io.inmesh.testing.Rules.server;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.model.Gateway;
import io.inmesh.model.GatewayHost;
import io.inmesh.model.GatewayServer;
import io.inmesh.model.ServerTlsSettings;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a request that comes in at a gateway. */
class GatewayDecisionTest extends GatewayDecisionFixture {
    @Test
    void aRequestIsForwardedWithoutTheTlsThatItCameWith() {
        CallPlan plan = plan(decide("{name: all, " + TO_REVIEWS + "}", "GET", "https://shop.example.com:8443/x?y=1"));

        assertThat(plan.clusterKey()).hasToString("outbound|9080||" + REVIEWS);
        assertThat(plan.virtualService()).isEqualTo("default/r");
        assertThat(plan.request().scheme()).isEqualTo("http");
        assertThat(plan.request().authority()).isEqualTo("shop.example.com:8443");
        assertThat(plan.request().pathAndQuery()).isEqualTo("/x?y=1");
        assertThat(asked).containsExactly("default/r all *");
    }

    @Test
    void thePathIsTakenAsItComes() {
        cors = null;

        Decision decision = decide("{match: [{uri: {prefix: /x}}], " + TO_REVIEWS + "}", "GET", "http://h/x/../admin");

        assertThat(plan(decision).request().pathAndQuery()).isEqualTo("/x/../admin");
    }

    @Test
    void noOneIsAskedWhereNobodyTakesTheRequest() {
        gateways.clear();
        gateways.add(gateway("gw", server(8080, "*")));

        assertThat(decide("{" + TO_REVIEWS + "}", "GET", "http://h/")).isEqualTo(new Decision.NoHost("h", 80, false));
        gateways.add(gateway("other", server(80, "*")));
        assertThat(decide("{" + TO_REVIEWS + "}", "GET", "http://h/")).isEqualTo(new Decision.NoHost("h", 80, true));
        gateways.add(ALL_HOSTS);
        assertThat(decide("{match: [{uri: {exact: /a}}], " + TO_REVIEWS + "}", "GET", "http://h/"))
                .isEqualTo(new Decision.NoRoute("default/r", "*"));
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "http://shop.example.com/x?y=1, https://shop.example.com/x?y=1",
        "http://shop.example.com:15280/x, https://shop.example.com:15280/x",
        "http://SHOP.example.com//evil.test/, https://SHOP.example.com//evil.test/",
        "http://norule.test/, https://norule.test/",
    })
    void aServerThatWantsTlsRedirectsWhateverTheRouteIs(String url, String location) {
        gateways.set(0, redirecting("*.example.com", "norule.test"));

        Decision decision = decide("{match: [{uri: {exact: /a}}], " + TO_REVIEWS + "}", "POST", url);

        assertThat(decision).isInstanceOfSatisfying(Decision.Answer.class, answer -> {
            assertThat(answer.response().status()).isEqualTo(301);
            assertThat(lines(answer.response().headers())).containsExactly("location: " + location);
            assertThat(answer.location()).isEqualTo(location);
        });
        assertThat(asked).isEmpty();
    }

    @Test
    void aRequestWithTlsIsNotRedirected() {
        gateways.set(0, redirecting("*"));

        assertThat(plan(decide("{" + TO_REVIEWS + "}", "GET", "https://h/")).clusterKey())
                .hasToString("outbound|9080||" + REVIEWS);
    }

    private static Gateway redirecting(String... hosts) {
        ServerTlsSettings tls = ServerTlsSettings.builder(ServerTlsSettings.Mode.PASSTHROUGH)
                .httpsRedirect(true)
                .build();
        List<GatewayHost> taken = Arrays.stream(hosts)
                .map(host -> GatewayHost.of(host, "default"))
                .toList();
        return gateway(
                "gw",
                GatewayServer.builder(80, GatewayServer.Protocol.HTTP, taken)
                        .tls(tls)
                        .build());
    }

    @Test
    void theAddressThatARequestNamesIsNotDialled() {
        CallPlan plan = plan(decide("{route: [{destination: {host: any.example.com}}]}", "GET", "http://10.0.0.1/"));

        assertThat(plan.refusal()).contains("which a gateway does not dial");
    }

    @Test
    void clustersAreThoseOfTheMesh() {
        MeshSnapshot snapshot = snapshot("{" + TO_REVIEWS + "}");

        assertThat(snapshot.routes().clusterKeys())
                .isEqualTo(snapshot.gateway().routes().clusterKeys());
        assertThat(snapshot.routes().find("h", 80)).isNull();
        assertThat(snapshot.gateway().find("reviews", 9080)).isNull();
    }
}
