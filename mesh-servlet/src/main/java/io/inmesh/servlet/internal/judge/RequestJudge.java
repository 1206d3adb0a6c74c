package io.inmesh.servlet.internal.judge;

import io.inmesh.call.RequestHead;
import io.inmesh.model.InboundPolicy;
import io.inmesh.servlet.internal.arrival.Arrival;
import io.inmesh.servlet.internal.arrival.Connection;
import io.inmesh.servlet.internal.authorization.Authorization;
import io.inmesh.servlet.internal.authorization.PolicyListener;
import io.inmesh.servlet.internal.authorization.Ruling;
import io.inmesh.servlet.policy.PathPolicy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges requests that come in, by tokens first and then by policies. What is made of an {@link InboundPolicy} is kept
 * until another one comes. Thread-safe.
 */
public final class RequestJudge implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RequestJudge.class);
    private static final String DENIED = "RBAC: access denied";

    private final PathPolicy paths;
    private final PolicyListener listener;
    private volatile @Nullable CompiledPolicy last;

    private record CompiledPolicy(InboundPolicy policy, Authorization authorization) {}

    /**
     * Makes a judge.
     *
     * @param paths which paths come in, and how
     * @param listener told of policies that only watch
     */
    public RequestJudge(PathPolicy paths, PolicyListener listener) {
        this.paths = paths;
        this.listener = listener;
    }

    /**
     * Judges a request. A policy that cannot be asked refuses.
     *
     * @param policy in force
     * @param head with its canonical path
     */
    public Verdict judge(InboundPolicy policy, RequestHead head, Connection connection) {
        if (policy.isEmpty()) {
            return new Verdict.Passed(head, null);
        }
        try {
            Arrival arrival = new Arrival(head, paths.judged(head.pathAndQuery()), connection, null);
            Ruling ruling = compiled(policy).authorization.judge(arrival);
            return ruling.allowed()
                    ? new Verdict.Passed(head, null)
                    : new Verdict.Refused(403, DENIED, null, ruling.reason());
        } catch (RuntimeException broken) {
            LOG.warn("A request was refused because its policies could not be asked", broken);
            return new Verdict.Refused(403, DENIED, null, "its policies could not be asked");
        }
    }

    private CompiledPolicy compiled(InboundPolicy policy) {
        CompiledPolicy known = last;
        if (known == null || known.policy != policy) {
            known = new CompiledPolicy(policy, new Authorization(policy.authorizations(), paths.strict(), listener));
            last = known;
        }
        return known;
    }

    /** Ends what runs in the background. */
    @Override
    public void close() {}
}
