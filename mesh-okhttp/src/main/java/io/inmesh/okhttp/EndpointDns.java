package io.inmesh.okhttp;

import io.inmesh.call.ConnectionSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import okhttp3.Dns;
import org.jspecify.annotations.Nullable;

/**
 * Name resolution that knows one answer: the endpoint of one attempt. OkHttp shares a connection between calls only if
 * their {@code Dns} are equal, so equality is what keeps the connections of endpoints apart; the port belongs to it, as
 * the URL's port is not the one that is connected to.
 *
 * @param host of the URL
 * @param address IP literal of the endpoint
 * @param port of the endpoint
 * @param generation of the endpoint's connections, see {@link Generations}
 * @param connection how the endpoint's connections are made and kept, null for as the client has it: those of other settings
 *     are other connections
 */
record EndpointDns(
        String host,
        String address,
        int port,
        int generation,
        @Nullable ConnectionSettings connection) implements Dns {
    @Override
    public List<InetAddress> lookup(String hostname) throws UnknownHostException {
        if (!hostname.equals(host)) {
            // Somebody follows the server to another host behind the mesh's back: better nowhere than to this endpoint.
            throw new UnknownHostException(hostname + " is not the host of this attempt, which is " + host);
        }
        return List.of(InetAddress.getByAddress(
                hostname, EndpointAddresses.inet(address).getAddress()));
    }
}
