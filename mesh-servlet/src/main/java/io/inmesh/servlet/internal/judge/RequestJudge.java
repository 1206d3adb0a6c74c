package io.inmesh.servlet.internal.judge;

import io.inmesh.call.RequestHead;
import io.inmesh.model.InboundPolicy;
import io.inmesh.servlet.internal.arrival.Arrival;
import io.inmesh.servlet.internal.arrival.Connection;
import io.inmesh.servlet.internal.arrival.Token;
import io.inmesh.servlet.internal.authorization.Authorization;
import io.inmesh.servlet.internal.authorization.PolicyListener;
import io.inmesh.servlet.internal.authorization.Ruling;
import io.inmesh.servlet.internal.jwt.Authentication;
import io.inmesh.servlet.internal.jwt.KeySources;
import io.inmesh.servlet.internal.jwt.TokenRefused;
import io.inmesh.servlet.internal.time.WallClock;
import io.inmesh.servlet.policy.PathPolicy;
import java.util.function.LongSupplier;
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
    private final KeySources keys;
    private final LongSupplier millis;
    private volatile @Nullable CompiledPolicy last;

    private record CompiledPolicy(InboundPolicy policy, Authentication authentication, Authorization authorization) {}

    /**
     * Makes a judge.
     *
     * @param paths which paths come in, and how
     * @param listener told of policies that only watch
     */
    public RequestJudge(PathPolicy paths, PolicyListener listener) {
        this(paths, listener, KeySources.withOwnThreads(), WallClock.MILLIS);
    }

    RequestJudge(PathPolicy paths, PolicyListener listener, KeySources keys, LongSupplier millis) {
        this.paths = paths;
        this.listener = listener;
        this.keys = keys;
        this.millis = millis;
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
            CompiledPolicy compiled = compiled(policy);
            Authentication.Outcome authenticated = compiled.authentication.judge(head);
            Token token = authenticated.token();
            // Not as it came: headers that only a token may set could be forged there.
            RequestHead judged = authenticated.head();
            Arrival arrival = new Arrival(judged, paths.judged(judged.pathAndQuery()), connection, token);
            Ruling ruling = compiled.authorization.judge(arrival);
            return ruling.allowed()
                    ? new Verdict.Passed(judged, token)
                    : new Verdict.Refused(403, DENIED, null, ruling.reason());
        } catch (TokenRefused refused) {
            return new Verdict.Refused(refused.status(), refused.text(), challenge(head), "its token was refused");
        } catch (RuntimeException broken) {
            LOG.warn("A request was refused because its policies could not be asked", broken);
            return new Verdict.Refused(403, DENIED, null, "its policies could not be asked");
        }
    }

    /** As Envoy's: the realm is the address that was called. */
    private static String challenge(RequestHead head) {
        String called = head.scheme() + "://" + head.authority() + head.pathAndQuery();
        StringBuilder realm = new StringBuilder(called.length());
        for (int i = 0; i < called.length(); i++) {
            char c = called.charAt(i);
            if (c == '"' || c == '\\') {
                realm.append('\\');
            }
            realm.append(c < ' ' || c >= 0x7f ? '?' : c);
        }
        return "Bearer realm=\"" + realm + "\", error=\"invalid_token\"";
    }

    private CompiledPolicy compiled(InboundPolicy policy) {
        CompiledPolicy known = last;
        if (known == null || known.policy != policy) {
            known = new CompiledPolicy(
                    policy,
                    new Authentication(policy.authentications(), keys, millis),
                    new Authorization(policy.authorizations(), paths.strict(), listener));
            last = known;
        }
        return known;
    }

    /** Ends what runs in the background. */
    @Override
    public void close() {
        keys.close();
    }
}
