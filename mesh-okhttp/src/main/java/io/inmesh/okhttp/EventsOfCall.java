package io.inmesh.okhttp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.util.List;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.Handshake;
import okhttp3.HttpUrl;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Tells a listener of one call what happens in another call that does its work: begin, end and cancellation are left out,
 * since the one call has its own.
 */
class EventsOfCall extends EventListener {
    private final Call told;
    private final EventListener listener;

    EventsOfCall(Call told, EventListener listener) {
        this.told = told;
        this.listener = listener;
    }

    @Override
    public void proxySelectStart(Call call, HttpUrl url) {
        listener.proxySelectStart(told, url);
    }

    @Override
    public void proxySelectEnd(Call call, HttpUrl url, List<Proxy> proxies) {
        listener.proxySelectEnd(told, url, proxies);
    }

    @Override
    public void dnsStart(Call call, String domainName) {
        listener.dnsStart(told, domainName);
    }

    @Override
    public void dnsEnd(Call call, String domainName, List<InetAddress> addresses) {
        listener.dnsEnd(told, domainName, addresses);
    }

    @Override
    public void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
        listener.connectStart(told, address, proxy);
    }

    @Override
    public void secureConnectStart(Call call) {
        listener.secureConnectStart(told);
    }

    @Override
    public void secureConnectEnd(Call call, @Nullable Handshake handshake) {
        listener.secureConnectEnd(told, handshake);
    }

    @Override
    public void connectEnd(Call call, InetSocketAddress address, Proxy proxy, @Nullable Protocol protocol) {
        listener.connectEnd(told, address, proxy, protocol);
    }

    @Override
    public void connectFailed(
            Call call, InetSocketAddress address, Proxy proxy, @Nullable Protocol protocol, IOException failure) {
        listener.connectFailed(told, address, proxy, protocol, failure);
    }

    @Override
    public void connectionAcquired(Call call, Connection connection) {
        listener.connectionAcquired(told, connection);
    }

    @Override
    public void connectionReleased(Call call, Connection connection) {
        listener.connectionReleased(told, connection);
    }

    @Override
    public void requestHeadersStart(Call call) {
        listener.requestHeadersStart(told);
    }

    @Override
    public void requestHeadersEnd(Call call, Request request) {
        listener.requestHeadersEnd(told, request);
    }

    @Override
    public void requestBodyStart(Call call) {
        listener.requestBodyStart(told);
    }

    @Override
    public void requestBodyEnd(Call call, long byteCount) {
        listener.requestBodyEnd(told, byteCount);
    }

    @Override
    public void requestFailed(Call call, IOException failure) {
        listener.requestFailed(told, failure);
    }

    @Override
    public void responseHeadersStart(Call call) {
        listener.responseHeadersStart(told);
    }

    @Override
    public void responseHeadersEnd(Call call, Response response) {
        listener.responseHeadersEnd(told, response);
    }

    @Override
    public void responseBodyStart(Call call) {
        listener.responseBodyStart(told);
    }

    @Override
    public void responseBodyEnd(Call call, long byteCount) {
        listener.responseBodyEnd(told, byteCount);
    }

    @Override
    public void responseFailed(Call call, IOException failure) {
        listener.responseFailed(told, failure);
    }

    @Override
    public void satisfactionFailure(Call call, Response response) {
        listener.satisfactionFailure(told, response);
    }

    @Override
    public void cacheHit(Call call, Response response) {
        listener.cacheHit(told, response);
    }

    @Override
    public void cacheMiss(Call call) {
        listener.cacheMiss(told);
    }

    @Override
    public void cacheConditionalHit(Call call, Response cachedResponse) {
        listener.cacheConditionalHit(told, cachedResponse);
    }

    @Override
    public void retryDecision(Call call, IOException failure, boolean retry) {
        listener.retryDecision(told, failure, retry);
    }

    @Override
    public void followUpDecision(Call call, Response networkResponse, @Nullable Request next) {
        listener.followUpDecision(told, networkResponse, next);
    }
}
