package io.inmesh.servlet.internal.forward;

import io.inmesh.call.RequestHead;
import io.inmesh.event.ResponseFlag;
import io.inmesh.okhttp.GatewayCall;
import io.inmesh.okhttp.GatewayCalls;
import io.inmesh.okhttp.GatewayRequest;
import io.inmesh.servlet.internal.answer.GatewayFault;
import io.inmesh.servlet.internal.answer.ServerHeader;
import io.inmesh.servlet.internal.request.BadRequest;
import io.inmesh.servlet.internal.request.InboundHead;
import io.inmesh.servlet.internal.request.InboundRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.ProtocolException;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends requests on and their answers back, on the thread of each request. Thread-safe. */
public final class Forwarder {
    private static final Logger LOG = LoggerFactory.getLogger(Forwarder.class);

    private final GatewayCalls calls;
    private final ForwardedHeaders forwardedHeaders;
    private final AnswerRelay relay;
    private final long mostBodyBytes;

    /**
     * Makes a forwarder.
     *
     * @param trustedHops how many proxies before this gateway are trusted
     * @param mostBodyBytes of a request; -1 for no limit
     */
    public Forwarder(GatewayCalls calls, int trustedHops, ServerHeader serverHeader, long mostBodyBytes) {
        this.calls = calls;
        this.forwardedHeaders = new ForwardedHeaders(trustedHops);
        this.relay = new AnswerRelay(serverHeader);
        this.mostBodyBytes = mostBodyBytes;
    }

    /**
     * A request as it is judged, routed and sent on.
     *
     * @param requestId that of the request, or one that was made for it
     */
    public RequestHead head(InboundRequest inbound, String requestId) {
        return new InboundHead(inbound, forwardedHeaders.of(inbound, requestId));
    }

    /**
     * Sends one request on.
     *
     * @param head of the request as it is sent on
     * @param routing decides where to
     * @return null when the answer was relayed, as far as the client has taken it; else what to answer
     * @throws AnswerRelay.UpstreamBroken when an answer that has begun cannot be ended, so that the connection has to be
     * @throws IOException when the client is gone
     */
    public @Nullable GatewayFault forward(
            RequestHead head, HttpServletRequest request, HttpServletResponse response, GatewayCall.Routing routing)
            throws IOException {
        RequestContent content;
        try {
            content = RequestContent.of(request, mostBodyBytes);
        } catch (BadRequest e) {
            return GatewayFault.of(e.status(), "DPE", e.text());
        } catch (IOException e) {
            return UpstreamFaults.ofBody(e);
        }
        GatewayCall call;
        try {
            call = calls.newCall(new GatewayRequest(head, content), routing);
        } catch (ProtocolException e) {
            LOG.debug("A request cannot be sent on as it came: {}", e.getMessage());
            return GatewayFault.of(400, "DPE", "the request cannot be sent on as it came");
        }
        Response answer;
        try {
            answer = call.execute();
        } catch (IOException e) {
            IOException bodyFailure = call.bodyFailure();
            if (bodyFailure != null) {
                return UpstreamFaults.ofBody(bodyFailure);
            }
            LOG.debug("{} {} was not answered", head.method(), head.authority(), e);
            return UpstreamFaults.of(e);
        }
        try (answer) {
            return relay(answer, call, head, response);
        }
    }

    private @Nullable GatewayFault relay(
            Response answer, GatewayCall call, RequestHead head, HttpServletResponse response) throws IOException {
        if (answer.code() < 200) {
            call.cancel();
            return GatewayFault.of(502, "UPE", "upstream protocol error");
        }
        relay.head(answer, response);
        try {
            relay.body(answer, response, call, head.method().equals("HEAD"), ForwardedHeaders.takesTrailers(head));
            return null;
        } catch (AnswerRelay.UpstreamBroken e) {
            if (response.isCommitted()) {
                throw e;
            }
            LOG.debug("An answer ended before its body began", e);
            return UpstreamFaults.of(e.failure());
        } catch (IOException clientGone) {
            call.cancel();
            throw clientGone;
        }
    }

    /** Why an answer cannot be ended, where a failure tells of that; null where it tells that the client is gone. */
    public static @Nullable ResponseFlag upstreamBroken(IOException failure) {
        return failure instanceof AnswerRelay.UpstreamBroken broken
                ? ResponseFlag.valueOf(UpstreamFaults.of(broken.failure()).flag())
                : null;
    }
}
