package io.inmesh.spring.boot.soak;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import okhttp3.Protocol;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.jspecify.annotations.Nullable;

/** The servers of a soak: ten endpoints of three services, one for each way to speak HTTP, and the rules for them. */
final class SoakFleet implements AutoCloseable {
    /** HTTP/1.1, four endpoints. */
    static final String PLAIN = "plain";

    /** HTTP/2 without TLS, three endpoints. */
    static final String H2C = "h2c";

    /** HTTP/2 over TLS, three endpoints. */
    static final String TLS = "tls";

    private static final String STORE_PASSWORD = "changeit";

    private final HeldCertificate certificate =
            new HeldCertificate.Builder().addSubjectAlternativeName(TLS).build();
    private final Map<String, List<SoakEndpoint>> services = new LinkedHashMap<>();

    SoakFleet(Random random) throws IOException {
        SSLSocketFactory tls = new HandshakeCertificates.Builder()
                .heldCertificate(certificate)
                .build()
                .sslSocketFactory();
        services.put(PLAIN, start(4, Protocol.HTTP_1_1, null, random));
        services.put(H2C, start(3, Protocol.H2_PRIOR_KNOWLEDGE, null, random));
        services.put(TLS, start(3, Protocol.HTTP_2, tls, random));
    }

    private static List<SoakEndpoint> start(int count, Protocol protocol, @Nullable SSLSocketFactory tls, Random random)
            throws IOException {
        List<SoakEndpoint> endpoints = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            endpoints.add(new SoakEndpoint(protocol, tls, random));
        }
        return endpoints;
    }

    /** Names of the services. */
    List<String> services() {
        return List.copyOf(services.keySet());
    }

    List<SoakEndpoint> endpoints(String service) {
        return services.get(service);
    }

    List<SoakEndpoint> endpoints() {
        return services.values().stream().flatMap(List::stream).toList();
    }

    SoakEndpoint at(int port) {
        return endpoints().stream()
                .filter(endpoint -> endpoint.port() == port)
                .findFirst()
                .orElseThrow();
    }

    /** URL of a service, without a path. */
    static String url(String service) {
        return (service.equals(TLS) ? "https://" : "http://") + service;
    }

    /** How many connections the endpoints of each service have, of services that have any. */
    Map<String, Integer> openConnections() {
        Map<String, Integer> open = new LinkedHashMap<>();
        services.forEach((service, endpoints) -> {
            int connections =
                    endpoints.stream().mapToInt(SoakEndpoint::openConnections).sum();
            if (connections > 0) {
                open.put(service, connections);
            }
        });
        return open;
    }

    /** The certificate of the service with TLS, which signs itself, as PEM. */
    String certificate() {
        return certificate.certificatePem();
    }

    /** For clients that have no settings of their own: the JVM trusts nothing but the service with TLS. */
    void writeTrustStore(SystemProperties properties) throws IOException {
        Path file = Files.createTempFile("soak", ".p12");
        file.toFile().deleteOnExit();
        try (OutputStream out = Files.newOutputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry(TLS, certificate.certificate());
            store.store(out, STORE_PASSWORD.toCharArray());
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
        properties.set("javax.net.ssl.trustStore", file.toString());
        properties.set("javax.net.ssl.trustStoreType", "PKCS12");
        properties.set("javax.net.ssl.trustStorePassword", STORE_PASSWORD);
        loadTrustStore();
    }

    /**
     * Has the JVM read the store now: where it has read another one before, it gives that one's certificates to all threads but
     * the first which ask at the same moment.
     */
    private static void loadTrustStore() throws IOException {
        try {
            TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm())
                    .init((KeyStore) null);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    HandshakeCertificates trust() {
        return new HandshakeCertificates.Builder()
                .addTrustedCertificate(certificate.certificate())
                .build();
    }

    /** ServiceEntries, and for each service a timeout of 10 ms below {@code /late/} with the query {@code deadline}. */
    String rules() {
        return rules(PLAIN, 80, "http", "HTTP") + rules(H2C, 80, "http2", "HTTP2") + rules(TLS, 443, "https", "HTTPS");
    }

    private String rules(String service, int port, String portName, String protocol) {
        String endpoints = IntStream.range(0, services.get(service).size())
                .mapToObj(i -> "  - {address: 127.0.0.1, ports: {%s: %d}}\n"
                        .formatted(portName, services.get(service).get(i).port()))
                .collect(Collectors.joining());
        return """
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: %1$s}
                spec:
                  hosts: [%1$s.default.svc.cluster.local]
                  resolution: STATIC
                  ports: [{number: %2$d, name: %3$s, protocol: %4$s}]
                  endpoints:
                %5$s---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: %1$s}
                spec:
                  hosts: [%1$s]
                  http:
                  - match: [{queryParams: {deadline: {exact: "10"}}}]
                    timeout: 10ms
                    route: [{destination: {host: %1$s}}]
                  - route: [{destination: {host: %1$s}}]
                """.formatted(service, port, portName, protocol, endpoints);
    }

    /** Restarts all servers, which closes every connection: a server of HTTP/2 remembers each one that it ever had. */
    void restart() throws IOException, InterruptedException {
        for (SoakEndpoint endpoint : endpoints()) {
            endpoint.restart(false, 0);
        }
    }

    @Override
    public void close() throws IOException {
        for (SoakEndpoint endpoint : endpoints()) {
            endpoint.close();
        }
    }
}
