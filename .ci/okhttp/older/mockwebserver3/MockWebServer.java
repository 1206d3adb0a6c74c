package mockwebserver3;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLSocketFactory;
import okhttp3.HttpUrl;
import okhttp3.Protocol;

/** What the tests use of the test server of OkHttp 5, on that of OkHttp 4.12. */
public final class MockWebServer implements Closeable {
    private final okhttp3.mockwebserver.MockWebServer older = new okhttp3.mockwebserver.MockWebServer();
    private final Map<okhttp3.mockwebserver.RecordedRequest, RecordedRequest> told = new WeakHashMap<>();
    private InetAddress address = InetAddress.getLoopbackAddress();
    private int connections = -1;

    private synchronized RecordedRequest newer(okhttp3.mockwebserver.RecordedRequest request) {
        return told.computeIfAbsent(request, key -> {
            if (key.getSequenceNumber() == 0 || connections < 0) {
                connections++;
            }
            return new RecordedRequest(
                    key, connections, older.protocols().contains(Protocol.H2_PRIOR_KNOWLEDGE));
        });
    }

    public void setDispatcher(Dispatcher dispatcher) {
        older.setDispatcher(new okhttp3.mockwebserver.Dispatcher() {
            @Override
            public okhttp3.mockwebserver.MockResponse dispatch(okhttp3.mockwebserver.RecordedRequest request)
                    throws InterruptedException {
                return dispatcher.dispatch(newer(request)).older;
            }
        });
    }

    public void enqueue(MockResponse response) {
        older.enqueue(response.older);
    }

    public void setProtocols(List<Protocol> protocols) {
        older.setProtocols(protocols);
    }

    public void setServerSocketFactory(ServerSocketFactory factory) {
        older.setServerSocketFactory(factory);
    }

    public void useHttps(SSLSocketFactory factory) {
        older.useHttps(factory, false);
    }

    public void start() throws IOException {
        start(InetAddress.getLoopbackAddress(), 0);
    }

    public void start(InetAddress onAddress, int port) throws IOException {
        address = onAddress;
        older.start(onAddress, port);
    }

    public int getPort() {
        return older.getPort();
    }

    public InetSocketAddress getSocketAddress() {
        return new InetSocketAddress(address, older.getPort());
    }

    public int getRequestCount() {
        return older.getRequestCount();
    }

    public RecordedRequest takeRequest() throws InterruptedException {
        return newer(older.takeRequest());
    }

    public RecordedRequest takeRequest(long timeout, TimeUnit unit) throws InterruptedException {
        okhttp3.mockwebserver.RecordedRequest request = older.takeRequest(timeout, unit);
        return request == null ? null : newer(request);
    }

    public HttpUrl url(String path) {
        return older.url(path);
    }

    @Override
    public void close() {
        try {
            older.close();
        } catch (IOException gone) {
            // A server that still writes a slow answer does not end in time.
        }
    }
}
