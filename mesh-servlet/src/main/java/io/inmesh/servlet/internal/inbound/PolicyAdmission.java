package io.inmesh.servlet.internal.inbound;

import io.inmesh.call.HeaderField;
import io.inmesh.call.RequestHead;
import io.inmesh.model.InboundPolicy;
import io.inmesh.servlet.internal.answer.FaultAnswers;
import io.inmesh.servlet.internal.answer.GatewayFault;
import io.inmesh.servlet.internal.arrival.Token;
import io.inmesh.servlet.internal.judge.RequestJudge;
import io.inmesh.servlet.internal.judge.Verdict;
import io.inmesh.servlet.internal.limit.RateLimits;
import io.inmesh.servlet.internal.request.BadRequest;
import io.inmesh.servlet.internal.request.InboundHead;
import io.inmesh.servlet.internal.request.InboundRequest;
import io.inmesh.servlet.internal.request.RequestReader;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets in what policies let in, in the form in which they have judged it, and no more of it than limits say. With neither it
 * lets everything in as it came. Thread-safe.
 */
public final class PolicyAdmission implements Admission {
    private static final Logger LOG = LoggerFactory.getLogger(PolicyAdmission.class);

    /** Holds the head that was judged, for the later dispatches of a request. */
    private static final String JUDGED = PolicyAdmission.class.getName();

    private final Supplier<InboundPolicy> policy;
    private final RequestReader reader;
    private final RequestJudge judge;
    private final RateLimits limits;
    private final FaultAnswers answers;
    private final BiConsumer<HttpServletRequest, Token> tokens;

    /**
     * Makes an admission.
     *
     * @param policy asked once for each request
     * @param judge ended with this
     * @param limits of which none needs routes
     * @param tokens told of the token of a request that is let in
     */
    public PolicyAdmission(
            Supplier<InboundPolicy> policy,
            RequestReader reader,
            RequestJudge judge,
            RateLimits limits,
            FaultAnswers answers,
            BiConsumer<HttpServletRequest, Token> tokens) {
        this.policy = policy;
        this.reader = reader;
        this.judge = judge;
        this.limits = limits;
        this.answers = answers;
        this.tokens = tokens;
    }

    @Override
    public @Nullable HttpServletRequest admit(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        InboundPolicy inForce = policy.get();
        if (inForce.isEmpty() && limits.isEmpty()) {
            return request;
        }
        InboundRequest inbound;
        try {
            inbound = reader.read(request);
        } catch (BadRequest e) {
            answers.write(new GatewayFault(e.status(), "DPE", e.text(), e.headers()), request, response, null);
            return null;
        }
        RequestHead head = new InboundHead(inbound, inbound.headers());
        Verdict verdict = judge.judge(inForce, head, inbound.connection());
        if (verdict instanceof Verdict.Refused refused) {
            LOG.debug("A request was refused: {}", refused.reason());
            String challenge = refused.challenge();
            GatewayFault fault = new GatewayFault(
                    refused.status(),
                    "UAEX",
                    refused.message(),
                    challenge == null ? List.of() : List.of(new HeaderField("www-authenticate", challenge)));
            answers.write(fault, request, response, null);
            return null;
        }
        Verdict.Passed passed = (Verdict.Passed) verdict;
        long seconds = limits.secondsToWait(passed.head(), "", "", "");
        if (seconds > 0) {
            answers.write(GatewayFault.limited(seconds), request, response, null);
            return null;
        }
        Token token = passed.token();
        if (token != null) {
            tokens.accept(request, token);
        }
        boolean changed = passed.head() != head || !isAsWritten(request, head.pathAndQuery());
        if (!changed) {
            return request;
        }
        request.setAttribute(JUDGED, passed.head());
        return new JudgedRequest(request, passed.head());
    }

    private static boolean isAsWritten(HttpServletRequest request, String pathAndQuery) {
        String query = request.getQueryString();
        String path = request.getRequestURI();
        return query == null ? path.equals(pathAndQuery) : pathAndQuery.equals(path + "?" + query);
    }

    /** What a container dispatches again may be its own request, with all that was taken away before. */
    @Override
    public HttpServletRequest again(HttpServletRequest request) {
        return request.getAttribute(JUDGED) instanceof RequestHead head && !JudgedRequest.isWithin(request)
                ? new JudgedRequest(request, head)
                : request;
    }

    @Override
    public void close() {
        judge.close();
    }
}
