package mockwebserver3;

import org.opentest4j.TestAbortedException;
import java.util.concurrent.TimeUnit;
import okhttp3.Headers;
import okhttp3.WebSocketListener;
import okhttp3.mockwebserver.SocketPolicy;
import okio.Buffer;

/** What the tests use of the test server of OkHttp 5, on that of OkHttp 4.12. */
public final class MockResponse {
    final okhttp3.mockwebserver.MockResponse older;

    private MockResponse(okhttp3.mockwebserver.MockResponse older) {
        this.older = older;
    }

    public static final class Builder {
        private final okhttp3.mockwebserver.MockResponse older = new okhttp3.mockwebserver.MockResponse();

        public Builder addHeader(String name, Object value) {
            older.addHeader(name, value);
            return this;
        }

        public Builder setHeader(String name, Object value) {
            older.setHeader(name, value);
            return this;
        }

        public Builder clearHeaders() {
            older.clearHeaders();
            return this;
        }

        public Builder body(String body) {
            older.setBody(body);
            return this;
        }

        public Builder body(Buffer body) {
            older.setBody(body);
            return this;
        }

        public Builder chunkedBody(String body, int size) {
            older.setChunkedBody(body, size);
            return this;
        }

        public Builder code(int code) {
            older.setResponseCode(code);
            return this;
        }

        public Builder trailers(Headers trailers) {
            older.setTrailers(trailers);
            return this;
        }

        public Builder throttleBody(long bytes, long period, TimeUnit unit) {
            older.throttleBody(bytes, period, unit);
            return this;
        }

        public Builder webSocketUpgrade(WebSocketListener listener) {
            older.withWebSocketUpgrade(listener);
            return this;
        }

        public Builder doNotReadRequestBody() {
            older.setSocketPolicy(SocketPolicy.DO_NOT_READ_REQUEST_BODY);
            return this;
        }

        public Builder onRequestStart(SocketEffect effect) {
            return stream(effect);
        }

        public Builder onResponseStart(SocketEffect effect) {
            return stream(effect);
        }

        private Builder stream(SocketEffect effect) {
            throw new TestAbortedException("the test server of 4.12 asks before the request whether to do " + effect);
        }

        public Builder onResponseBody(SocketEffect effect) {
            if (effect != SocketEffect.Stall.INSTANCE) {
                throw new TestAbortedException("4.12 has no " + effect);
            }
            older.throttleBody(1, 1, TimeUnit.HOURS);
            return this;
        }

        public Builder onResponseEnd(SocketEffect effect) {
            if (effect == SocketEffect.ShutdownConnection.INSTANCE) {
                throw new TestAbortedException("the test server of 4.12 refuses streams that came before it was shut down");
            }
            older.setSocketPolicy(SocketPolicy.DISCONNECT_AT_END);
            return this;
        }

        public Builder socketHandler(SocketHandler handler) {
            throw new TestAbortedException("4.12 has no socket handlers");
        }

        public MockResponse build() {
            return new MockResponse(older);
        }
    }
}
