package io.inmesh.spring.boot.cloud.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.spring.boot.TestApplication;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import org.springframework.context.ConfigurableApplicationContext;
import reactor.core.scheduler.Schedulers;

class DiscoveryClientsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static ConfigurableApplicationContext application;

    @BeforeAll
    static void start() {
        application = TestApplication.start(
                "mesh.namespace=shop",
                "mesh.services.orders.endpoints[0].address=127.0.0.1:9001",
                "mesh.services.orders.endpoints[0].labels.version=v1",
                "mesh.services.orders.endpoints[0].locality=eu/eu-1",
                "mesh.services.orders.endpoints[1].address=[::1]:9002",
                "mesh.services.orders.endpoints[1].weight=3",
                "mesh.services.secure.host=api.example.com",
                "mesh.services.secure.port=443",
                "mesh.services.secure.endpoints[0].address=127.0.0.1:9443",
                "mesh.resources.other=" + entry("bills.accounts.svc.cluster.local", "9003") + "\n---\n"
                        + entry("*.example.org", "9004"),
                "mesh.services.both.endpoints[0].address=127.0.0.1:9005",
                "spring.cloud.discovery.client.simple.instances.both[0].uri=http://127.0.0.1:9009",
                "spring.cloud.discovery.client.simple.instances.registered[0].uri=http://127.0.0.1:9010");
    }

    private static String entry(String host, String port) {
        return """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: "%s"}
                spec:
                  hosts: ["%s"]
                  resolution: STATIC
                  ports: [{number: 80, name: http, protocol: HTTP}]
                  endpoints: [{address: 127.0.0.1, ports: {http: %s}}]
                """.formatted("entry-" + port, host, port);
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    private static DiscoveryClient composite() {
        return application.getBean(DiscoveryClient.class);
    }

    private static List<String> uris(String id) {
        return composite().getInstances(id).stream()
                .map(instance -> instance.getUri().toString())
                .toList();
    }

    @Test
    void servicesOfTheMeshStandBesideThoseOfTheApplication() {
        assertThat(composite().getServices())
                .contains("orders", "bills.accounts", "api.example.com", "registered")
                .doesNotContain("*.example.org");
    }

    @Test
    void aServiceIsFoundByEachOfItsNames() {
        List<String> both = List.of("http://127.0.0.1:9001", "http://[::1]:9002");

        assertThat(uris("orders")).isEqualTo(both);
        assertThat(uris("ORDERS")).isEqualTo(both);
        assertThat(uris("orders.shop")).isEqualTo(both);
        assertThat(uris("orders.shop.svc")).isEqualTo(both);
        assertThat(uris("orders.shop.svc.cluster.local")).isEqualTo(both);
        assertThat(uris("bills.accounts")).containsExactly("http://127.0.0.1:9003");
        assertThat(uris("api.example.com")).hasSize(1);
    }

    @Test
    void codeThatAsksForAServiceOfTheApplicationsOwnRegistryGetsWhatItGotBefore() {
        assertThat(uris("both")).containsExactly("http://127.0.0.1:9009");
    }

    @Test
    void aServiceThatTheMeshDoesNotKnowIsTheApplicationsOwn() {
        assertThat(uris("registered")).containsExactly("http://127.0.0.1:9010");
        assertThat(uris("bills")).isEmpty();
        assertThat(uris("not a host")).isEmpty();
    }

    @Test
    void instancesSayWhereTheyAreAndWhatTheyAre() {
        List<ServiceInstance> instances = composite().getInstances("orders");

        assertThat(instances).extracting(ServiceInstance::getServiceId).containsOnly("orders");
        assertThat(instances)
                .extracting(ServiceInstance::getInstanceId)
                .doesNotHaveDuplicates()
                .doesNotContainNull();
        assertThat(instances.get(0))
                .returns("127.0.0.1", ServiceInstance::getHost)
                .returns(9001, ServiceInstance::getPort)
                .returns(false, ServiceInstance::isSecure)
                .returns(Map.of("version", "v1", "region", "eu", "zone", "eu-1"), ServiceInstance::getMetadata);
        assertThat(instances.get(1).getMetadata()).containsEntry("weight", "3");
    }

    @Test
    void theReactiveClientTellsTheSameAndWaitsForNothing() {
        ReactiveDiscoveryClient reactive = application.getBean(ReactiveDiscoveryClient.class);

        assertThat(reactive.getServices()
                        .subscribeOn(Schedulers.parallel())
                        .collectList()
                        .block(PATIENCE))
                .contains("orders", "bills.accounts", "registered");
        assertThat(reactive.getInstances("orders")
                        .subscribeOn(Schedulers.parallel())
                        .map(ServiceInstance::getPort)
                        .collectList()
                        .block(PATIENCE))
                .containsExactly(9001, 9002);
    }
}
