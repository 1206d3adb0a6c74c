package io.inmesh.samples.bookinfo;

import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A back end of its own as it is shipped, on 127.0.0.1, asked by its HTTP API. */
final class RealProcess implements AutoCloseable {
    private static final Duration TO_START = Duration.ofSeconds(30);
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Process process;
    private final URI api;
    private final HttpClient http = HttpClient.newHttpClient();

    private RealProcess(Process process, URI api) {
        this.process = process;
        this.api = api;
    }

    /** Starts it; returns when the path answers. The log is beside the folder it works in. */
    static RealProcess start(
            Path folder, List<String> command, Map<String, String> environment, int port, String path) {
        try {
            Files.createDirectories(folder);
            Path log = folder.resolveSibling(folder.getFileName() + ".log");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().putAll(environment);
            RealProcess started = new RealProcess(builder.start(), URI.create("http://127.0.0.1:" + port));
            try {
                await().atMost(TO_START)
                        .pollInterval(Duration.ofMillis(50))
                        .failFast(command.get(0) + " has ended; see " + log, () -> !started.process.isAlive())
                        .until(() -> started.answers(path));
                return started;
            } catch (RuntimeException | Error failed) {
                started.close();
                throw failed;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ports nobody listens on. */
    static List<Integer> freePorts(int count) {
        ServerSocket[] probes = new ServerSocket[count];
        try {
            for (int i = 0; i < count; i++) {
                probes[i] = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            }
            List<Integer> ports = java.util.Arrays.stream(probes)
                    .map(ServerSocket::getLocalPort)
                    .toList();
            for (ServerSocket probe : probes) {
                probe.close();
            }
            return ports;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the API answers. Parameters are a name and a value each. */
    JsonNode ask(String path, String... parameters) {
        StringBuilder query = new StringBuilder(path);
        for (int i = 0; i < parameters.length; i += 2) {
            query.append(i == 0 ? '?' : '&')
                    .append(parameters[i])
                    .append('=')
                    .append(URLEncoder.encode(parameters[i + 1], StandardCharsets.UTF_8));
        }
        HttpResponse<String> answer = get(query.toString());
        if (answer.statusCode() != 200) {
            return fail("%s: %d %s", query, answer.statusCode(), answer.body());
        }
        return JSON.readTree(answer.body());
    }

    private boolean answers(String path) {
        try {
            return get(path).statusCode() == 200;
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    private HttpResponse<String> get(String path) {
        try {
            return http.send(
                    HttpRequest.newBuilder(api.resolve(path)).timeout(TO_START).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
