package io.inmesh.servlet.inbound;

import io.inmesh.Mesh;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.okhttp.MeshOkHttp;
import io.inmesh.servlet.testing.ContainerKind;
import io.inmesh.servlet.testing.RawAnswer;
import io.inmesh.servlet.testing.ServletContainer;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** What an application calls through the mesh: answers with the headers that came. */
final class SecondHop implements AutoCloseable {
    /** Of OkHttp and of the mesh in general. */
    private static final Set<String> ALWAYS =
            Set.of("host", "connection", "accept-encoding", "user-agent", "x-envoy-attempt-count");

    private final ServletContainer server;
    private final Mesh mesh;
    private final OkHttpClient client;

    SecondHop() throws Exception {
        server = ContainerKind.TOMCAT
                .container()
                .handler("/*", (request, response) -> response.getOutputStream().print(lines(headers(request))))
                .start();
        mesh = Mesh.builder()
                .config(TextConfigSource.of("second", """
                        apiVersion: networking.istio.io/v1
                        kind: ServiceEntry
                        metadata: {name: second}
                        spec:
                          hosts: [second.default.svc.cluster.local]
                          resolution: STATIC
                          ports: [{number: 80, name: http, protocol: HTTP}]
                          endpoints: [{address: 127.0.0.1, ports: {http: %d}}]
                        """.formatted(server.port())))
                .build();
        client = MeshOkHttp.builder(mesh).build();
    }

    private static Map<String, List<String>> headers(HttpServletRequest request) {
        Map<String, List<String>> headers = new TreeMap<>();
        for (String name : Collections.list(request.getHeaderNames())) {
            headers.put(name.toLowerCase(Locale.ROOT), Collections.list(request.getHeaders(name)));
        }
        headers.keySet().removeAll(ALWAYS);
        return headers;
    }

    private static String lines(Map<String, List<String>> headers) {
        StringBuilder lines = new StringBuilder();
        headers.forEach((name, values) -> values.forEach(
                value -> lines.append(name).append(": ").append(value).append('\n')));
        return lines.toString();
    }

    OkHttpClient client() {
        return client;
    }

    Mesh mesh() {
        return mesh;
    }

    static Request request() {
        return new Request.Builder().url("http://second/").build();
    }

    /** Calls it, and returns the headers that came there, a line each. */
    String call() {
        try (Response response = client.newCall(request()).execute()) {
            return response.body().string();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines of an answer that hands on what {@link #call} said. */
    static List<String> lines(RawAnswer answer) {
        return answer.body().lines().toList();
    }

    @Override
    public void close() {
        client.connectionPool().evictAll();
        client.dispatcher().executorService().shutdown();
        mesh.close();
        server.close();
    }
}
