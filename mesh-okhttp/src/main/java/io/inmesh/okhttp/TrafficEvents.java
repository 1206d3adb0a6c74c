package io.inmesh.okhttp;

import io.inmesh.call.AttemptTraffic;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.Protocol;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Counts what an attempt carries by OkHttp's events. */
class TrafficEvents extends EventListener {
    /** Null when nobody asks. */
    private volatile @Nullable AttemptTraffic traffic;

    /** From here on the events are those of another attempt. */
    final void counts(@Nullable AttemptTraffic newTraffic) {
        traffic = newTraffic;
    }

    @Override
    public void requestBodyEnd(Call call, long byteCount) {
        AttemptTraffic counted = traffic;
        if (counted != null) {
            counted.requestBytes(byteCount);
        }
    }

    @Override
    public void responseHeadersEnd(Call call, Response response) {
        AttemptTraffic counted = traffic;
        if (counted != null) {
            counted.protocol(name(response.protocol()));
        }
    }

    private static String name(Protocol protocol) {
        return switch (protocol) {
            case HTTP_1_0 -> "HTTP/1.0";
            case HTTP_1_1 -> "HTTP/1.1";
            case HTTP_2, H2_PRIOR_KNOWLEDGE -> "HTTP/2";
            default -> "";
        };
    }

    /** Once the body was read to its end or closed; as it came, before decompression. */
    @Override
    public final void responseBodyEnd(Call call, long byteCount) {
        AttemptTraffic counted = traffic;
        if (counted != null) {
            counted.responseBytes(byteCount);
        }
    }
}
