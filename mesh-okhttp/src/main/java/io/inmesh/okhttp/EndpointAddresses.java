package io.inmesh.okhttp;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.model.IpAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * Socket addresses of endpoints, each made once for as long as discovery tells the endpoint unchanged. Thread-safe; a look
 * takes no lock.
 */
final class EndpointAddresses {
    private final Cache<Endpoint, InetSocketAddress> known =
            Caffeine.newBuilder().weakKeys().build();

    InetSocketAddress of(Endpoint endpoint) throws UnknownHostException {
        InetSocketAddress address = known.getIfPresent(endpoint);
        if (address == null) {
            address = new InetSocketAddress(inet(endpoint.address()), endpoint.port());
            known.put(endpoint, address);
        }
        return address;
    }

    /** The address of an endpoint, which asks no name server. */
    static InetAddress inet(String address) throws UnknownHostException {
        IpAddress parsed = IpAddress.parse(address);
        if (parsed == null) {
            throw new UnknownHostException(
                    "the endpoint \"" + address + "\" is not an IP address; its source has to resolve"
                            + " the name, or a ServiceEntry with resolution DNS has to have it");
        }
        return parsed.toInetAddress();
    }
}
