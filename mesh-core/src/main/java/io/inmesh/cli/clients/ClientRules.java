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
    private static final Answer GATEWAY = byStarter(CARRIED, STARTER + ": its http:// and lb:// routes");

    private static final Answer OKHTTP =
            Answer.carriedIf("MeshInterceptor of mesh-okhttp is added to it: docs/okhttp.md");
    private static final Answer OKHTTP_BEAN = Answer.carriedIf(
            "mesh.clients.okhttp=true with mesh-okhttp, or MeshInterceptor is added to it: docs/okhttp.md");
    private static final Answer OKHTTP_MESHED = Answer.carried("by MeshInterceptor, which its class uses");
    private static final Answer OKHTTP_WITHIN =
            Answer.carriedIf("its OkHttpClient has MeshInterceptor: docs/okhttp.md");

    private static final Answer BEHIND_SPRING =
            Answer.carriedIf("only the Spring client uses it whose factory or connector is made in the same class");
    private static final Answer REPLACE =
            Answer.not("call with a RestClient or WebClient bean (mesh-spring-boot-starter)"
                    + " or an OkHttpClient with MeshInterceptor (mesh-okhttp)");
    private static final Answer JAX_RS = Answer.not("call with an OkHttpClient with MeshInterceptor (mesh-okhttp),"
            + " in Spring with an @HttpExchange interface over a RestClient bean");
    private static final Answer OTHER_PROTOCOL = Answer.not(
            "the mesh carries HTTP calls of Spring's clients and OkHttp; its own name resolution stays in force");

    private static final String FACTORY = "org.springframework.http.client.";
    private static final String CONNECTOR = "org.springframework.http.client.reactive.";
    private static final String TEMPLATE_CALLS =
            "getForObject,getForEntity,headForHeaders,postForLocation,postForObject,"
                    + "postForEntity,put,patchForObject,delete,optionsForAllow,exchange,execute";
    private static final String VERBS = "get,head,post,put,patch,delete,options,method";
    private static final String REACTIVE = "org.springframework.web.reactive.function.client.WebClient";
    private static final String APACHE_4 = "org.apache.http.";
    private static final String APACHE_5 = "org.apache.hc.client5.http.";
    private static final String GRPC = ".forAddress,forTarget";

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
                    "org.springframework.boot.restclient.RestTemplateBuilder.build,configure"),
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
                    "org.springframework.web.client.RestClient$Builder.build"),
            of(CALLED, "RestClient", INJECTED, "org.springframework.web.client.RestClient." + VERBS),
            of(MADE, "WebClient", AGENT, REACTIVE + ".create,builder").inBean(BEAN),
            of(BUILT, "WebClient by an injected builder", BUILDER, REACTIVE + "$Builder.build"),
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
            of(DECLARED, "OpenFeign by url", WITH_STARTER, "@org.springframework.cloud.openfeign.FeignClient(url)"),
            of(DECLARED, "OpenFeign by name", WITH_STARTER, "@org.springframework.cloud.openfeign.FeignClient"),
            of(
                    MADE,
                    "Feign by hand",
                    byStarter(
                            CARRIED_IF,
                            "the bean MeshFeignCapability of mesh-spring-boot-starter is added to it"
                                    + " with addCapability"),
                    "feign.Feign.builder",
                    "feign.AsyncFeign.builder"),
            of(
                    BUILT,
                    "Feign by hand",
                    byStarter(
                            CARRIED_IF,
                            "the bean MeshFeignCapability of mesh-spring-boot-starter is added to it"
                                    + " with addCapability"),
                    "feign.Feign$Builder.build,target"),
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
            of(MADE, "OkHttp 2", REPLACE, "new com.squareup.okhttp.OkHttpClient"),
            of(MADE, "Retrofit", OKHTTP_WITHIN, "new retrofit2.Retrofit$Builder"));

    /** What goes past the mesh. */
    private static final List<Rule> PAST = List.of(
            of(MADE, "java.net.http", REPLACE, "java.net.http.HttpClient.newHttpClient,newBuilder")
                    .beside(
                            BEHIND_SPRING,
                            FACTORY + "JdkClientHttpRequestFactory",
                            CONNECTOR + "JdkClientHttpConnector"),
            of(CALLED, "java.net.http", REPLACE, "java.net.http.HttpClient.send,sendAsync"),
            of(CALLED, "HttpURLConnection", REPLACE, "java.net.URL.openConnection,openStream,getContent"),
            of(
                            MADE,
                            "Apache HttpClient 4",
                            REPLACE,
                            "new " + APACHE_4 + "impl.client.DefaultHttpClient",
                            "new " + APACHE_4 + "impl.client.SystemDefaultHttpClient",
                            APACHE_4 + "impl.client.HttpClients.*",
                            APACHE_4 + "impl.client.HttpClientBuilder.create",
                            APACHE_4 + "impl.nio.client.HttpAsyncClients.*",
                            APACHE_4 + "impl.nio.client.HttpAsyncClientBuilder.create")
                    .beside(BEHIND_SPRING, FACTORY + "HttpComponentsClientHttpRequestFactory"),
            of(
                    CALLED,
                    "Apache HttpClient 4",
                    REPLACE,
                    APACHE_4 + "client.HttpClient.execute",
                    APACHE_4 + "impl.client.CloseableHttpClient.execute",
                    APACHE_4 + "nio.client.HttpAsyncClient.execute",
                    APACHE_4 + "client.fluent.Request.execute"),
            of(
                            MADE,
                            "Apache HttpClient 5",
                            REPLACE,
                            APACHE_5 + "impl.classic.HttpClients.*",
                            APACHE_5 + "impl.classic.HttpClientBuilder.create",
                            APACHE_5 + "impl.async.HttpAsyncClients.*",
                            APACHE_5 + "impl.async.HttpAsyncClientBuilder.create")
                    .beside(
                            BEHIND_SPRING,
                            FACTORY + "HttpComponentsClientHttpRequestFactory",
                            CONNECTOR + "HttpComponentsClientHttpConnector"),
            of(
                    CALLED,
                    "Apache HttpClient 5",
                    REPLACE,
                    APACHE_5 + "classic.HttpClient.execute,executeOpen",
                    APACHE_5 + "impl.classic.CloseableHttpClient.execute,executeOpen",
                    "org.apache.hc.client5.http.async.HttpAsyncClient.execute",
                    APACHE_5 + "impl.async.CloseableHttpAsyncClient.execute",
                    APACHE_5 + "fluent.Request.execute"),
            of(MADE, "Apache HttpClient 3", REPLACE, "new org.apache.commons.httpclient.HttpClient"),
            of(
                    MADE,
                    "Spring's AsyncRestTemplate",
                    Answer.not("replace it by a WebClient bean; Spring 6 has it no more"),
                    "new org.springframework.web.client.AsyncRestTemplate"),
            of(
                    DECLARED,
                    "MicroProfile REST client",
                    JAX_RS,
                    "@org.eclipse.microprofile.rest.client.inject.RegisterRestClient"),
            of(
                    MADE,
                    "MicroProfile REST client",
                    JAX_RS,
                    "org.eclipse.microprofile.rest.client.RestClientBuilder.newBuilder",
                    "io.quarkus.rest.client.reactive.QuarkusRestClientBuilder.newBuilder"),
            of(
                    MADE,
                    "JAX-RS client",
                    JAX_RS,
                    "javax.ws.rs.client.ClientBuilder.newClient,newBuilder",
                    "jakarta.ws.rs.client.ClientBuilder.newClient,newBuilder",
                    "org.glassfish.jersey.client.JerseyClientBuilder.createClient",
                    "new org.glassfish.jersey.client.JerseyClientBuilder",
                    "new org.jboss.resteasy.client.jaxrs.ResteasyClientBuilder",
                    "org.apache.cxf.jaxrs.client.JAXRSClientFactory.create,fromClient",
                    "org.apache.cxf.jaxrs.client.WebClient.create,fromClient",
                    "com.sun.jersey.api.client.Client.create"),
            of(
                    CALLED,
                    "JAX-RS client",
                    JAX_RS,
                    "javax.ws.rs.client.Client.target",
                    "jakarta.ws.rs.client.Client.target"),
            of(
                    MADE,
                    "gRPC",
                    OTHER_PROTOCOL,
                    "io.grpc.ManagedChannelBuilder" + GRPC,
                    "io.grpc.Grpc.newChannelBuilder",
                    "io.grpc.Grpc.newChannelBuilderForAddress",
                    "io.grpc.netty.NettyChannelBuilder" + GRPC,
                    "io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder" + GRPC,
                    "io.grpc.okhttp.OkHttpChannelBuilder" + GRPC,
                    "org.springframework.grpc.client.GrpcChannelFactory.createChannel"),
            of(
                    DECLARED,
                    "gRPC",
                    OTHER_PROTOCOL,
                    "@net.devh.boot.grpc.client.inject.GrpcClient",
                    "@io.quarkus.grpc.GrpcClient"),
            of(
                    MADE,
                    "Vert.x client",
                    REPLACE,
                    "io.vertx.ext.web.client.WebClient.create,wrap",
                    "io.vertx.core.Vertx.createHttpClient,httpClientBuilder",
                    "io.vertx.mutiny.ext.web.client.WebClient.create,wrap",
                    "io.vertx.mutiny.core.Vertx.createHttpClient,httpClientBuilder",
                    "io.vertx.reactivex.ext.web.client.WebClient.create,wrap",
                    "io.vertx.reactivex.core.Vertx.createHttpClient",
                    "io.vertx.rxjava3.ext.web.client.WebClient.create,wrap",
                    "io.vertx.rxjava3.core.Vertx.createHttpClient,httpClientBuilder"),
            of(
                    DECLARED,
                    "Zuul",
                    Answer.not("move its routes to Spring Cloud Gateway (docs/spring-cloud.md)"),
                    "@org.springframework.cloud.netflix.zuul.EnableZuulProxy",
                    "@org.springframework.cloud.netflix.zuul.EnableZuulServer"),
            of(
                    DECLARED,
                    "Dubbo",
                    OTHER_PROTOCOL,
                    "@org.apache.dubbo.config.annotation.DubboReference",
                    "@org.apache.dubbo.config.annotation.Reference",
                    "@com.alibaba.dubbo.config.annotation.Reference"),
            of(
                    MADE,
                    "Dubbo",
                    OTHER_PROTOCOL,
                    "new org.apache.dubbo.config.ReferenceConfig",
                    "new com.alibaba.dubbo.config.ReferenceConfig"),
            of(DECLARED, "Micronaut client", REPLACE, "@io.micronaut.http.client.annotation.Client"),
            of(
                    MADE,
                    "Micronaut client",
                    REPLACE,
                    "io.micronaut.http.client.HttpClient.create",
                    "io.micronaut.http.client.StreamingHttpClient.create",
                    "io.micronaut.rxjava2.http.client.RxHttpClient.create"),
            of(
                    MADE,
                    "Armeria client",
                    REPLACE,
                    "com.linecorp.armeria.client.WebClient.of,builder",
                    "com.linecorp.armeria.client.RestClient.of,builder",
                    "com.linecorp.armeria.client.Clients.newClient,builder",
                    "com.linecorp.armeria.client.grpc.GrpcClients.newClient,builder",
                    "com.linecorp.armeria.client.retrofit2.ArmeriaRetrofit.of,builder"),
            of(MADE, "Reactor Netty client", REPLACE, "reactor.netty.http.client.HttpClient.create,newConnection")
                    .beside(
                            BEHIND_SPRING,
                            CONNECTOR + "ReactorClientHttpConnector",
                            FACTORY + "ReactorClientHttpRequestFactory",
                            FACTORY + "ReactorNettyClientRequestFactory"),
            of(
                            MADE,
                            "Jetty client",
                            REPLACE,
                            "new org.eclipse.jetty.client.HttpClient",
                            "new org.eclipse.jetty.http2.client.HTTP2Client")
                    .beside(
                            BEHIND_SPRING,
                            CONNECTOR + "JettyClientHttpConnector",
                            FACTORY + "JettyClientHttpRequestFactory"),
            of(
                    MADE,
                    "AsyncHttpClient",
                    REPLACE,
                    "org.asynchttpclient.Dsl.asyncHttpClient",
                    "new org.asynchttpclient.DefaultAsyncHttpClient",
                    "new com.ning.http.client.AsyncHttpClient"),
            of(
                    MADE,
                    "Ktor client",
                    REPLACE,
                    "io.ktor.client.HttpClientKt.HttpClient",
                    "io.ktor.client.HttpClientJvmKt.HttpClient",
                    "new io.ktor.client.HttpClient"),
            of(
                    MADE,
                    "Helidon client",
                    REPLACE,
                    "io.helidon.webclient.api.WebClient.create,builder",
                    "io.helidon.webclient.WebClient.create,builder"),
            of(CALLED, "Unirest", REPLACE, "kong.unirest.Unirest.*", "kong.unirest.core.Unirest.*"),
            of(
                    MADE,
                    "Google HTTP client",
                    REPLACE,
                    "new com.google.api.client.http.javanet.NetHttpTransport",
                    "new com.google.api.client.http.javanet.NetHttpTransport$Builder"));

    static final List<Rule> ALL =
            java.util.stream.Stream.concat(REACHED.stream(), PAST.stream()).toList();

    private ClientRules() {}
}
