package io.inmesh.servlet.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

/** A running servlet container, made by {@link ContainerKind#container()}. */
public abstract class ServletContainer implements AutoCloseable {
    /** Of 127.0.0.1. */
    public abstract int port();

    /** A plain connection to it; reads end after 20 seconds. */
    public final RawConnection connect() throws IOException {
        return new RawConnection(new Socket(InetAddress.getByName("127.0.0.1"), port()));
    }

    /** Sends the bytes of a request, each character one byte, and returns the answer to it. The connection is closed. */
    public final RawAnswer exchange(String request) throws IOException {
        try (RawConnection connection = connect()) {
            connection.send(request);
            return connection.read(request.startsWith("HEAD "));
        }
    }

    /** {@link #exchange} with a GET of {@code target}. */
    public final RawAnswer get(String target, String... headerLines) throws IOException {
        StringBuilder request = new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n");
        for (String line : headerLines) {
            request.append(line).append("\r\n");
        }
        return exchange(request.append("\r\n").toString());
    }

    /** Stops it; requests under way are cut off. */
    @Override
    public final void close() {
        try {
            stop();
        } catch (Exception e) {
            throw new IllegalStateException("the container did not stop", e);
        }
    }

    abstract void stop() throws Exception;
}
