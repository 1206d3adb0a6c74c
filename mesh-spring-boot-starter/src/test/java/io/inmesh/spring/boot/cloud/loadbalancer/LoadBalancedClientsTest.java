package io.inmesh.spring.boot.cloud.loadbalancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.inmesh.call.MeshException;
import io.inmesh.spring.boot.AnyClient;
import io.inmesh.spring.boot.Backend;
import io.inmesh.spring.boot.TwoVersions;
import io.inmesh.spring.boot.client.BalancerDecisions;
import io.inmesh.spring.boot.client.BalancerDecisions.Decisions;
import io.inmesh.spring.boot.client.NotMeshed;
import java.net.ConnectException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.BlockingLoadBalancerInterceptor;
import org.springframework.cloud.client.loadbalancer.CompletionContext;
import org.springframework.cloud.client.loadbalancer.LoadBalanced;
import org.springframework.cloud.client.loadbalancer.LoadBalancerLifecycle;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.client.loadbalancer.ResponseData;
import org.springframework.cloud.client.loadbalancer.reactive.LoadBalancedExchangeFilterFunction;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.registry.HttpServiceGroup;
import org.springframework.web.service.registry.ImportHttpServices;

/** Clients with Spring Cloud's load balancer, of every kind and with both of its retries switched on, against real servers. */
class LoadBalancedClientsTest {
    private static final List<String> BALANCED = new CopyOnWriteArrayList<>();
    private static final List<String> SEEN_BY_INTERCEPTOR = new CopyOnWriteArrayList<>();

    private static Backend v1;
    private static Backend v2;
    private static Backend own;

    interface OrdersGroup {
        @GetExchange("/{path}")
        String get(@PathVariable("path") String path);
    }

    interface ReactiveOrdersGroup {
        @GetExchange("/{path}")
        String get(@PathVariable("path") String path);
    }

    interface RegisteredGroup {
        @GetExchange("/{path}")
        String get(@PathVariable("path") String path);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @ImportHttpServices(group = "registered", types = RegisteredGroup.class)
    @ImportHttpServices(group = "orders", types = OrdersGroup.class)
    @ImportHttpServices(
            group = "orders-reactive",
            types = ReactiveOrdersGroup.class,
            clientType = HttpServiceGroup.ClientType.WEB_CLIENT)
    static class Application {
        @Bean
        @LoadBalanced
        RestTemplate template() {
            RestTemplate template = new RestTemplate();
            template.getInterceptors().add((request, body, execution) -> {
                SEEN_BY_INTERCEPTOR.add(request.getURI().toString());
                return execution.execute(request, body);
            });
            return template;
        }

        @Bean
        @LoadBalanced
        RestTemplateBuilder templateBuilder() {
            return new RestTemplateBuilder();
        }

        @Bean
        @LoadBalanced
        RestClient.Builder clientBuilder() {
            return RestClient.builder();
        }

        @Bean
        @LoadBalanced
        WebClient.Builder webBuilder() {
            return WebClient.builder();
        }

        @Bean
        RestClient clientByHand(BlockingLoadBalancerInterceptor balancer) {
            return RestClient.builder().requestInterceptor(balancer).build();
        }

        @Bean
        WebClient webByHand(LoadBalancedExchangeFilterFunction balancer) {
            return WebClient.builder().filter(balancer).build();
        }

        @Bean
        @LoadBalanced
        @NotMeshed
        RestTemplate leftAloneTemplate() {
            return new RestTemplate();
        }

        @Bean
        @LoadBalanced
        @NotMeshed
        WebClient.Builder leftAloneWeb() {
            return WebClient.builder();
        }

        @Bean
        @NotMeshed
        RestTemplate leftAloneBuiltTemplate(@LoadBalanced RestTemplateBuilder builder) {
            return builder.build();
        }

        @Bean
        @NotMeshed
        RestClient leftAloneBuiltClient(@LoadBalanced RestClient.Builder builder) {
            return builder.build();
        }

        @Bean
        @NotMeshed
        WebClient leftAloneBuiltWeb(@Qualifier("webBuilder") WebClient.Builder builder) {
            return builder.build();
        }

        @Bean
        LoadBalancerLifecycle<Object, ResponseData, ServiceInstance> lifecycle() {
            return new LoadBalancerLifecycle<>() {
                @Override
                public void onStart(Request<Object> request) {
                    BALANCED.add("start");
                }

                @Override
                public void onStartRequest(Request<Object> request, Response<ServiceInstance> chosen) {
                    BALANCED.add("request");
                }

                @Override
                public void onComplete(CompletionContext<ResponseData, ServiceInstance, Object> completion) {
                    BALANCED.add("complete");
                }
            };
        }
    }

    private static String get(ConfigurableApplicationContext application, String bean, String url, String user) {
        return AnyClient.get(application.getBean(bean), url, user);
    }

    private static ConfigurableApplicationContext plain;
    private static ConfigurableApplicationContext retrying;

    @BeforeAll
    static void start() {
        v1 = Backend.named("v1");
        v2 = Backend.named("v2");
        own = Backend.named("own");
        plain = application(false);
        retrying = application(true);
    }

    private static ConfigurableApplicationContext application(boolean retries) {
        return new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .run(TwoVersions.arguments(
                        "orders",
                        v1,
                        v2,
                        "--spring.main.banner-mode=off",
                        "--spring.cloud.loadbalancer.retry.enabled=" + retries,
                        "--spring.cloud.loadbalancer.retry.avoid-previous-instance=false",
                        "--mesh.services.orders-reactive.endpoints[0].address=" + v2.address(),
                        // Without one, the load balancer takes the name of the group.
                        retries ? "--spring.http.serviceclient.orders.base-url=http://orders" : "",
                        retries ? "--spring.http.serviceclient.orders-reactive.base-url=http://orders-reactive" : "",
                        "--mesh.services.gone.endpoints[0].address=127.0.0.1:1",
                        "--spring.cloud.discovery.client.simple.instances.registered[0].uri=http://" + own.address(),
                        "--spring.cloud.discovery.client.simple.instances.orders[0].uri=http://" + own.address()));
    }

    @AfterAll
    static void stop() {
        plain.close();
        retrying.close();
        v1.close();
        v2.close();
        own.close();
    }

    @BeforeEach
    void forget() {
        BALANCED.clear();
        SEEN_BY_INTERCEPTOR.clear();
    }

    private static Decisions decisions(ConfigurableApplicationContext application, String service) {
        return application.getBean(BalancerDecisions.class).list().stream()
                .filter(decisions -> decisions.service().equals(service))
                .findFirst()
                .orElse(new Decisions(service, 0, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"template", "templateBuilder", "clientBuilder", "clientByHand", "webBuilder", "webByHand"})
    void theWholeOfTheRulesHoldsForAServiceThatTheMeshKnows(String way) {
        for (ConfigurableApplicationContext application : List.of(plain, retrying)) {
            Decisions before = decisions(application, "orders");

            assertThat(get(application, way, "http://orders/x", "anybody")).isEqualTo("v1");
            assertThat(v1.last()).returns("/api/x", Backend.Seen::path).returns("orders", Backend.Seen::host);
            assertThat(get(application, way, "http://orders/x", "jason")).isEqualTo("v2");

            assertThat(BALANCED).isEmpty();
            assertThat(decisions(application, "orders"))
                    .returns(before.byMesh() + 2, Decisions::byMesh)
                    .returns(before.byApplication(), Decisions::byApplication);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"template", "templateBuilder", "clientBuilder", "clientByHand", "webBuilder", "webByHand"})
    void aServiceThatTheMeshDoesNotKnowGoesByTheLoadBalancer(String way) {
        for (ConfigurableApplicationContext application : List.of(plain, retrying)) {
            BALANCED.clear();
            long before = decisions(application, "registered").byApplication();

            assertThat(get(application, way, "http://registered/x", "anybody")).isEqualTo("own");

            assertThat(own.last()).returns("/x", Backend.Seen::path);
            assertThat(BALANCED).contains("start", "request", "complete");
            assertThat(decisions(application, "registered").byApplication()).isEqualTo(before + 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"template", "templateBuilder", "clientBuilder", "clientByHand", "webBuilder", "webByHand"})
    void aFailureOfTheMeshIsNotTriedAgainByTheLoadBalancer(String way) {
        for (ConfigurableApplicationContext application : List.of(plain, retrying)) {
            Decisions before = decisions(application, "gone");

            assertThatExceptionOfType(RuntimeException.class)
                    .isThrownBy(() -> get(application, way, "http://gone/x", "anybody"))
                    .withRootCauseInstanceOf(ConnectException.class)
                    .satisfies(failure -> assertThat(failure.getCause()).isInstanceOf(MeshException.class));

            assertThat(decisions(application, "gone").byMesh()).isEqualTo(before.byMesh() + 1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "leftAloneTemplate",
                "leftAloneWeb",
                "leftAloneBuiltTemplate",
                "leftAloneBuiltClient",
                "leftAloneBuiltWeb"
            })
    void aClientThatIsLeftAloneKeepsItsLoadBalancer(String way) {
        for (ConfigurableApplicationContext application : List.of(plain, retrying)) {
            assertThat(get(application, way, "http://orders/x", "anybody")).isEqualTo("own");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void httpServiceGroupsOfAServiceThatTheMeshKnowsPassBy(boolean retries) {
        ConfigurableApplicationContext application = retries ? retrying : plain;

        assertThat(application.getBean(OrdersGroup.class).get("x")).isEqualTo("v1");
        assertThat(v1.last().path()).isEqualTo("/api/x");
        assertThat(application.getBean(ReactiveOrdersGroup.class).get("x")).isEqualTo("v2");
        assertThat(BALANCED).isEmpty();
    }

    @Test
    void httpServiceGroupsOfAServiceThatTheMeshDoesNotKnowGoByTheLoadBalancer() {
        assertThat(plain.getBean(RegisteredGroup.class).get("x")).isEqualTo("own");
        assertThat(BALANCED).contains("start", "request", "complete");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void interceptorsSeeTheName(boolean retries) {
        get(retries ? retrying : plain, "template", "http://orders/x", "anybody");

        assertThat(SEEN_BY_INTERCEPTOR).containsExactly("http://orders/x");
    }
}
