package io.inmesh.okhttp;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Reference;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.util.Objects;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * What OkHttp did in the attempt under way, told by its own events: how far the request got, and on which connection.
 * One a call, kept as the call's tag; {@link #begin} starts it anew for each attempt. Written by the calling thread and
 * by OkHttp's connecting threads.
 */
final class AttemptTrace extends TrafficEvents {
    private volatile @Nullable EndpointSocketFactory sockets;
    private volatile @Nullable Connection connection;
    private volatile @Nullable Connection lost;
    private volatile @Nullable Call carrier;
    private volatile boolean connecting;
    private volatile boolean sending;
    private final SentBody body = new SentBody();
    private volatile int status;

    /**
     * Null unless one is under way: a connection leads here, and must not lead to the call of an answer that it carries, or
     * OkHttp could not tell that the answer was dropped.
     */
    private volatile @Nullable OkHttpAttempt attempt;

    /** Told before the body of the answer is waited for; null for nobody. */
    private volatile GatewayCall.@Nullable Waiting waiting;

    /**
     * Whether each attempt is a call of its own, which an OkHttp before 5.4 makes: it gives its connection back when it
     * fails, and 4.12 asks a pooled connection for its health after the call has got it.
     */
    private final boolean otherCalls;

    private AttemptTrace(boolean otherCalls) {
        this.otherCalls = otherCalls;
    }

    /** A trace that the attempts, each a call of its own, have to tell what happens in them. */
    static AttemptTrace ofOtherCalls() {
        return new AttemptTrace(true);
    }

    /** The trace of a call, listening from the first time on. */
    static AttemptTrace of(Call call) {
        AttemptTrace known = call.tag(AttemptTrace.class);
        if (known != null) {
            return known;
        }
        AttemptTrace trace = call.tag(AttemptTrace.class, () -> new AttemptTrace(false));
        call.addEventListener(trace);
        return trace;
    }

    /**
     * Forgets the attempt before. A call keeps the connection of its last answer and would send the next request of
     * the same host on it unasked, so a connection to another endpoint goes back to the pool here.
     */
    void begin(Call call, EndpointSocketFactory next) {
        sockets = next;
        carrier = null;
        lost = null;
        waiting = null;
        connecting = false;
        sending = false;
        body.reset();
        status = 0;
        Connection held = HeldConnection.of(call, connection);
        connection = held;
        if (held != null
                && held.route().address().socketFactory() instanceof EndpointSocketFactory before
                && !Objects.equals(before.endpoint(), next.endpoint())
                && !HeldConnection.release(call)) {
            EndpointSocket socket = before.newest();
            if (socket != null) {
                socket.retire();
            }
        }
    }

    /** The attempt that is told what it is busy with. */
    void tells(OkHttpAttempt underWay) {
        attempt = underWay;
    }

    /** The attempt is made by another call, which ends when this one is cancelled, up to the end of the answer's body. */
    void carriedBy(Call other) {
        carrier = other;
        madeBy(other);
    }

    /** The attempt is made by another call, which somebody else ends when the caller's is cancelled. */
    void madeBy(Call other) {
        OkHttpAttempt underWay = attempt;
        if (underWay != null) {
            underWay.carriedBy(other);
        }
    }

    @Override
    public void canceled(Call call) {
        Call other = carrier;
        if (other != null) {
            other.cancel();
        }
    }

    /** The attempt has an answer or none; what the call does from here on is not the mesh's, until the next attempt. */
    void end() {
        attempt = null;
    }

    /** Whether a connection was asked for. */
    boolean connecting() {
        return connecting || connection != null;
    }

    /** Whether a connection was asked for and none was had. */
    boolean neverConnected() {
        return connecting && connection == null && !sending;
    }

    /** Whether something of the request may have been sent. */
    boolean sending() {
        return sending;
    }

    /** The body of the request, as far as it is sent. */
    SentBody body() {
        return body;
    }

    /** Of the answer; 0 as long as there is none. */
    int status() {
        return status;
    }

    /** Whether the request went out on a connection that earlier requests had used. */
    boolean onUsedConnection() {
        Connection used = ofRequest();
        return used != null && used.route().address().socketFactory() != sockets;
    }

    /** Whether the connection that the request went out on is over, for all calls on it. */
    boolean connectionEnded() {
        Connection used = ofRequest();
        EndpointSocket socket = used == null ? null : socket(used);
        return socket != null && socket.ended();
    }

    /** A call that is the attempt alone has given its connection back when the failure is seen. */
    private @Nullable Connection ofRequest() {
        Connection held = connection;
        return held == null ? lost : held;
    }

    @Override
    public void dnsStart(Call call, String domainName) {
        connecting = true;
    }

    @Override
    public void connectStart(Call call, InetSocketAddress inetSocketAddress, Proxy proxy) {
        connecting = true;
        endIfCanceled();
    }

    @Override
    public void secureConnectStart(Call call) {
        endIfCanceled();
    }

    @Override
    public void connectionAcquired(Call call, Connection acquired) {
        connection = acquired;
        EndpointSocket socket = socket(acquired);
        if (socket == null) {
            return;
        }
        socket.taken();
        Protocol protocol = acquired.protocol();
        if (protocol == Protocol.HTTP_1_1 || protocol == Protocol.HTTP_1_0) {
            // Not the call: OkHttp takes a connection back from a call that cannot be reached any more.
            if (otherCalls && onUsedConnection()) {
                socket.acquiredFromPoolBy(this);
            } else {
                socket.acquiredBy(this);
            }
            socket.silentWhenUnused();
        } else {
            socket.shared();
        }
    }

    /**
     * The body of the answer was handed to the caller.
     *
     * @param body cleared when nobody can read it any more
     */
    void reads(Reference<?> body) {
        Connection used = connection;
        EndpointSocket socket = used == null ? null : socket(used);
        if (socket != null) {
            socket.reads(body);
        }
    }

    /**
     * Has somebody told before the body of the answer is waited for.
     *
     * @return false where the connection does not tell, as with HTTP/2, where it is read for many
     */
    boolean tellBeforeWaiting(GatewayCall.Waiting newWaiting) {
        Connection used = connection;
        EndpointSocket socket = used == null ? null : socket(used);
        if (socket == null || !socket.tellsOfWaiting()) {
            return false;
        }
        waiting = newWaiting;
        return true;
    }

    /** The connection is about to be read; waits if nothing has come. */
    void beforeRead(InputStream in) throws IOException {
        GatewayCall.Waiting told = waiting;
        if (told != null && isEmpty(in)) {
            told.begins();
        }
    }

    private static boolean isEmpty(InputStream in) {
        try {
            return in.available() == 0;
        } catch (IOException closed) {
            // As the read that follows says.
            return false;
        }
    }

    @Override
    public void connectionReleased(Call call, Connection released) {
        if (otherCalls && sending) {
            lost = released;
        }
        connection = null;
        OkHttpAttempt underWay = attempt;
        if (underWay != null) {
            underWay.sends(null);
        }
        EndpointSocket socket = socket(released);
        if (socket != null) {
            socket.releasedBy(this);
        }
    }

    /** Null for a connection that no attempt has made. */
    private static @Nullable EndpointSocket socket(Connection connection) {
        if (connection.socket() instanceof EndpointSocket plain) {
            return plain;
        }
        return connection.route().address().socketFactory() instanceof EndpointSocketFactory own ? own.newest() : null;
    }

    @Override
    public void requestHeadersStart(Call call) {
        sending = true;
        status = 0;
        EndpointSocketFactory made = sockets;
        Connection used = otherCalls || (made != null && made.limitsLife()) ? connection : null;
        EndpointSocket socket = used == null ? null : socket(used);
        if (socket != null) {
            socket.requestBegins();
            if (otherCalls) {
                socket.used();
            }
        }
        OkHttpAttempt underWay = attempt;
        if (underWay != null && !otherCalls) {
            underWay.sends(RunningExchange.of(call));
        }
    }

    /** What a cancelled attempt was connecting with has been closed, but not what it begins to connect at that moment. */
    private void endIfCanceled() {
        if (isCanceled()) {
            AttemptTrace.<RuntimeException>raise(new IOException("Canceled"));
        }
    }

    private boolean isCanceled() {
        OkHttpAttempt underWay = attempt;
        return underWay != null && !otherCalls && underWay.canceled();
    }

    /**
     * OkHttp gives an HTTP/2 connection up where a stream was reset and the call is not cancelled. What a cancelled attempt
     * has reset says nothing about the connection, so OkHttp does not hear of that. Once there is an answer its own
     * bookkeeping has to run.
     */
    @Override
    public void responseFailed(Call call, IOException failure) {
        if (status == 0 && isCanceled() && FailureKind.isCanceledStream(failure)) {
            IOException canceled = new IOException("Canceled");
            canceled.addSuppressed(failure);
            AttemptTrace.<RuntimeException>raise(canceled);
        }
    }

    @Override
    public void requestBodyStart(Call call) {
        body.start();
    }

    @Override
    public void requestBodyEnd(Call call, long byteCount) {
        super.requestBodyEnd(call, byteCount);
        body.end();
    }

    /** Told where the network fails, and not where the body does. */
    @Override
    public void requestFailed(Call call, IOException failure) {
        body.end();
    }

    @Override
    public void responseHeadersEnd(Call call, Response response) {
        super.responseHeadersEnd(call, response);
        status = response.code();
        if (attempt != null) {
            SentOnce.hideIn(response);
        }
    }

    /**
     * OkHttp is about to follow a redirect on the connection of this attempt. The new request is for the mesh to route,
     * so the answer is taken from OkHttp here; there is no other place to do so.
     */
    @Override
    public void followUpDecision(Call call, Response response, @Nullable Request nextRequest) {
        if (attempt != null && nextRequest != null && response.code() / 100 == 3) {
            AttemptTrace.<RuntimeException>raise(new RedirectTaken(response));
        }
    }

    /** OkHttp lets an {@code IOException} out of a listener as it would out of an interceptor. */
    @SuppressWarnings("unchecked")
    private static <E extends Exception> void raise(IOException exception) throws E {
        throw (E) exception;
    }

    /** Carries a redirect, whose body OkHttp has closed, past OkHttp's following of it. */
    static final class RedirectTaken extends IOException {
        private static final long serialVersionUID = 1L;

        private final transient Response response;

        RedirectTaken(Response response) {
            super("redirect handed to the mesh");
            this.response = response;
        }

        Response response() {
            return response;
        }

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }
}
