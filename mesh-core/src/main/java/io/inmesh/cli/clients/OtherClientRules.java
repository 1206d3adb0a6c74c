package io.inmesh.cli.clients;

import static io.inmesh.cli.clients.Rule.of;
import static io.inmesh.cli.clients.Use.CALLED;
import static io.inmesh.cli.clients.Use.DECLARED;
import static io.inmesh.cli.clients.Use.MADE;

import java.util.List;
import java.util.Set;

/** The part of the table for clients that InMesh does not reach; see {@link ClientRules}. */
final class OtherClientRules {
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
    private static final String APACHE_4 = "org.apache.http.";
    private static final String APACHE_5 = "org.apache.hc.client5.http.";
    private static final String GRPC = ".forAddress,forTarget";

    /** Classes of which only the methods that take a URL first are meant. */
    static final Set<String> READERS = Set.of(
            "kotlin.io.TextStreamsKt",
            "org.codehaus.groovy.runtime.ResourceGroovyMethods",
            "org.apache.commons.io.IOUtils",
            "org.apache.commons.io.FileUtils");

    static final List<Rule> ALL = List.of(
            of(MADE, "OkHttp 2", REPLACE, "new com.squareup.okhttp.OkHttpClient"),
            of(MADE, "java.net.http", REPLACE, "java.net.http.HttpClient.newHttpClient,newBuilder")
                    .beside(
                            BEHIND_SPRING,
                            FACTORY + "JdkClientHttpRequestFactory",
                            CONNECTOR + "JdkClientHttpConnector"),
            of(CALLED, "java.net.http", REPLACE, "java.net.http.HttpClient.send,sendAsync"),
            of(
                    CALLED,
                    "HttpURLConnection",
                    REPLACE,
                    "java.net.URL.openConnection,openStream,getContent",
                    "kotlin.io.TextStreamsKt.readBytes",
                    "org.codehaus.groovy.runtime.ResourceGroovyMethods.getText,getBytes,newReader,newInputStream,"
                            + "readLines,eachLine,withReader,withInputStream",
                    "org.apache.commons.io.IOUtils.toString,toByteArray,copy",
                    "org.apache.commons.io.FileUtils.copyURLToFile"),
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
                    APACHE_4 + "impl.nio.client.CloseableHttpAsyncClient.execute",
                    APACHE_4 + "client.fluent.Request.execute",
                    APACHE_4 + "client.fluent.Executor.execute"),
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
                    APACHE_5 + "fluent.Request.execute",
                    APACHE_5 + "fluent.Executor.execute"),
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
                    "org.glassfish.jersey.client.JerseyClientBuilder.createClient,newClient,newBuilder",
                    "org.jboss.resteasy.client.jaxrs.ResteasyClientBuilder.newClient,newBuilder",
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
                    "@org.springframework.grpc.client.ImportGrpcClients",
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
            of(
                    CALLED,
                    "Unirest",
                    REPLACE,
                    "kong.unirest.Unirest.*",
                    "kong.unirest.core.Unirest.*",
                    "com.mashape.unirest.http.Unirest.*"),
            of(
                    MADE,
                    "Google HTTP client",
                    REPLACE,
                    "new com.google.api.client.http.javanet.NetHttpTransport",
                    "new com.google.api.client.http.javanet.NetHttpTransport$Builder"));

    private OtherClientRules() {}
}
