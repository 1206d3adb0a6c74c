package io.inmesh.servlet.internal.arrival;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection as a value. */
public record TestConnection(
        String peerAddress,
        String localAddress,
        int localPort,
        boolean isSecure,
        List<String> identities,
        @Nullable String serverName)
        implements Connection {
    public TestConnection {
        identities = List.copyOf(identities);
    }

    /** From 10.1.2.3 to 10.9.9.9:8080, without TLS. */
    public static final TestConnection PLAIN = new TestConnection("10.1.2.3", "10.9.9.9", 8080, false, List.of(), null);
}
