package io.inmesh.jmh.call;

import io.inmesh.jmh.Benchmarks;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** An {@link AnswerServer} in a JVM of its own, made of the same jar. It ends with this JVM at the latest. */
final class ServerProcess implements AutoCloseable {
    private final Process process;
    private final PrintStream in;
    private final BufferedReader out;
    private final List<Integer> ports;

    ServerProcess() throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Benchmarks.class.getName(),
                        "call",
                        Calls.SERVER)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        in = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String first = line();
        if (!first.startsWith(AnswerServer.READY)) {
            throw new IOException("the server says \"" + first + "\" in place of its ports");
        }
        ports = Arrays.stream(first.substring(AnswerServer.READY.length()).split(" ", -1))
                .map(Integer::valueOf)
                .toList();
    }

    List<Integer> ports() {
        return ports;
    }

    long pid() {
        return process.pid();
    }

    /** Connections that have carried a request since the start. */
    int connections() throws IOException {
        in.println("connections");
        return Integer.parseInt(line());
    }

    private String line() throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new IOException("the server has ended");
        }
        return line;
    }

    @Override
    public void close() {
        in.close();
        process.onExit().join();
    }
}
