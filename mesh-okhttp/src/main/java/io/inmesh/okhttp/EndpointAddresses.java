package io.inmesh.okhttp;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.inmesh.endpoint.Endpoint;
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
            address = new InetSocketAddress(InetAddress.getByName(endpoint.address()), endpoint.port());
            known.put(endpoint, address);
        }
        return address;
    }
}
