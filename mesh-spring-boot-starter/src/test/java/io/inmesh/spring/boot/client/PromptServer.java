package io.inmesh.spring.boot.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** Answers requests without a body in one write each, and counts connections. */
final class PromptServer implements AutoCloseable {
    private final ServerSocket listener;
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private final UnaryOperator<String> answer;

    /**
     * Starts a server.
     *
     * @param answer the whole head of the answer by the path of the request; null to give none
     */
    PromptServer(UnaryOperator<String> answer) throws IOException {
        this.answer = answer;
        listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        start(this::accept);
    }

    static String ok(String path) {
        return "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok";
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "prompt-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (true) {
            try {
                Socket connection = listener.accept();
                connections.add(connection);
                start(() -> serve(connection));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            BufferedReader requests =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
            for (String line = requests.readLine(); line != null; line = requests.readLine()) {
                String path = line.split(" ", -1)[1];
                while (!requests.readLine().isEmpty()) {
                    // The rest of the head says nothing that matters here.
                }
                String text = answer.apply(path);
                if (text != null) {
                    connection.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
                }
            }
        } catch (IOException e) {
            // The client has hung up.
        }
    }

    String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    int connections() {
        return connections.size();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket connection : connections) {
            connection.close();
        }
    }
}
