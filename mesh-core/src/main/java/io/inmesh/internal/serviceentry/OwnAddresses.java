package io.inmesh.internal.serviceentry;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collection;
import java.util.List;

/** Addresses of this machine. */
final class OwnAddresses {
    private OwnAddresses() {}

    /** Whether all addresses under which others can reach this machine are IPv6; false when nothing can be told. */
    static boolean areOnlyIpv6() {
        try {
            return areOnlyIpv6(NetworkInterface.networkInterfaces()
                    .filter(OwnAddresses::isUp)
                    .flatMap(NetworkInterface::inetAddresses)
                    .toList());
        } catch (SocketException unknown) {
            return false;
        }
    }

    static boolean areOnlyIpv6(Collection<? extends InetAddress> all) {
        List<? extends InetAddress> reachable = all.stream()
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .toList();
        return !reachable.isEmpty() && reachable.stream().noneMatch(Inet4Address.class::isInstance);
    }

    private static boolean isUp(NetworkInterface network) {
        try {
            return network.isUp();
        } catch (SocketException gone) {
            return false;
        }
    }
}
