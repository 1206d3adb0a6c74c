package mockwebserver3;

import org.opentest4j.TestAbortedException;
import java.util.List;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okio.ByteString;

/** What the tests use of the test server of OkHttp 5, on that of OkHttp 4.12. */
public final class RecordedRequest {
    private final okhttp3.mockwebserver.RecordedRequest older;
    private final int connectionIndex;
    private final boolean http2;
    private final ByteString body;

    RecordedRequest(okhttp3.mockwebserver.RecordedRequest older, int connectionIndex, boolean http2) {
        this.older = older;
        this.connectionIndex = connectionIndex;
        this.http2 = http2;
        this.body = older.getBody().snapshot();
    }

    public ByteString getBody() {
        return body;
    }

    /** Right as long as connections are used one after the other. */
    public int getConnectionIndex() {
        return connectionIndex;
    }

    public int getExchangeIndex() {
        return older.getSequenceNumber();
    }

    public List<String> getHandshakeServerNames() {
        throw new TestAbortedException("4.12 does not tell the server name");
    }

    public Headers getHeaders() {
        return older.getHeaders();
    }

    public String getMethod() {
        return older.getMethod();
    }

    public String getRequestLine() {
        return older.getRequestLine();
    }

    public String getTarget() {
        return older.getPath();
    }

    public HttpUrl getUrl() {
        return older.getRequestUrl();
    }

    public String getVersion() {
        if (http2) {
            return "HTTP/2";
        }
        String line = older.getRequestLine();
        return line.substring(line.lastIndexOf(' ') + 1);
    }
}
