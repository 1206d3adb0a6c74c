package io.inmesh.endpoint;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Resolves names for ServiceEntries with resolution DNS. Called on threads of the mesh that may wait, several at a time
 * for different names; never on a caller's thread.
 */
@FunctionalInterface
public interface DnsResolver {
    /**
     * The addresses of a name.
     *
     * @return in the order of the answer; an empty list counts as a failure
     * @throws UnknownHostException when there is none or nobody answers; the last good answer stays in use
     */
    List<InetAddress> resolve(String host) throws UnknownHostException;

    /**
     * The JVM's own resolver. It caches by itself ({@code networkaddress.cache.ttl}, 30 s by default), so an address can
     * be older than the mesh's time to live by as much.
     */
    static DnsResolver system() {
        return host -> List.of(InetAddress.getAllByName(host));
    }
}
