package io.inmesh.servlet.internal.forward;

import io.inmesh.call.HeaderField;
import io.inmesh.call.RequestHead;
import io.inmesh.servlet.internal.arrival.HeaderSpelling;
import io.inmesh.servlet.internal.request.InboundRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The headers with which a request is sent on. */
final class ForwardedHeaders {
    /** They are made anew, or a trusted proxy has made them. */
    private static final Set<String> TOLD_BY_PROXIES =
            Set.of("x-forwarded-host", "x-forwarded-port", "x-forwarded-prefix", "x-forwarded-ssl", "forwarded");

    /** Beside what begins with x-envoy: what a server behind may read as set by this gateway, whoever spells it. */
    private static final Set<String> OWN = Set.of(
            "x-forwarded-for",
            "x-forwarded-proto",
            "x-forwarded-host",
            "x-forwarded-port",
            "x-forwarded-prefix",
            "x-forwarded-ssl",
            "x-forwarded-client-cert",
            "x-request-id",
            "content-length",
            "transfer-encoding");

    private static final String TE = "te";
    private static final String TRAILERS = "trailers";

    private final int trustedHops;

    ForwardedHeaders(int trustedHops) {
        this.trustedHops = trustedHops;
    }

    List<HeaderField> of(InboundRequest request, String requestId) {
        HopByHop hopByHop = HopByHop.of(request.headerValues("connection"));
        List<HeaderField> headers = new ArrayList<>(request.headers().size() + 8);
        StringBuilder forwardedFor = new StringBuilder();
        boolean host = false;
        boolean trailers = false;
        for (HeaderField field : request.headers()) {
            String name = field.name().toLowerCase(Locale.ROOT);
            trailers |= name.equals(TE) && hasTrailers(field.value());
            if (name.equals("x-forwarded-for")) {
                forwardedFor.append(forwardedFor.length() == 0 ? "" : ",").append(field.value());
            } else if (!hopByHop.contains(name) && isSentOn(name)) {
                host |= name.equals("x-forwarded-host");
                headers.add(field);
            }
        }
        String peer = request.connection().peerAddress();
        forwardedFor.append(forwardedFor.length() == 0 ? "" : ",").append(peer.isEmpty() ? "unknown" : peer);
        headers.add(new HeaderField("x-forwarded-for", forwardedFor.toString()));
        headers.add(new HeaderField("x-forwarded-proto", request.scheme()));
        if (!host) {
            headers.add(new HeaderField("x-forwarded-host", request.authority()));
        }
        if (!request.clientAddress().isEmpty()) {
            headers.add(new HeaderField("x-envoy-external-address", request.clientAddress()));
        }
        headers.add(new HeaderField("x-request-id", requestId));
        if (trailers) {
            headers.add(new HeaderField(TE, TRAILERS));
        }
        return headers;
    }

    /** Whether the client of a request takes fields behind an answer's body. */
    static boolean takesTrailers(RequestHead head) {
        for (int i = 0; i < head.headerCount(); i++) {
            if (head.headerName(i).equalsIgnoreCase(TE)) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasTrailers(String value) {
        for (String coding : value.split(",", -1)) {
            if (coding.strip().equalsIgnoreCase(TRAILERS)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOwn(String name) {
        return name.startsWith("x-envoy-") || OWN.contains(name);
    }

    private boolean isSentOn(String name) {
        if (HeaderSpelling.isOdd(name) && isOwn(HeaderSpelling.usual(name))) {
            return false;
        }
        if (name.startsWith("x-envoy-") || name.equals("x-forwarded-client-cert")) {
            return false;
        }
        return switch (name) {
            case "content-length", "expect", "x-forwarded-proto", "x-request-id" -> false;
            default -> trustedHops > 0 || !TOLD_BY_PROXIES.contains(name);
        };
    }
}
