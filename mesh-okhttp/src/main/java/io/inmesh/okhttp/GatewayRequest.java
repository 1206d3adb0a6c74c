package io.inmesh.okhttp;

import io.inmesh.call.RequestHead;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * A request that came in from outside and is to be sent on by {@link GatewayCalls}.
 *
 * @param head what came in, path, query and headers in the form in which they are sent; header values are text of which
 *     the UTF-8 form is sent
 * @param content null without a body
 */
public record GatewayRequest(RequestHead head, @Nullable Content content) {
    /** The body of a request that came in, read once and on the thread of the call. */
    public interface Content {
        /** Number of bytes; -1 where the sender has not told it. */
        long length();

        /** The bytes; asked for when the first of them is wanted, once. */
        InputStream open() throws IOException;
    }
}
