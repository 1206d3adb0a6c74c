package io.inmesh.servlet.gateway;

import io.inmesh.Mesh;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.servlet.GatewayServlet;
import io.inmesh.servlet.testing.ContainerKind;
import io.inmesh.servlet.testing.RawConnection;
import io.inmesh.servlet.testing.ServletContainer;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A program that sends more through a gateway than there is memory: {@code KIND MEGABYTES}. One body of that size to the
 * server and one from it; then as much again in many answers that nobody reads and many requests that no server reads, while
 * another request passes. Ends with 0 when every byte came.
 */
final class LargeStreams {
    private static final int MEGABYTE = 1024 * 1024;
    private static final int SLOW = 32;
    private static final String HEAD = " HTTP/1.1\r\nHost: shop.example\r\n";

    private final CountDownLatch readOn = new CountDownLatch(1);
    private final byte[] block = new byte[16 * 1024];

    private LargeStreams() {}

    public static void main(String[] arguments) throws Exception {
        new LargeStreams().run(ContainerKind.valueOf(arguments[0]), Integer.parseInt(arguments[1]));
        System.exit(0);
    }

    private void run(ContainerKind kind, int megabytes) throws Exception {
        long size = (long) megabytes * MEGABYTE;
        Mesh mesh;
        try (Upstream upstream = Upstream.serving(this::serve)) {
            mesh = Mesh.builder()
                    .gateway()
                    .config(TextConfigSource.of("rules", GatewayFixture.rules(upstream.port(), "")))
                    .build();
            GatewayServlet servlet = GatewayServlet.builder(mesh).otherPorts(80).build();
            try (mesh;
                    ServletContainer gateway = kind.container()
                            .threads(2 * SLOW + 16)
                            .servlet("/*", servlet)
                            .start()) {
                download(gateway, size);
                upload(gateway, size, "/count");
                slowly(gateway, size / SLOW);
            }
        }
    }

    /** Answers by the path: {@code /bytes/N} with N bytes, {@code /count} with how many came, {@code /later} likewise. */
    private void serve(Upstream.Connection connection) throws Exception {
        for (String head = connection.head(); head != null; head = connection.head()) {
            String path = head.split(" ", -1)[1];
            if (path.startsWith("/bytes/")) {
                long bytes = Long.parseLong(path.substring(7));
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + bytes + "\r\n\r\n");
                write(connection.socket.getOutputStream(), bytes);
                continue;
            }
            if (path.equals("/later")) {
                readOn.await();
            }
            long told = Long.parseLong(new Upstream.Received(head, new byte[0]).header("content-length"));
            connection.skip(told);
            String text = Long.toString(told);
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + text.length() + "\r\n\r\n" + text);
        }
    }

    private void download(ServletContainer gateway, long size) throws IOException {
        try (RawConnection connection = gateway.connect()) {
            connection.send("GET /bytes/" + size + HEAD + "\r\n");
            readBody(connection.socket().getInputStream(), size);
        }
    }

    private void upload(ServletContainer gateway, long size, String path) throws IOException {
        try (RawConnection connection = gateway.connect()) {
            connection.send("POST " + path + HEAD + "Content-Length: " + size + "\r\n\r\n");
            write(connection.socket().getOutputStream(), size);
            String counted = connection.read().body();
            if (!counted.equals(Long.toString(size))) {
                throw new IOException(counted + " of " + size + " bytes came");
            }
        }
    }

    private void slowly(ServletContainer gateway, long size) throws Exception {
        ExecutorService uploads = Executors.newFixedThreadPool(SLOW);
        List<Future<?>> sent = new ArrayList<>();
        List<RawConnection> unread = new ArrayList<>();
        for (int i = 0; i < SLOW; i++) {
            RawConnection connection = gateway.connect();
            connection.send("GET /bytes/" + size + HEAD + "\r\n");
            unread.add(connection);
            sent.add(uploads.submit(() -> {
                upload(gateway, size, "/later");
                return null;
            }));
        }
        download(gateway, 10 * MEGABYTE);
        for (RawConnection connection : unread) {
            readBody(connection.socket().getInputStream(), size);
            connection.close();
        }
        readOn.countDown();
        for (Future<?> upload : sent) {
            upload.get();
        }
        uploads.shutdown();
    }

    private void write(OutputStream out, long size) throws IOException {
        for (long left = size; left > 0; left -= block.length) {
            out.write(block, 0, (int) Math.min(left, block.length));
        }
        out.flush();
    }

    private static void readBody(InputStream in, long size) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("the answer ended after " + head);
            }
            head.append((char) next);
        }
        if (!head.toString().startsWith("HTTP/1.1 200")) {
            throw new IOException(head.toString());
        }
        byte[] bytes = new byte[64 * 1024];
        for (long left = size; left > 0; ) {
            int got = in.read(bytes, 0, (int) Math.min(left, bytes.length));
            if (got < 0) {
                throw new EOFException(left + " of " + size + " bytes are missing, after\n"
                        + new String(head.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
            }
            left -= got;
        }
    }
}
