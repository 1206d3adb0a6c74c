package io.inmesh.okhttp;

import java.util.function.LongSupplier;
import okhttp3.Dns;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;

/**
 * How one attempt is sent, as far as that is not as the client has it.
 *
 * @param chain of the caller's call
 * @param dns equal for connections that may be shared
 * @param toEndpoint whether it goes to an endpoint, past every proxy; else it goes where the client would have sent it
 * @param http2 whether the rules want HTTP/2
 * @param connectTimeoutMillis zero for the client's own
 * @param url that is called
 * @param nanosLeft of the call's timeout, zero for none
 */
record AttemptSettings(
        Interceptor.Chain chain,
        EndpointSocketFactory sockets,
        Dns dns,
        boolean toEndpoint,
        boolean http2,
        int connectTimeoutMillis,
        HttpUrl url,
        AttemptTrace trace,
        LongSupplier nanosLeft) {}
