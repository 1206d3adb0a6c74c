package io.inmesh.okhttp;

import io.inmesh.call.ConnectionSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import okhttp3.Dns;
import org.jspecify.annotations.Nullable;

/**
 * The client's own name resolution, for attempts without an endpoint. Not equal to the client's, so that the connections
 * of attempts are used by attempts only, whose events say when a connection is in use.
 *
 * @param generation of the host's connections, see {@link Generations}
 * @param connection as that of {@link EndpointDns}
 */
record OriginalDns(Dns dns, int generation, @Nullable ConnectionSettings connection) implements Dns {
    @Override
    public List<InetAddress> lookup(String hostname) throws UnknownHostException {
        return dns.lookup(hostname);
    }

    @Override
    public Call newCall(Request request) {
        return dns.newCall(request);
    }
}
