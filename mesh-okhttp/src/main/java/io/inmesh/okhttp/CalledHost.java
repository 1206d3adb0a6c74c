package io.inmesh.okhttp;

import java.util.Objects;
import okhttp3.Request;

/**
 * The host that the rules go by, of a request whose {@code Host} header is for the server alone. A proxy that passes on
 * the header of whoever called it tags its request with this: {@code builder.tag(CalledHost.class, CalledHost.of(request))}.
 *
 * @param authority host with or without port
 */
public record CalledHost(String authority) {
    /** Checks the name. */
    public CalledHost {
        Objects.requireNonNull(authority, "authority");
    }

    /** The host of a request's URL. */
    public static CalledHost of(Request request) {
        return new CalledHost(OkHttpRequestHead.authority(request.url()));
    }
}
