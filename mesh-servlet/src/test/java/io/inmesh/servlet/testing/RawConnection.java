package io.inmesh.servlet.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A connection over which a test sends the bytes of HTTP/1 itself. */
public final class RawConnection implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    RawConnection(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** Each character one byte. */
    public void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** As they are. */
    public void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /** The next answer with its body; one of status 1xx is an answer of its own. */
    public RawAnswer read() throws IOException {
        return read(false);
    }

    /**
     * The next answer.
     *
     * @param toHead whether it answers a HEAD, and so has no body
     */
    public RawAnswer read(boolean toHead) throws IOException {
        String statusLine = line();
        List<String> headers = lines();
        int status = Integer.parseInt(statusLine.split(" ", 3)[1]);
        RawAnswer head = new RawAnswer(status, statusLine, headers, "", List.of());
        if (toHead || status < 200 || status == 204 || status == 304) {
            return head;
        }
        List<String> trailers = List.of();
        byte[] body;
        String length = head.header("Content-Length");
        if ("chunked".equalsIgnoreCase(head.header("Transfer-Encoding"))) {
            body = chunks();
            trailers = lines();
        } else if (length != null) {
            body = exactly(Integer.parseInt(length));
        } else {
            body = in.readAllBytes();
        }
        return new RawAnswer(status, statusLine, headers, new String(body, StandardCharsets.ISO_8859_1), trailers);
    }

    /** Whether the other side has closed; waits until it has, or until bytes come. */
    public boolean isAtEnd() throws IOException {
        in.mark(1);
        int next = in.read();
        in.reset();
        return next < 0;
    }

    /** The socket itself, for half-closing and resetting. */
    public Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            int size = Integer.parseInt(line().split(";", 2)[0].strip(), 16);
            if (size == 0) {
                return body.toByteArray();
            }
            body.writeBytes(exactly(size));
            line();
        }
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the body ended after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    /** Up to the empty line. */
    private List<String> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            lines.add(line);
        }
        return lines;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the connection ended within a line: " + line);
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }
}
