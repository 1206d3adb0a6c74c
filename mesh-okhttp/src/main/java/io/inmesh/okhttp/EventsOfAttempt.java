package io.inmesh.okhttp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.Response;

/** Tells the trace of an attempt that is a call of its own, and then the listener of the caller's call. */
final class EventsOfAttempt extends EventsOfCall {
    private final AttemptTrace trace;

    EventsOfAttempt(Call told, EventListener listener, AttemptTrace trace) {
        super(told, listener);
        this.trace = trace;
    }

    @Override
    public void dnsStart(Call call, String domainName) {
        trace.dnsStart(call, domainName);
        super.dnsStart(call, domainName);
    }

    @Override
    public void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
        trace.connectStart(call, address, proxy);
        super.connectStart(call, address, proxy);
    }

    @Override
    public void connectionAcquired(Call call, Connection connection) {
        trace.connectionAcquired(call, connection);
        super.connectionAcquired(call, connection);
    }

    @Override
    public void connectionReleased(Call call, Connection connection) {
        trace.connectionReleased(call, connection);
        super.connectionReleased(call, connection);
    }

    @Override
    public void requestHeadersStart(Call call) {
        trace.requestHeadersStart(call);
        super.requestHeadersStart(call);
    }

    @Override
    public void requestBodyStart(Call call) {
        trace.requestBodyStart(call);
        super.requestBodyStart(call);
    }

    @Override
    public void requestBodyEnd(Call call, long byteCount) {
        trace.requestBodyEnd(call, byteCount);
        super.requestBodyEnd(call, byteCount);
    }

    @Override
    public void requestFailed(Call call, IOException failure) {
        trace.requestFailed(call, failure);
        super.requestFailed(call, failure);
    }

    @Override
    public void responseBodyEnd(Call call, long byteCount) {
        trace.responseBodyEnd(call, byteCount);
        super.responseBodyEnd(call, byteCount);
    }

    @Override
    public void responseHeadersEnd(Call call, Response response) {
        trace.responseHeadersEnd(call, response);
        super.responseHeadersEnd(call, response);
    }
}
