package io.inmesh.internal.serviceentry;

import io.inmesh.endpoint.DnsLookupFamily;
import io.inmesh.endpoint.DnsResolver;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A resolver, and which addresses of its answers are used. Waits for the resolver; as thread-safe as that is.
 */
final class DnsLookup {
    private static final String CHECK = "check the name and the resolver";

    private final DnsResolver resolver;
    private final DnsLookupFamily family;
    private final BooleanSupplier onlyIpv6;

    /**
     * Makes a look-up.
     *
     * @param onlyIpv6 whether IPv6 is all that this machine speaks; asked for {@link DnsLookupFamily#AUTO} alone
     */
    DnsLookup(DnsResolver resolver, DnsLookupFamily family, BooleanSupplier onlyIpv6) {
        this.resolver = resolver;
        this.family = family;
        this.onlyIpv6 = onlyIpv6;
    }

    /**
     * What came of it.
     *
     * @param addresses each once, in the order of the answer; empty after a failure
     * @param failure why there is no address; null when there is one
     */
    record Result(List<String> addresses, @Nullable Failure failure) {}

    /**
     * Why there is no address.
     *
     * @param fix what to do about it
     */
    record Failure(String reason, String fix) {}

    /** Looks a name up; never throws what a resolver throws. */
    Result lookUp(String host) {
        try {
            List<InetAddress> answer = resolver.resolve(host);
            return answer.isEmpty() ? failure("the answer is empty", CHECK) : result(answer);
        } catch (UnknownHostException unknown) {
            return failure("unknown host", CHECK);
        } catch (RuntimeException broken) {
            return failure(broken.toString(), CHECK);
        }
    }

    private Result result(List<InetAddress> answer) {
        List<String> wanted = texts(chosen(answer));
        return wanted.isEmpty()
                ? failure(
                        "all its addresses are " + (family == DnsLookupFamily.V4_ONLY ? "IPv6" : "IPv4")
                                + ", and the DNS lookup family is " + family,
                        "choose another DNS lookup family, such as AUTO, or another name")
                : new Result(wanted, null);
    }

    private List<InetAddress> chosen(List<InetAddress> answer) {
        return switch (family) {
            case ALL -> answer;
            case V4_ONLY -> ofFamily(answer, true);
            case V6_ONLY -> ofFamily(answer, false);
            case V4_PREFERRED -> preferring(answer, true);
            case AUTO -> preferring(answer, !onlyIpv6.getAsBoolean());
        };
    }

    private static List<InetAddress> preferring(List<InetAddress> answer, boolean ipv4) {
        List<InetAddress> preferred = ofFamily(answer, ipv4);
        return preferred.isEmpty() ? answer : preferred;
    }

    private static List<InetAddress> ofFamily(List<InetAddress> answer, boolean ipv4) {
        return answer.stream()
                .filter(address -> address instanceof Inet4Address == ipv4)
                .toList();
    }

    private static List<String> texts(List<InetAddress> addresses) {
        return addresses.stream().map(InetAddress::getHostAddress).distinct().toList();
    }

    private static Result failure(String reason, String fix) {
        return new Result(List.of(), new Failure(reason, fix));
    }
}
