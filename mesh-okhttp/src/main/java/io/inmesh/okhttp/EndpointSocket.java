package io.inmesh.okhttp;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A socket that connects to its endpoint, whatever address it is told, and that notices when the server has hung up.
 *
 * <p>OkHttp asks a pooled connection's socket whether it is closed just before it uses it again. A socket that no call
 * uses then looks, without waiting, whether the server has closed its side (or sent something that nobody asked for,
 * such as a TLS close alert), and if so closes itself: OkHttp drops the connection and takes another one, before
 * anything of the request is sent. Only HTTP/1 needs it; an HTTP/2 connection has a reader of its own.
 *
 * <p>Thread-safe as far as a socket is.
 */
final class EndpointSocket extends Socket {
    private final Socket socket;
    private final @Nullable SocketChannel channel;
    private final @Nullable InetSocketAddress endpoint;

    /** Looking switches the channel to non-blocking for a moment, in which nobody may read or write. */
    private final ReentrantLock reading = new ReentrantLock();

    private final ReentrantLock writing = new ReentrantLock();

    /** The call that uses the connection; null when none does. */
    private final AtomicReference<@Nullable Object> user = new AtomicReference<>();

    private volatile boolean silentWhenUnused;
    private volatile boolean retired;

    /**
     * Makes an unconnected socket.
     *
     * @param channel of {@code socket}; null when it has none, and then nothing is noticed
     * @param endpoint null to connect where it is told
     */
    EndpointSocket(Socket socket, @Nullable SocketChannel channel, @Nullable InetSocketAddress endpoint)
            throws SocketException {
        super((SocketImpl) null);
        this.socket = socket;
        this.channel = channel;
        this.endpoint = endpoint;
    }

    /** The protocol is one in which nothing comes from the server unless a call waits for it. */
    void silentWhenUnused() {
        silentWhenUnused = true;
    }

    /** A call uses the connection from now on. */
    void acquiredBy(Object call) {
        user.set(call);
    }

    /** The call no longer uses it; without effect when another one does, since that may be told earlier. */
    void releasedBy(Object call) {
        user.compareAndSet(call, null);
    }

    /** From now on, counts as closed for new calls; those that are under way go on. */
    void retire() {
        retired = true;
    }

    @Override
    public boolean isClosed() {
        return retired || socket.isClosed() || (silentWhenUnused && user.get() == null && hungUp());
    }

    private boolean hungUp() {
        if (channel == null || !reading.tryLock()) {
            return false;
        }
        try {
            return writing.tryLock() && look(channel);
        } finally {
            reading.unlock();
        }
    }

    /** Holds both locks, the second of which it gives back. */
    private boolean look(SocketChannel open) {
        try {
            open.configureBlocking(false);
            int got;
            try {
                got = open.read(ByteBuffer.allocate(1));
            } finally {
                open.configureBlocking(true);
            }
            if (got != 0) {
                socket.close();
            }
            return got != 0;
        } catch (IOException e) {
            // Reset: closed all the same, and whoever asked closes what is left.
            return true;
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void connect(SocketAddress address) throws IOException {
        try {
            socket.connect(endpoint == null ? address : endpoint);
        } catch (ClosedChannelException closed) {
            throw asOfASocket(closed);
        }
    }

    @Override
    public void connect(SocketAddress address, int timeout) throws IOException {
        try {
            socket.connect(endpoint == null ? address : endpoint, timeout);
        } catch (ClosedChannelException closed) {
            throw asOfASocket(closed);
        }
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new FilterInputStream(socket.getInputStream()) {
            @Override
            public int read() throws IOException {
                reading.lock();
                try {
                    return in.read();
                } catch (ClosedChannelException closed) {
                    throw asOfASocket(closed);
                } finally {
                    reading.unlock();
                }
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                reading.lock();
                try {
                    return in.read(bytes, offset, length);
                } catch (ClosedChannelException closed) {
                    throw asOfASocket(closed);
                } finally {
                    reading.unlock();
                }
            }
        };
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new FilterOutputStream(socket.getOutputStream()) {
            @Override
            public void write(int b) throws IOException {
                writing.lock();
                try {
                    out.write(b);
                } catch (ClosedChannelException closed) {
                    throw asOfASocket(closed);
                } finally {
                    writing.unlock();
                }
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                writing.lock();
                try {
                    out.write(bytes, offset, length);
                } catch (ClosedChannelException closed) {
                    throw asOfASocket(closed);
                } finally {
                    writing.unlock();
                }
            }
        };
    }

    /** What a socket without a channel says when it is closed while somebody uses it; OkHttp's timeouts close it so. */
    private static IOException asOfASocket(ClosedChannelException closed) {
        IOException failure = closed instanceof ClosedByInterruptException
                ? new InterruptedIOException("interrupted")
                : new SocketException("Socket closed");
        failure.setStackTrace(closed.getStackTrace());
        return failure;
    }

    @Override
    public void bind(SocketAddress local) throws IOException {
        socket.bind(local);
    }

    @Override
    public InetAddress getInetAddress() {
        return socket.getInetAddress();
    }

    @Override
    public InetAddress getLocalAddress() {
        return socket.getLocalAddress();
    }

    @Override
    public int getPort() {
        return socket.getPort();
    }

    @Override
    public int getLocalPort() {
        return socket.getLocalPort();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return socket.getRemoteSocketAddress();
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return socket.getLocalSocketAddress();
    }

    @Override
    public void setTcpNoDelay(boolean on) throws SocketException {
        socket.setTcpNoDelay(on);
    }

    @Override
    public boolean getTcpNoDelay() throws SocketException {
        return socket.getTcpNoDelay();
    }

    @Override
    public void setSoLinger(boolean on, int linger) throws SocketException {
        socket.setSoLinger(on, linger);
    }

    @Override
    public int getSoLinger() throws SocketException {
        return socket.getSoLinger();
    }

    @Override
    public void sendUrgentData(int data) throws IOException {
        socket.sendUrgentData(data);
    }

    @Override
    public void setOOBInline(boolean on) throws SocketException {
        socket.setOOBInline(on);
    }

    @Override
    public boolean getOOBInline() throws SocketException {
        return socket.getOOBInline();
    }

    @Override
    public void setSoTimeout(int timeout) throws SocketException {
        socket.setSoTimeout(timeout);
    }

    @Override
    public int getSoTimeout() throws SocketException {
        return socket.getSoTimeout();
    }

    @Override
    public void setSendBufferSize(int size) throws SocketException {
        socket.setSendBufferSize(size);
    }

    @Override
    public int getSendBufferSize() throws SocketException {
        return socket.getSendBufferSize();
    }

    @Override
    public void setReceiveBufferSize(int size) throws SocketException {
        socket.setReceiveBufferSize(size);
    }

    @Override
    public int getReceiveBufferSize() throws SocketException {
        return socket.getReceiveBufferSize();
    }

    @Override
    public void setKeepAlive(boolean on) throws SocketException {
        socket.setKeepAlive(on);
    }

    @Override
    public boolean getKeepAlive() throws SocketException {
        return socket.getKeepAlive();
    }

    @Override
    public void setTrafficClass(int trafficClass) throws SocketException {
        socket.setTrafficClass(trafficClass);
    }

    @Override
    public int getTrafficClass() throws SocketException {
        return socket.getTrafficClass();
    }

    @Override
    public void setReuseAddress(boolean on) throws SocketException {
        socket.setReuseAddress(on);
    }

    @Override
    public boolean getReuseAddress() throws SocketException {
        return socket.getReuseAddress();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    @Override
    public void shutdownInput() throws IOException {
        socket.shutdownInput();
    }

    @Override
    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public boolean isConnected() {
        return socket.isConnected();
    }

    @Override
    public boolean isBound() {
        return socket.isBound();
    }

    @Override
    public boolean isInputShutdown() {
        return socket.isInputShutdown();
    }

    @Override
    public boolean isOutputShutdown() {
        return socket.isOutputShutdown();
    }

    @Override
    public void setPerformancePreferences(int connectionTime, int latency, int bandwidth) {
        socket.setPerformancePreferences(connectionTime, latency, bandwidth);
    }

    @Override
    public <T> Socket setOption(SocketOption<T> name, T value) throws IOException {
        socket.setOption(name, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return socket.getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return socket.supportedOptions();
    }

    @Override
    public String toString() {
        return socket.toString();
    }
}
