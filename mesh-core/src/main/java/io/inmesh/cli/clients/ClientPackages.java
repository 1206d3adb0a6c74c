package io.inmesh.cli.clients;

import java.util.List;

/** The packages of the clients themselves: what they do inside is no place of an application. */
final class ClientPackages {
    private static final List<String> ALL = List.of(
            "com.linecorp.armeria.",
            "com.mashape.unirest.",
            "com.ning.http.",
            "com.squareup.okhttp.",
            "feign.",
            "io.grpc.",
            "io.helidon.webclient.",
            "io.inmesh.kubernetes.",
            "io.inmesh.okhttp.",
            "io.inmesh.spring.",
            "io.ktor.",
            "io.micronaut.http.",
            "io.netty.",
            "io.quarkus.",
            "io.vertx.",
            "kong.unirest.",
            "kotlin.",
            "okhttp3.",
            "org.apache.commons.httpclient.",
            "org.apache.commons.io.",
            "org.apache.cxf.",
            "org.apache.dubbo.",
            "org.apache.hc.",
            "org.apache.http.",
            "org.asynchttpclient.",
            "org.codehaus.groovy.",
            "org.eclipse.jetty.",
            "org.eclipse.microprofile.",
            "org.glassfish.jersey.",
            "org.jboss.resteasy.",
            "org.springframework.boot.",
            "org.springframework.cloud.gateway.",
            "org.springframework.cloud.loadbalancer.",
            "org.springframework.cloud.openfeign.",
            "org.springframework.http.",
            "org.springframework.web.",
            "reactor.netty.",
            "retrofit2.");

    private ClientPackages() {}

    /** @param type binary name of a class */
    static boolean have(String type) {
        return ALL.stream().anyMatch(type::startsWith);
    }
}
