package io.inmesh.okhttp;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import javax.net.SocketFactory;
import okhttp3.Address;
import okhttp3.Authenticator;
import okhttp3.Call;
import okhttp3.ConnectionSpec;
import okhttp3.Dns;
import okhttp3.Protocol;
import okhttp3.Route;
import okhttp3.internal.connection.RealCall;
import okhttp3.internal.connection.RealConnection;
import okhttp3.internal.connection.RealConnectionPool;

/**
 * For OkHttp 4.12, whose call has one connection to cancel, which closes the socket that it is being made with. By
 * reflection, since InMesh is compiled with an OkHttp that has these no more.
 */
final class ConnectionToCancel implements CancelRelay {
    private final Constructor<RealConnection> newConnection;
    private final Method setConnectionToCancel;
    private final Field rawSocket;
    private final Route nowhere = new Route(
            new Address(
                    "localhost",
                    1,
                    Dns.SYSTEM,
                    SocketFactory.getDefault(),
                    null,
                    null,
                    null,
                    Authenticator.NONE,
                    Proxy.NO_PROXY,
                    List.of(Protocol.HTTP_1_1),
                    List.of(ConnectionSpec.CLEARTEXT),
                    new NoProxies()),
            Proxy.NO_PROXY,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));

    ConnectionToCancel() throws ReflectiveOperationException {
        newConnection = RealConnection.class.getConstructor(RealConnectionPool.class, Route.class);
        setConnectionToCancel = RealCall.class.getMethod("setConnectionToCancel", RealConnection.class);
        rawSocket = RealConnection.class.getDeclaredField("rawSocket");
        rawSocket.setAccessible(true);
    }

    @Override
    public void relay(RealCall from, Call to) {
        try {
            RealConnection connection =
                    newConnection.newInstance(from.getClient().connectionPool().getDelegate$okhttp(), nowhere);
            rawSocket.set(connection, new SocketOfOtherCall(to));
            setConnectionToCancel.invoke(from, connection);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Is never asked; a JVM may have no default one. */
    private static final class NoProxies extends ProxySelector {
        @Override
        public List<Proxy> select(URI uri) {
            return List.of(Proxy.NO_PROXY);
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
    }

    /** Is never opened; closing it cancels the call. */
    private static final class SocketOfOtherCall extends Socket {
        private final Call call;

        SocketOfOtherCall(Call call) {
            this.call = call;
        }

        @Override
        public void close() {
            call.cancel();
        }
    }
}
