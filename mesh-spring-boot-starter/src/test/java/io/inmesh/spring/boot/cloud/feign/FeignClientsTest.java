package io.inmesh.spring.boot.cloud.feign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import feign.Capability;
import feign.Client;
import feign.FeignException;
import feign.Logger;
import feign.RequestInterceptor;
import feign.Response;
import feign.RetryableException;
import feign.Retryer;
import feign.codec.ErrorDecoder;
import io.inmesh.call.MeshException;
import io.inmesh.spring.boot.Backend;
import io.inmesh.spring.boot.TwoVersions;
import io.inmesh.spring.boot.client.BalancerDecisions;
import io.inmesh.spring.boot.client.BalancerDecisions.Decisions;
import io.inmesh.spring.boot.client.ClientBeans;
import io.inmesh.spring.boot.client.ClientBeans.ClientBean;
import io.inmesh.spring.boot.client.ClientExclusions;
import io.inmesh.spring.boot.client.NotMeshed;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cloud.openfeign.EnableFeignClients;
import org.springframework.cloud.openfeign.FeignClient;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;

/** Feign clients of a whole application with Spring Cloud's load balancer, which call real servers. */
class FeignClientsTest {
    private static final List<String> SEEN_BY_INTERCEPTOR = new CopyOnWriteArrayList<>();
    private static final List<String> LOGGED = new CopyOnWriteArrayList<>();
    private static final List<String> MEASURED = new CopyOnWriteArrayList<>();

    private static Backend v1;
    private static Backend v2;
    private static Backend own;
    private static ConfigurableApplicationContext application;

    interface Orders {
        @GetMapping("/{path}")
        String get(@PathVariable("path") String path);

        @GetMapping("/users")
        String getAs(@RequestHeader("end-user") String user);
    }

    @FeignClient(name = "orders")
    interface ByName extends Orders {}

    @FeignClient(name = "by-url", url = "http://orders")
    interface ByUrl extends Orders {}

    @FeignClient(name = "by-full-url", url = "http://orders.default.svc.cluster.local")
    interface ByFullName extends Orders {}

    @FeignClient(name = "registered")
    interface Registered extends Orders {}

    @FeignClient(name = "nobody")
    interface Nobody extends Orders {}

    @FeignClient(name = "shares")
    interface Shares extends Orders {}

    @FeignClient(name = "gone", configuration = TriedTwice.class)
    interface Gone extends Orders {}

    @FeignClient(name = "slow")
    interface Slow extends Orders {}

    @FeignClient(name = "refused", configuration = OwnErrors.class)
    interface Refused extends Orders {}

    @NotMeshed
    @FeignClient(name = "orders", contextId = "left-alone")
    interface LeftAlone extends Orders {}

    @FeignClient(name = "orders", contextId = "left-alone-by-name")
    interface LeftAloneByName extends Orders {}

    static class TriedTwice {
        @Bean
        Retryer retryer() {
            return new Retryer.Default(1, 1, 2);
        }
    }

    static class OwnErrors {
        @Bean
        ErrorDecoder errors() {
            return (method, response) ->
                    new IllegalStateException(method + " " + response.status() + " " + read(response));
        }

        private static String read(Response response) {
            try (InputStream body = response.body().asInputStream()) {
                return new String(body.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                return e.toString();
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableFeignClients(
            clients = {
                ByName.class,
                ByUrl.class,
                ByFullName.class,
                Registered.class,
                Nobody.class,
                Shares.class,
                Gone.class,
                Slow.class,
                Refused.class,
                LeftAlone.class,
                LeftAloneByName.class
            })
    static class Application {
        @Bean
        RequestInterceptor interceptor() {
            return template -> {
                SEEN_BY_INTERCEPTOR.add(template.feignTarget().url() + template.path());
                template.header("x-token", "secret");
            };
        }

        @Bean
        Logger logger() {
            return new Logger() {
                @Override
                protected void log(String key, String format, Object... arguments) {
                    LOGGED.add(key + String.format(format, arguments));
                }
            };
        }

        @Bean
        Logger.Level level() {
            return Logger.Level.BASIC;
        }

        @Bean
        Capability measuring() {
            return new Measuring();
        }
    }

    /** As Micrometer's. */
    public static class Measuring implements Capability {
        @Override
        public Client enrich(Client client) {
            return (request, options) -> {
                MEASURED.add(request.url());
                return client.execute(request, options);
            };
        }
    }

    @BeforeAll
    static void start() {
        v1 = Backend.named("v1");
        v2 = Backend.named("v2");
        own = Backend.named("own");
        application = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .run(TwoVersions.arguments(
                        "orders",
                        v1,
                        v2,
                        "--spring.main.banner-mode=off",
                        "--mesh.clients.exclude=*LeftAloneByName",
                        "--mesh.services.shares.endpoints[0].address=" + v1.address(),
                        "--mesh.services.shares.endpoints[0].labels.version=v1",
                        "--mesh.services.shares.endpoints[1].address=" + v2.address(),
                        "--mesh.services.shares.endpoints[1].labels.version=v2",
                        "--mesh.services.shares.subsets.v1.version=v1",
                        "--mesh.services.shares.subsets.v2.version=v2",
                        "--mesh.services.shares.routes[0].to[0].subset=v1",
                        "--mesh.services.shares.routes[0].to[0].weight=100",
                        "--mesh.services.shares.routes[0].to[1].subset=v2",
                        "--mesh.services.shares.routes[0].to[1].weight=0",
                        "--mesh.services.gone.endpoints[0].address=127.0.0.1:1",
                        "--mesh.services.slow.endpoints[0].address=" + v2.address(),
                        "--mesh.services.refused.endpoints[0].address=" + v2.address(),
                        "--spring.cloud.openfeign.client.config.slow.read-timeout=200",
                        "--spring.cloud.openfeign.client.config.slow.connect-timeout=1000",
                        "--spring.cloud.discovery.client.simple.instances.registered[0].uri=http://" + own.address(),
                        "--spring.cloud.discovery.client.simple.instances.orders[0].uri=http://" + own.address()));
    }

    @AfterAll
    static void stop() {
        application.close();
        v1.close();
        v2.close();
        own.close();
    }

    @BeforeEach
    void answerWithNames() {
        v1.handle(exchange -> v1.answer(exchange, 200, v1.name()));
        v2.handle(exchange -> v2.answer(exchange, 200, v2.name()));
        SEEN_BY_INTERCEPTOR.clear();
        LOGGED.clear();
        MEASURED.clear();
    }

    private static Orders client(Class<? extends Orders> type) {
        return application.getBean(type);
    }

    private static Decisions decisions(String service) {
        return application.getBean(BalancerDecisions.class).list().stream()
                .filter(decisions -> decisions.service().equals(service))
                .findFirst()
                .orElse(new Decisions(service, 0, 0));
    }

    @ParameterizedTest
    @ValueSource(classes = {ByName.class, ByUrl.class, ByFullName.class})
    void theWholeOfTheRulesHoldsForAServiceThatTheMeshKnows(Class<? extends Orders> type) {
        assertThat(client(type).get("x")).isEqualTo("v1");
        assertThat(v1.last().path()).isEqualTo("/api/x");

        assertThat(client(type).getAs("jason")).isEqualTo("v2");
        assertThat(v2.last().path()).isEqualTo("/users");
    }

    @Test
    void interceptorsLoggersAndCapabilitiesSeeTheCallsByTheirName() {
        assertThat(client(ByName.class).get("x")).isEqualTo("v1");

        assertThat(SEEN_BY_INTERCEPTOR).containsExactly("http://orders/x");
        assertThat(MEASURED).containsExactly("http://orders/x");
        assertThat(LOGGED)
                .anySatisfy(line -> assertThat(line).contains("---> GET http://orders/x"))
                .anySatisfy(line -> assertThat(line).contains("<--- HTTP/1.1 200"));
        assertThat(v1.last().host()).isEqualTo("orders");
    }

    @Test
    void weightsShareTheCalls() {
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            answers.add(client(Shares.class).get("x"));
        }

        assertThat(answers).containsOnly("v1");
    }

    @Test
    void aServiceThatTheMeshDoesNotKnowGoesByTheApplicationsOwnLoadBalancer() {
        long before = decisions("registered").byApplication();

        assertThat(client(Registered.class).get("x")).isEqualTo("own");

        assertThat(own.last()).returns("/x", Backend.Seen::path).returns(own.address(), Backend.Seen::host);
        assertThat(decisions("registered"))
                .returns(before + 1, Decisions::byApplication)
                .returns(0L, Decisions::byMesh);
    }

    @Test
    void whoDecidedIsCounted() {
        Decisions before = decisions("orders");

        client(ByName.class).get("x");

        assertThat(decisions("orders"))
                .returns(before.byMesh() + 1, Decisions::byMesh)
                .returns(before.byApplication(), Decisions::byApplication);
    }

    @Test
    void aServiceThatNobodyKnowsFailsAsItDoesWithoutTheMesh() {
        assertThatExceptionOfType(FeignException.ServiceUnavailable.class)
                .isThrownBy(() -> client(Nobody.class).get("x"))
                .withMessageContaining("Load balancer does not contain an instance for the service nobody");
    }

    @ParameterizedTest
    @ValueSource(classes = {LeftAlone.class, LeftAloneByName.class})
    void anExcludedClientGoesByTheApplicationsOwnLoadBalancer(Class<? extends Orders> type) {
        assertThat(client(type).get("x")).isEqualTo("own");
    }

    @Test
    void theClientBeansTellWhatBecameOfThem() {
        assertThat(application.getBean(ClientBeans.class).list())
                .contains(
                        new ClientBean(ByName.class.getName(), ByName.class.getName(), null, null),
                        new ClientBean(
                                LeftAlone.class.getName(), LeftAlone.class.getName(), ClientExclusions.REASON, null));
    }

    @Test
    void aFailureOfTheMeshGoesToTheRetryerWithItsReason() {
        assertThatExceptionOfType(RetryableException.class)
                .isThrownBy(() -> client(Gone.class).get("x"))
                .withCauseInstanceOf(MeshException.class)
                .withMessageContaining("URX");
        assertThat(MEASURED).hasSize(2);
    }

    @Test
    void theReadTimeoutOfTheOptionsHolds() {
        CountDownLatch answered = new CountDownLatch(1);
        v2.handle(exchange -> {
            Waiting.on(answered);
            v2.answer(exchange, 200, "late");
        });

        assertThatExceptionOfType(RetryableException.class)
                .isThrownBy(() -> client(Slow.class).get("x"))
                .withCauseInstanceOf(SocketTimeoutException.class);
        answered.countDown();
    }

    @Test
    void theErrorDecoderOfAClientIsAsked() {
        v2.handle(exchange -> v2.answer(exchange, 418, "short and stout"));

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> client(Refused.class).get("x"))
                .withMessage("Refused#get(String) 418 short and stout");
    }
}
