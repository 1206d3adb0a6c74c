package io.inmesh.okhttp;

import io.inmesh.call.ConnectionSettings.TcpKeepalive;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ref.Reference;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A socket that connects to its endpoint, whatever address it is told, and that notices when the server has hung up.
 *
 * <p>OkHttp asks a pooled connection's socket whether it is closed just before it uses it again. A socket that no call
 * uses then looks, without waiting, whether the server has closed its side (or sent something that nobody asked for,
 * such as a TLS close alert), and if so closes itself: OkHttp drops the connection and takes another one, before
 * anything of the request is sent. Only HTTP/1 needs it; an HTTP/2 connection has a reader of its own.
 *
 * <p>Thread-safe as far as a socket is. An interrupt does not close it, see {@link WaitingChannel}.
 */
final class EndpointSocket extends DelegatingSocket {
    private final Socket socket;
    private final @Nullable WaitingChannel channel;
    private final @Nullable InetSocketAddress endpoint;

    /** The call that uses the connection; null when none does. */
    private final AtomicReference<@Nullable Object> user = new AtomicReference<>();

    /** Nobody has used it since the last look: OkHttp asks twice, for the socket and for the one below TLS. */
    private volatile boolean looked;

    /** Has a user, of whom nothing was sent on it so far. */
    private volatile boolean untouched;

    /** Leads to the body that the user reads, and is cleared when the body was dropped; null before there is one. */
    private volatile @Nullable Reference<?> bodyInUse;

    /** Null where no rule says how long it gets requests; written before it is connected. */
    private volatile @Nullable ConnectionLife life;

    private volatile boolean silentWhenUnused;
    private volatile boolean retired;

    private EndpointSocket(Socket socket, @Nullable WaitingChannel channel, @Nullable InetSocketAddress endpoint)
            throws SocketException {
        super(socket);
        this.socket = socket;
        this.channel = channel;
        this.endpoint = endpoint;
    }

    /**
     * Makes an unconnected socket.
     *
     * @param endpoint null to connect where it is told
     */
    static EndpointSocket open(@Nullable InetSocketAddress endpoint) throws IOException {
        SocketChannel channel = SocketChannel.open();
        return new EndpointSocket(channel.socket(), new WaitingChannel(channel), endpoint);
    }

    /**
     * Makes an unconnected socket from somebody's own, of which nothing is noticed.
     *
     * @param endpoint null to connect where it is told
     */
    static EndpointSocket over(Socket own, @Nullable InetSocketAddress endpoint) throws SocketException {
        return new EndpointSocket(own, null, endpoint);
    }

    /** From the beginning: how long it gets requests. */
    void livesAs(ConnectionLife newLife) {
        life = newLife;
    }

    /** From the beginning: how the system finds out whether the other side is still there. */
    void probedAs(TcpKeepalive keepalive) throws IOException {
        TcpProbes.set(socket, keepalive);
    }

    /** A call has the connection from now on. */
    void taken() {
        ConnectionLife lives = life;
        if (lives != null) {
            lives.taken();
        }
    }

    /** A call begins to send a request on it. */
    void requestBegins() {
        ConnectionLife lives = life;
        if (lives != null) {
            lives.requestBegins();
        }
    }

    /** The protocol is one in which nothing comes from the server unless a call waits for it. */
    void silentWhenUnused() {
        silentWhenUnused = true;
    }

    /** Several calls use the connection at a time. */
    void shared() {
        if (channel != null) {
            channel.shared();
        }
    }

    /** A call uses the connection from now on. */
    void acquiredBy(Object call) {
        if (channel != null) {
            channel.readsTimedAbove();
        }
        looked = false;
        if (untouched) {
            untouched = false;
        }
        bodyInUse = null;
        user.set(call);
    }

    /**
     * The same for a connection from the pool that may be asked once more whether it is closed. {@link #used} ends that.
     */
    void acquiredFromPoolBy(Object call) {
        acquiredBy(call);
        untouched = true;
    }

    /** Its user begins to send. */
    void used() {
        untouched = false;
        looked = false;
    }

    /**
     * The call's response is read from now on.
     *
     * @param body cleared when nobody can read it any more
     */
    void reads(Reference<?> body) {
        if (silentWhenUnused) {
            bodyInUse = body;
        }
    }

    /** The call no longer uses it; without effect when another one does, since that may be told earlier. */
    void releasedBy(Object call) {
        if (user.compareAndSet(call, null)) {
            bodyInUse = null;
        }
        ConnectionLife lives = life;
        if (lives != null) {
            lives.left();
            if (silentWhenUnused && lives.hasCarriedAll()) {
                // Nobody can have taken it meanwhile.
                closeQuietly();
            }
        }
    }

    private void closeQuietly() {
        try {
            close();
        } catch (IOException closedAnyway) {
            // It gets no more requests, closed or not.
        }
    }

    /** Whether its one user is told before it waits for the server. */
    boolean tellsOfWaiting() {
        return channel != null && user.get() instanceof AttemptTrace;
    }

    /** Whether the connection is over, as opposed to a call on it alone. */
    boolean ended() {
        return socket.isClosed() || (channel != null && channel.ended());
    }

    /** From now on, counts as closed for new calls; those that are under way go on. */
    void retire() {
        retired = true;
    }

    @Override
    public boolean isClosed() {
        ConnectionLife lives = life;
        return retired
                || socket.isClosed()
                || (lives != null && lives.over())
                || (silentWhenUnused && (user.get() == null || untouched ? !looked && hungUp() : dropped()));
    }

    /** OkHttp takes a connection back from a call that was dropped; what is left of its response is still to come. */
    private boolean dropped() {
        Reference<?> body = bodyInUse;
        return body != null && body.refersTo(null);
    }

    private boolean hungUp() {
        if (channel == null) {
            return false;
        }
        if (!channel.hungUp()) {
            looked = true;
            return false;
        }
        try {
            channel.close();
        } catch (IOException closedAnyway) {
            // Whoever asked closes what is left.
        }
        return true;
    }

    @Override
    public void connect(SocketAddress address) throws IOException {
        connect(address, 0);
    }

    @Override
    public void connect(SocketAddress address, int timeout) throws IOException {
        SocketAddress target = endpoint == null ? address : endpoint;
        if (channel != null && target instanceof InetSocketAddress internet) {
            channel.connect(internet, timeout);
        } else {
            socket.connect(target, timeout);
        }
    }

    @Override
    public InputStream getInputStream() throws IOException {
        InputStream plain = socket.getInputStream();
        return channel == null ? plain : new ChannelInput(plain, channel);
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        OutputStream plain = socket.getOutputStream();
        return channel == null ? plain : new ChannelOutput(channel);
    }

    /** The rest is for the plain stream: what it has at once. */
    private final class ChannelInput extends InputStream {
        private final InputStream plain;
        private final WaitingChannel in;

        ChannelInput(InputStream plain, WaitingChannel in) {
            this.plain = plain;
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (user.get() instanceof AttemptTrace reader) {
                reader.beforeRead(plain);
            }
            return in.read(bytes, offset, length);
        }

        @Override
        public int available() throws IOException {
            return plain.available();
        }

        @Override
        public void close() throws IOException {
            EndpointSocket.this.close();
        }
    }

    private final class ChannelOutput extends OutputStream {
        private final WaitingChannel out;

        ChannelOutput(WaitingChannel out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            EndpointSocket.this.close();
        }
    }

    @Override
    public void setSoTimeout(int timeout) throws SocketException {
        super.setSoTimeout(timeout);
        if (channel != null) {
            channel.readTimeout(timeout);
        }
    }

    /**
     * An {@code SSLSocket} above asks this when it is closed, to know how long the thread that writes may go on before its
     * farewell is left out: with nothing set, until the server reads. One that waits for the server gets no time, or
     * closing, and OkHttp's timeouts with it, would hang.
     */
    @Override
    public int getSoLinger() throws SocketException {
        return channel != null && channel.writeWaits() ? 0 : super.getSoLinger();
    }

    @Override
    public void close() throws IOException {
        if (channel == null) {
            socket.close();
        } else {
            channel.close();
        }
    }
}
