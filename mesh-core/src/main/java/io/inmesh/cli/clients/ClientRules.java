package io.inmesh.cli.clients;

import static io.inmesh.cli.clients.Answer.byStarter;
import static io.inmesh.cli.clients.Rule.of;
import static io.inmesh.cli.clients.Use.BROUGHT;
import static io.inmesh.cli.clients.Use.BUILT;
import static io.inmesh.cli.clients.Use.CALLED;
import static io.inmesh.cli.clients.Use.DECLARED;
import static io.inmesh.cli.clients.Use.MADE;
import static io.inmesh.cli.clients.Verdict.CARRIED;
import static io.inmesh.cli.clients.Verdict.CARRIED_IF;

import java.util.List;
import java.util.stream.Stream;

/**
 * The table: which traces of HTTP clients in byte code are looked for, and what is said of them. A mark is one of
 *
 * <ul>
 *   <li>{@code new a.b.C}: an object of the class, or of a subclass among the classes that are read
 *   <li>{@code a.b.C.m} or {@code a.b.C.m,n}: calls of the methods with these names, of any signature; {@code a.b.C.*}: of
 *       every static method
 *   <li>{@code @a.b.A}: the annotation on a class, method, field or parameter; {@code @a.b.A(x)}: with {@code x} given;
 *       {@code interface @a.b.A}: on an interface or its methods
 *   <li>{@code component a.b.C}: a subclass that component scanning makes a bean
 *   <li>{@code jar:name-}: a library whose file name begins so and goes on with a digit
 * </ul>
 *
 * Each mark has one rule, but for {@code @a.b.A(x)}, which goes before {@code @a.b.A}.
 */
final class ClientRules {
    /** The oldest Spring Boot that the starter works with. */
    static final int BOOT_MAJOR = 3;

    static final int BOOT_MINOR = 2;

    private static final String STARTER = "with mesh-spring-boot-starter";
    private static final Answer WITH_STARTER = byStarter(CARRIED, STARTER);
    private static final Answer BEAN = byStarter(CARRIED, STARTER + ", as a bean");
    private static final Answer BUILDER = byStarter(CARRIED, STARTER + ", which meshes the builder that is injected");
    private static final Answer AGENT = byStarter(
            CARRIED_IF,
            "started with -javaagent:mesh-spring-boot-starter-<version>-agent.jar, or returned by a @Bean method instead");
    private static final Answer INJECTED =
            byStarter(CARRIED, STARTER + ", as the bean or builder is that it comes from");
    private static final Answer OWN_SENDER = byStarter(
            CARRIED_IF,
            "started with -javaagent:mesh-spring-boot-starter-<version>-agent.jar, returned by a @Bean method instead,"
                    + " or left with the factory, connector and customizers that it came with");
    private static final Answer FEIGN = byStarter(
            CARRIED_IF,
            "the bean MeshFeignCapability, which the starter has beside Spring Cloud OpenFeign, is added with addCapability;"
                    + " or its client is feign-okhttp over an OkHttpClient with MeshInterceptor: docs/okhttp.md");
    private static final Answer GATEWAY = byStarter(CARRIED, STARTER + ": its http:// and lb:// routes");

    private static final Answer OKHTTP =
            Answer.carriedIf("MeshInterceptor of mesh-okhttp is added to it: docs/okhttp.md");
    private static final Answer OKHTTP_BEAN = Answer.carriedIf(
            "mesh.clients.okhttp=true with mesh-okhttp, or MeshInterceptor is added to it: docs/okhttp.md");
    private static final Answer OKHTTP_MESHED = Answer.carried("by MeshInterceptor, which its class uses");
    private static final Answer OKHTTP_WITHIN =
            Answer.carriedIf("its OkHttpClient has MeshInterceptor: docs/okhttp.md");

    private static final String TEMPLATE_CALLS =
            "getForObject,getForEntity,headForHeaders,postForLocation,postForObject,"
                    + "postForEntity,put,patchForObject,delete,optionsForAllow,exchange,execute";
    private static final String VERBS = "get,head,post,put,patch,delete,options,method";
    private static final String REACTIVE = "org.springframework.web.reactive.function.client.WebClient";
    /** Spring, Spring Cloud, OkHttp: what InMesh reaches. */
    private static final List<Rule> REACHED = List.of(
            of(
                            MADE,
                            "RestTemplate",
                            AGENT,
                            "new org.springframework.web.client.RestTemplate",
                            "new org.springframework.security.oauth2.client.OAuth2RestTemplate")
                    .inBean(BEAN),
            of(DECLARED, "RestTemplate", BEAN, "component org.springframework.web.client.RestTemplate"),
            of(
                            MADE,
                            "RestTemplate by new RestTemplateBuilder",
                            AGENT,
                            "new org.springframework.boot.web.client.RestTemplateBuilder",
                            "new org.springframework.boot.restclient.RestTemplateBuilder")
                    .inBean(BEAN),
            of(
                            BUILT,
                            "RestTemplate by an injected builder",
                            BUILDER,
                            "org.springframework.boot.web.client.RestTemplateBuilder.build,configure",
                            "org.springframework.boot.restclient.RestTemplateBuilder.build,configure")
                    .inBean(BEAN),
            of(
                    CALLED,
                    "RestTemplate",
                    INJECTED,
                    "org.springframework.web.client.RestTemplate." + TEMPLATE_CALLS,
                    "org.springframework.web.client.RestOperations." + TEMPLATE_CALLS),
            of(MADE, "RestClient", AGENT, "org.springframework.web.client.RestClient.create,builder")
                    .inBean(BEAN),
            of(
                            BUILT,
                            "RestClient by an injected builder",
                            BUILDER,
                            "org.springframework.web.client.RestClient$Builder.build")
                    .inBean(BEAN),
            of(CALLED, "RestClient", INJECTED, "org.springframework.web.client.RestClient." + VERBS),
            of(MADE, "WebClient", AGENT, REACTIVE + ".create,builder").inBean(BEAN),
            of(BUILT, "WebClient by an injected builder", BUILDER, REACTIVE + "$Builder.build")
                    .inBean(BEAN),
            of(CALLED, "WebClient", INJECTED, REACTIVE + "." + VERBS),
            of(
                    DECLARED,
                    "@HttpExchange",
                    byStarter(CARRIED_IF, "the RestClient or WebClient is that it is made over: see there"),
                    "interface @org.springframework.web.service.annotation.HttpExchange",
                    "interface @org.springframework.web.service.annotation.GetExchange",
                    "interface @org.springframework.web.service.annotation.PostExchange",
                    "interface @org.springframework.web.service.annotation.PutExchange",
                    "interface @org.springframework.web.service.annotation.PatchExchange",
                    "interface @org.springframework.web.service.annotation.DeleteExchange"),
            of(
                    DECLARED,
                    "@HttpExchange by @ImportHttpServices",
                    WITH_STARTER,
                    "@org.springframework.web.service.registry.ImportHttpServices"),
            of(
                    MADE,
                    "OpenFeign by FeignClientBuilder",
                    WITH_STARTER,
                    "org.springframework.cloud.openfeign.FeignClientBuilder$Builder.build"),
            of(DECLARED, "OpenFeign by url", WITH_STARTER, "@org.springframework.cloud.openfeign.FeignClient(url)"),
            of(DECLARED, "OpenFeign by name", WITH_STARTER, "@org.springframework.cloud.openfeign.FeignClient"),
            of(MADE, "Feign by hand", FEIGN, "feign.Feign.builder", "feign.AsyncFeign.builder"),
            of(BUILT, "Feign by hand", FEIGN, "feign.Feign$Builder.build,target"),
            of(
                    MADE,
                    "Spring Cloud Gateway (WebFlux)",
                    GATEWAY,
                    "org.springframework.cloud.gateway.route.builder.RouteLocatorBuilder.routes"),
            of(
                    MADE,
                    "Spring Cloud Gateway (WebMVC)",
                    GATEWAY,
                    "org.springframework.cloud.gateway.server.mvc.handler.HandlerFunctions.http",
                    "org.springframework.cloud.gateway.server.mvc.filter.LoadBalancerFilterFunctions.lb"),
            of(
                    BROUGHT,
                    "Spring Cloud Gateway (WebFlux)",
                    GATEWAY,
                    "jar:spring-cloud-gateway-server-",
                    "jar:spring-cloud-gateway-server-webflux-",
                    "jar:spring-cloud-gateway-core-"),
            of(
                    BROUGHT,
                    "Spring Cloud Gateway (WebMVC)",
                    GATEWAY,
                    "jar:spring-cloud-gateway-server-mvc-",
                    "jar:spring-cloud-gateway-server-webmvc-"),
            of(MADE, "OkHttp", OKHTTP, "new okhttp3.OkHttpClient", "new okhttp3.OkHttpClient$Builder")
                    .inBean(OKHTTP_BEAN)
                    .beside(OKHTTP_MESHED, "io.inmesh.okhttp.MeshInterceptor", "io.inmesh.okhttp.MeshOkHttp"),
            of(MADE, "OkHttp", OKHTTP_MESHED, "io.inmesh.okhttp.MeshOkHttp.builder"),
            of(CALLED, "OkHttp", OKHTTP, "okhttp3.OkHttpClient.newCall", "okhttp3.Call$Factory.newCall"),
            of(MADE, "Retrofit", OKHTTP_WITHIN, "new retrofit2.Retrofit$Builder"));

    /** Methods that give a client or builder something to send with, and what is said of it where it came from elsewhere. */
    static final List<Rule> SENDERS = List.of(
            of(
                    BUILT,
                    "RestTemplate",
                    OWN_SENDER,
                    "org.springframework.web.client.RestTemplate.setRequestFactory",
                    "org.springframework.boot.web.client.RestTemplateBuilder.customizers",
                    "org.springframework.boot.restclient.RestTemplateBuilder.customizers"),
            of(BUILT, "RestClient", OWN_SENDER, "org.springframework.web.client.RestClient$Builder.requestFactory"),
            of(BUILT, "WebClient", OWN_SENDER, REACTIVE + "$Builder.clientConnector"),
            of(
                    BUILT,
                    "WebClient",
                    Answer.not("give it a clientConnector instead of an exchangeFunction, which sends past the mesh"),
                    REACTIVE + "$Builder.exchangeFunction"));

    static final List<Rule> ALL =
            Stream.concat(REACHED.stream(), OtherClientRules.ALL.stream()).toList();

    private ClientRules() {}
}
