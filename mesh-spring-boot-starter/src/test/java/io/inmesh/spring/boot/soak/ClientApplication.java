package io.inmesh.spring.boot.soak;

import io.inmesh.Mesh;
import io.inmesh.okhttp.MeshInterceptor;
import io.inmesh.spring.boot.soak.FeignClients.H2cByName;
import io.inmesh.spring.boot.soak.FeignClients.PlainByName;
import io.inmesh.spring.boot.soak.FeignClients.TlsByName;
import java.net.http.HttpClient;
import java.util.List;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cloud.client.loadbalancer.LoadBalanced;
import org.springframework.cloud.openfeign.EnableFeignClients;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.service.registry.HttpServiceGroup;
import org.springframework.web.service.registry.ImportHttpServices;

/** An application that has every client which the mesh carries: Spring Boot's own, Spring Cloud's, and those made by hand. */
final class ClientApplication implements SoakApplication {
    @SpringBootConfiguration
    @EnableAutoConfiguration
    @EnableFeignClients(clients = {PlainByName.class, H2cByName.class, TlsByName.class, FeignClients.Api.class})
    @ImportHttpServices(group = "soak", types = SpringClients.Api.class)
    @ImportHttpServices(
            group = "soak-reactive",
            types = SpringClients.ReactiveApi.class,
            clientType = HttpServiceGroup.ClientType.WEB_CLIENT)
    static class Application {
        @Bean
        RestTemplate template() {
            return new RestTemplate();
        }

        @Bean
        RestTemplate hastyTemplate() {
            return new RestTemplate(hasty());
        }

        @Bean
        RestClient rest() {
            return RestClient.builder().requestFactory(following()).build();
        }

        @Bean
        RestClient hastyRest() {
            return RestClient.builder().requestFactory(hasty()).build();
        }

        @Bean
        WebClient web() {
            return WebClient.builder()
                    .clientConnector(new JdkClientHttpConnector(followingClient()))
                    .build();
        }

        @Bean
        @LoadBalanced
        RestTemplate balancedTemplate() {
            return new RestTemplate(following());
        }

        @Bean
        @LoadBalanced
        RestTemplate hastyBalancedTemplate() {
            return new RestTemplate(hasty());
        }

        /** Not a default candidate, so that Spring Boot's builder stays, and so on. */
        @Bean(defaultCandidate = false)
        @LoadBalanced
        RestClient.Builder balancedRest() {
            return RestClient.builder().requestFactory(following());
        }

        @Bean(defaultCandidate = false)
        @LoadBalanced
        RestClient.Builder hastyBalancedRest() {
            return RestClient.builder().requestFactory(hasty());
        }

        @Bean(defaultCandidate = false)
        @LoadBalanced
        WebClient.Builder balancedWeb() {
            return WebClient.builder().clientConnector(new JdkClientHttpConnector(followingClient()));
        }
    }

    static JdkClientHttpRequestFactory following() {
        return new JdkClientHttpRequestFactory(followingClient());
    }

    static HttpClient followingClient() {
        return HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.ALWAYS)
                .build();
    }

    static SimpleClientHttpRequestFactory hasty() {
        SimpleClientHttpRequestFactory factory = new SimpleClientHttpRequestFactory();
        factory.setReadTimeout(SoakCall.SHORT_MILLIS);
        return factory;
    }

    @Override
    public void prepare(SystemProperties properties) {
        properties.set(AgentClients.RUNNING, "soak");
    }

    @Override
    public ConfigurableApplicationContext start(SoakFleet fleet, SoakReport report, SoakSettings settings) {
        return new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .initializers(
                        context -> ((GenericApplicationContext) context).registerBean(SoakReport.class, () -> report))
                .run(
                        "--spring.main.banner-mode=off",
                        "--spring.threads.virtual.enabled=" + settings.virtualThreads(),
                        "--spring.ssl.bundle.pem.soak.truststore.certificate=" + fleet.certificate(),
                        "--spring.http.clients.ssl.bundle=soak",
                        "--spring.http.serviceclient.soak.base-url=" + SoakFleet.url(SoakFleet.PLAIN),
                        "--spring.http.serviceclient.soak-reactive.base-url=" + SoakFleet.url(SoakFleet.PLAIN),
                        // They tell of every dropped response and every broken connection.
                        "--logging.level.okhttp3=off",
                        "--logging.level.mockwebserver3=off",
                        "--mesh.resources.soak=" + fleet.rules());
    }

    @Override
    public List<SoakClient> clients(ConfigurableApplicationContext application, SoakFleet fleet) {
        MeshInterceptor mesh = new MeshInterceptor(application.getBean(Mesh.class));
        return List.of(
                new OkHttpClients.Sync(mesh, fleet.trust()),
                new OkHttpClients.Enqueued(mesh, fleet.trust()),
                SpringClients.Rest.from(application),
                SpringClients.Template.from(application),
                new SpringClients.Exchange(application.getBean(SpringClients.Api.class)),
                new SpringClients.ReactiveExchange(application.getBean(SpringClients.ReactiveApi.class)),
                new SpringClients.Web(
                        "WebClient",
                        application.getBean(WebClient.Builder.class).build()),
                SpringClients.Template.ofBeans(application, "RestTemplate bean", "template", "hastyTemplate"),
                SpringClients.Rest.ofBeans(application, "RestClient bean", "rest", "hastyRest"),
                new SpringClients.Web("WebClient bean", application.getBean("web", WebClient.class)),
                SpringClients.Template.ofBeans(
                        application, "@LoadBalanced RestTemplate", "balancedTemplate", "hastyBalancedTemplate"),
                SpringClients.Rest.ofBuilders(
                        application, "@LoadBalanced RestClient", "balancedRest", "hastyBalancedRest"),
                new SpringClients.Web(
                        "@LoadBalanced WebClient",
                        application
                                .getBean("balancedWeb", WebClient.Builder.class)
                                .build()),
                AgentClients.template(),
                AgentClients.rest(),
                AgentClients.web(),
                FeignClients.ByName.from(application),
                new FeignClients.ByUrl(application.getBean(FeignClients.Api.class)));
    }
}
