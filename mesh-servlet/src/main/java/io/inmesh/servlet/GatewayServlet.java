package io.inmesh.servlet;

import io.inmesh.GatewayRules;
import io.inmesh.Mesh;
import io.inmesh.call.HeaderField;
import io.inmesh.call.RequestHead;
import io.inmesh.event.ResponseFlag;
import io.inmesh.servlet.internal.answer.FaultAnswers;
import io.inmesh.servlet.internal.answer.GatewayFault;
import io.inmesh.servlet.internal.forward.Forwarder;
import io.inmesh.servlet.internal.inbound.AttemptCount;
import io.inmesh.servlet.internal.judge.PolicyLog;
import io.inmesh.servlet.internal.judge.RequestJudge;
import io.inmesh.servlet.internal.judge.Verdict;
import io.inmesh.servlet.internal.limit.RateLimits;
import io.inmesh.servlet.internal.observed.InboundObservers;
import io.inmesh.servlet.internal.observed.ObservedRequest;
import io.inmesh.servlet.internal.request.BadRequest;
import io.inmesh.servlet.internal.request.InboundRequest;
import io.inmesh.servlet.internal.request.RequestId;
import io.inmesh.servlet.internal.request.RequestReader;
import io.inmesh.servlet.internal.request.ShownHead;
import io.inmesh.servlet.internal.time.LogInterval;
import io.inmesh.servlet.internal.time.RequestIds;
import io.inmesh.servlet.internal.time.Ticker;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * A gateway as a servlet: takes requests from outside and sends each to the service that Istio's Gateway and VirtualService
 * objects say. Does on a servlet container's threads, blocking, what Istio's ingress gateway does in Envoy.
 *
 * <p>Made by {@link #builder}. To be mapped to {@code /*} in the root context: paths are taken as they come, that of a
 * context included. Ends the client that it has made itself in {@link #destroy}; the mesh is its maker's to close.
 * Thread-safe.
 */
public final class GatewayServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(GatewayServlet.class);
    private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

    private final transient Mesh mesh;
    private final transient RequestReader reader;
    private final transient RequestJudge judge;
    private final transient RateLimits limits;
    private final transient Forwarder forwarder;
    private final transient FaultAnswers answers;
    private final transient Semaphore calls;
    private final transient InboundObservers observers;
    private final transient Supplier<String> ids = RequestIds.RANDOM;
    private final transient LogInterval warnings = new LogInterval(Duration.ofMinutes(1), Ticker.SYSTEM);
    private final transient Runnable end;

    GatewayServlet(GatewayServletBuilder settings) {
        this.mesh = settings.mesh;
        this.reader = new RequestReader(settings.pathPolicy, settings.trustedHops, settings.ports());
        this.judge = new RequestJudge(settings.pathPolicy, new PolicyLog());
        this.limits = new RateLimits(settings.rateLimits, settings.pathPolicy, Ticker.SYSTEM);
        this.forwarder = settings.forwarder();
        this.answers = new FaultAnswers(settings.serverHeader, settings.responseFlags);
        this.calls = new Semaphore(settings.maxCalls);
        this.observers = new InboundObservers(settings.observers);
        this.end = settings.end();
    }

    /**
     * Starts to describe a gateway.
     *
     * @param mesh with the rules and services, built with {@link Mesh.Builder#gateway}; stays its maker's
     * @throws IllegalStateException unless it was
     */
    public static GatewayServletBuilder builder(Mesh mesh) {
        mesh.gatewayRules();
        return new GatewayServletBuilder(mesh);
    }

    @Override
    public void destroy() {
        judge.close();
        end.run();
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        ObservedRequest observed = observers.isEmpty()
                ? null
                : ObservedRequest.begin(observers, ShownHead.of(request), Ticker.SYSTEM, request, response);
        if (observed == null || !observed.isHeard()) {
            admit(request, response);
            return;
        }
        Throwable thrown = null;
        try {
            admit(observed.counted(request), observed.counted(response));
        } catch (Throwable failure) {
            thrown = failure;
            throw failure;
        } finally {
            observed.returned(thrown);
        }
    }

    private void admit(HttpServletRequest request, HttpServletResponse response) throws IOException {
        ObservedRequest.forwardingStarted(request);
        try {
            admitObserved(request, response);
        } finally {
            ObservedRequest.forwardingEnded(request);
        }
    }

    private void admitObserved(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!calls.tryAcquire()) {
            answers.write(GatewayFault.of(503, "OM", "too many requests at a time"), request, response, null);
            return;
        }
        try {
            answer(request, response);
        } finally {
            calls.release();
        }
    }

    private void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String requestId = RequestId.of(request, ids);
        GatewayFault fault;
        try {
            fault = serve(request, response, requestId);
        } catch (IOException e) {
            ResponseFlag broken = Forwarder.upstreamBroken(e);
            if (broken != null) {
                ObservedRequest.flagged(request, broken);
                // The container ends the connection, so that the client does not take a part for the whole.
                throw e;
            }
            LOG.debug("The client of request {} is gone", requestId, e);
            return;
        } catch (RuntimeException e) {
            LOG.atLevel(warnings.isTime() ? Level.WARN : Level.DEBUG)
                    .setCause(e)
                    .log("Request {} failed in the gateway. This is told once a minute", requestId);
            if (response.isCommitted()) {
                // As above: nothing else tells the client that the answer is not whole.
                throw new IOException("the gateway failed within an answer", e);
            }
            fault = GatewayFault.of(500, "LR", "the gateway failed");
        }
        if (fault != null) {
            try {
                answers.write(fault, request, response, requestId);
            } catch (IOException clientGone) {
                LOG.debug("The client of request {} is gone", requestId, clientGone);
            }
        }
    }

    private @Nullable GatewayFault serve(HttpServletRequest request, HttpServletResponse response, String requestId)
            throws IOException {
        GatewayFault unserved = unserved(request);
        if (unserved != null) {
            return unserved;
        }
        InboundRequest inbound;
        try {
            inbound = reader.read(request);
        } catch (BadRequest e) {
            return new GatewayFault(e.status(), "DPE", e.text(), e.headers());
        }
        GatewayRules rules = mesh.gatewayRules();
        if (!rules.serves(inbound.port())) {
            return GatewayFault.of(404, "NR", "no route matched");
        }
        if (rules.needsClientCertificate(inbound.port(), inbound.authority())
                && !inbound.connection().hasCertificate()) {
            return GatewayFault.of(403, "UAEX", "a client certificate is needed");
        }
        RequestHead head = forwarder.head(inbound, requestId);
        Verdict verdict = judge.judge(rules.policy(), head, inbound.connection());
        if (verdict instanceof Verdict.Refused refused) {
            LOG.debug("Request {} was refused: {}", requestId, refused.reason());
            String challenge = refused.challenge();
            return new GatewayFault(
                    refused.status(),
                    "UAEX",
                    refused.message(),
                    challenge == null ? List.of() : List.of(new HeaderField("www-authenticate", challenge)));
        }
        RequestHead judged = ((Verdict.Passed) verdict).head();
        RequestGate gate = new RequestGate(limits, judged, limited -> answers.response(limited, request, requestId));
        int attempt = AttemptCount.of(request);
        GatewayFault fault = forwarder.forward(
                judged, request, response, exchange -> rules.execute(inbound.port(), exchange, gate, attempt));
        return fault == null ? null : gate.edited(fault);
    }

    /** What no rule can have a gateway do. */
    private static @Nullable GatewayFault unserved(HttpServletRequest request) {
        String method = request.getMethod();
        if (method.equals("CONNECT") || method.equals("TRACE")) {
            return new GatewayFault(405, "DPE", method + " is not served", List.of(new HeaderField("Allow", METHODS)));
        }
        for (String value : Collections.list(request.getHeaders("Upgrade"))) {
            if (value.toLowerCase(Locale.ROOT).contains("websocket")) {
                return GatewayFault.of(501, "DPE", "this gateway does not carry WebSockets");
            }
        }
        return null;
    }
}
