package io.inmesh.spring.boot.cloud.feign;

import static org.assertj.core.api.Assertions.assertThat;

import feign.Client;
import feign.Request;
import feign.Response;
import io.inmesh.spring.boot.Backend;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cloud.openfeign.EnableFeignClients;
import org.springframework.cloud.openfeign.FeignClient;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpEntity;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;

/** What Feign sends and gets through the mesh, byte for byte. */
class FeignMessagesTest {
    private static Backend v1;
    private static ConfigurableApplicationContext application;

    @FeignClient(name = "orders")
    interface Orders {
        @PostMapping(value = "/posted", consumes = "text/plain")
        String post(@RequestBody String body);

        @PostMapping(value = "/gzip", consumes = "text/plain")
        String postWith(@RequestHeader("Content-Encoding") String encoding, @RequestBody String body);

        @GetMapping("/accepted")
        ResponseEntity<String> accepting(@RequestHeader("Accept-Encoding") String encoding);

        @GetMapping("/entity")
        ResponseEntity<String> entity();

        @GetMapping("/stream")
        Response stream();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableFeignClients(clients = Orders.class)
    static class Application {}

    @BeforeAll
    static void start() {
        v1 = Backend.named("v1");
        application = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .run(
                        "--spring.main.banner-mode=off",
                        "--mesh.services.orders.endpoints[0].address=" + v1.address(),
                        "--mesh.services.orders.routes[0].match[0].path.prefix=/moved",
                        "--mesh.services.orders.routes[0].redirect.path=/target",
                        "--mesh.services.orders.routes[1].name=all");
    }

    @AfterAll
    static void stop() {
        application.close();
        v1.close();
    }

    @BeforeEach
    void answerWithItsName() {
        v1.handle(exchange -> v1.answer(exchange, 200, v1.name()));
    }

    private static Orders orders() {
        return application.getBean(Orders.class);
    }

    @Test
    void aBodyArrivesAsItIs() {
        assertThat(orders().post("grüße")).isEqualTo("v1");
        assertThat(v1.last()).returns("grüße", Backend.Seen::body).returns("POST", Backend.Seen::method);
    }

    @Test
    void aBodyIsCompressedWhereItsHeaderSaysSo() throws Exception {
        AtomicReference<String> plain = new AtomicReference<>();
        v1.handle(exchange -> {
            plain.set(
                    new String(new GZIPInputStream(exchange.getRequestBody()).readAllBytes(), StandardCharsets.UTF_8));
            v1.answer(exchange, 200, exchange.getRequestHeaders().getFirst("Content-Encoding"));
        });

        assertThat(orders().postWith("gzip", "many words")).isEqualTo("gzip");
        assertThat(plain).hasValue("many words");
    }

    @Test
    void anAnswerThatTheCallerAskedToBeCompressedIsReadPlain() {
        v1.handle(exchange -> {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (OutputStream out = new GZIPOutputStream(bytes)) {
                out.write("plain words".getBytes(StandardCharsets.UTF_8));
            }
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            exchange.getResponseHeaders().set("Content-Type", "text/plain");
            exchange.sendResponseHeaders(200, bytes.size());
            exchange.getResponseBody().write(bytes.toByteArray());
            exchange.close();
        });

        assertThat(orders().accepting("gzip").getBody()).isEqualTo("plain words");
        assertThat(orders().entity().getBody()).isEqualTo("plain words");
    }

    @Test
    void headersThatComeTwiceAndAnEmptyAnswerArrive() {
        v1.handle(exchange -> {
            exchange.getResponseHeaders().add("x-twice", "one");
            exchange.getResponseHeaders().add("x-twice", "two");
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });

        ResponseEntity<String> entity = orders().entity();

        assertThat(entity)
                .returns(204, answer -> answer.getStatusCode().value())
                .returns(null, HttpEntity::getBody);
        assertThat(entity.getHeaders().getValuesAsList("x-twice")).containsExactly("one", "two");
    }

    @Test
    void anAnswerIsReadAsItComes() throws Exception {
        CountDownLatch firstRead = new CountDownLatch(1);
        v1.handle(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("first ".getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            Waiting.on(firstRead);
            exchange.getResponseBody().write("second".getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });

        try (Response response = orders().stream();
                InputStream body = response.body().asInputStream()) {
            assertThat(response.body().length()).isNull();
            assertThat(new String(body.readNBytes(6), StandardCharsets.UTF_8)).isEqualTo("first ");
            firstRead.countDown();
            assertThat(new String(body.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("second");
        }
    }

    @Test
    void redirectsAreFollowedAsTheOptionsSay() throws Exception {
        Client sender = application.getBean(MeshFeignCapability.class).enrich((Client) (request, options) -> {
            throw new IOException("not for the delegate");
        });
        Request moved = Request.create(
                Request.HttpMethod.GET, "http://orders/moved", Map.of(), null, StandardCharsets.UTF_8, null);

        try (Response followed = sender.execute(moved, options(true))) {
            assertThat(followed.status()).isEqualTo(200);
        }
        try (Response unfollowed = sender.execute(moved, options(false))) {
            assertThat(unfollowed.status()).isEqualTo(301);
        }
    }

    @Test
    void whatIsNoUrlIsTheDelegatesToRefuse() throws Exception {
        AtomicInteger delegated = new AtomicInteger();
        Client sender = application.getBean(MeshFeignCapability.class).enrich((Client) (request, options) -> {
            delegated.incrementAndGet();
            return Response.builder().status(200).request(request).build();
        });

        for (String url : List.of("http://orders/a b", "orders", "ftp://orders/x")) {
            sender.execute(
                            Request.create(Request.HttpMethod.GET, url, Map.of(), null, StandardCharsets.UTF_8, null),
                            options(true))
                    .close();
        }

        assertThat(delegated).hasValue(3);
    }

    private static Request.Options options(boolean followRedirects) {
        return new Request.Options(Duration.ofSeconds(20), Duration.ofSeconds(20), followRedirects);
    }
}
