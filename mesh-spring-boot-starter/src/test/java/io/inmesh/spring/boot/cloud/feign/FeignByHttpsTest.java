package io.inmesh.spring.boot.cloud.feign;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.spring.boot.MeshAutoConfiguration;
import io.inmesh.spring.boot.client.MeshHttpClientAutoConfiguration;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.cloud.openfeign.EnableFeignClients;
import org.springframework.cloud.openfeign.FeignAutoConfiguration;
import org.springframework.cloud.openfeign.FeignClient;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;

/** A Feign client whose URL says https. */
class FeignByHttpsTest {
    private static final String PASSWORD = "changeit";

    @TempDir
    Path folder;

    @FeignClient(name = "by-https", url = "https://secure")
    interface Secure {
        @GetMapping("/x")
        String get();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableFeignClients(clients = Secure.class)
    static class Clients {}

    @Test
    void theCertificateIsCheckedForTheNameOfTheServiceByTheTrustOfTheJvm() throws Exception {
        HeldCertificate certificate = new HeldCertificate.Builder()
                .addSubjectAlternativeName("secure")
                .build();
        try (MockWebServer server = new MockWebServer()) {
            server.useHttps(new HandshakeCertificates.Builder()
                    .heldCertificate(certificate)
                    .build()
                    .sslSocketFactory());
            server.start(InetAddress.getByName("127.0.0.1"), 0);
            server.enqueue(new MockResponse.Builder().body("secret").build());
            TestPropertyValues.of(
                            "javax.net.ssl.trustStore:" + trustStore(certificate),
                            "javax.net.ssl.trustStorePassword:" + PASSWORD)
                    .applyToSystemProperties(() -> {
                        callsThroughTheMesh(server);
                        return null;
                    });
        }
    }

    private static void callsThroughTheMesh(MockWebServer server) {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        MeshAutoConfiguration.class,
                        MeshHttpClientAutoConfiguration.class,
                        MeshFeignAutoConfiguration.class,
                        FeignAutoConfiguration.class,
                        HttpMessageConvertersAutoConfiguration.class))
                .withUserConfiguration(Clients.class)
                .withPropertyValues(
                        "mesh.services.secure.port=443",
                        "mesh.services.secure.endpoints[0].address=127.0.0.1:" + server.getPort())
                .run(context -> {
                    assertThat(context.getBean(Secure.class).get()).isEqualTo("secret");
                    assertThat(server.takeRequest().getHeaders().get(":authority"))
                            .isEqualTo("secure");
                });
    }

    private Path trustStore(HeldCertificate certificate) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("secure", certificate.certificate());
        Path file = folder.resolve("trusted.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            trusted.store(out, PASSWORD.toCharArray());
        }
        return file;
    }
}
