package io.inmesh.servlet.internal.judge;

import io.inmesh.call.RequestHead;
import io.inmesh.model.InboundPolicy;
import io.inmesh.model.PathNormalization;
import io.inmesh.servlet.internal.arrival.Arrival;
import io.inmesh.servlet.internal.arrival.Connection;
import io.inmesh.servlet.internal.arrival.Token;
import io.inmesh.servlet.internal.authorization.Authorization;
import io.inmesh.servlet.internal.authorization.PolicyListener;
import io.inmesh.servlet.internal.authorization.Ruling;
import io.inmesh.servlet.internal.jwt.Authentication;
import io.inmesh.servlet.internal.jwt.KeySources;
import io.inmesh.servlet.internal.jwt.TokenRefused;
import io.inmesh.servlet.internal.time.LogInterval;
import io.inmesh.servlet.internal.time.Ticker;
import io.inmesh.servlet.internal.time.WallClock;
import io.inmesh.servlet.policy.PathPolicy;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Judges requests that come in, by tokens first and then by policies. What is made of an {@link InboundPolicy} is kept
 * until another one comes. Thread-safe.
 */
public final class RequestJudge implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RequestJudge.class);
    /** In characters; a WWW-Authenticate is no place for more. */
    private static final int LONGEST_REALM = 256;

    private static final String DENIED = "RBAC: access denied";

    private final PathPolicy paths;
    private final PolicyListener listener;
    private final KeySources keys;
    private final LongSupplier millis;
    private final LogInterval warnings = new LogInterval(Duration.ofMinutes(1), Ticker.SYSTEM);
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
            LOG.atLevel(warnings.isTime() ? Level.WARN : Level.DEBUG)
                    .setCause(broken)
                    .log("A request was refused because its policies could not be asked. This is told once a minute");
            return new Verdict.Refused(403, DENIED, null, "its policies could not be asked");
        }
    }

    /** As Envoy's: the realm is the address that was called, but without its query, which may hold secrets. */
    private static String challenge(RequestHead head) {
        String target = head.pathAndQuery();
        String called =
                head.scheme() + "://" + head.authority() + target.substring(0, PathNormalization.pathEnd(target));
        StringBuilder realm = new StringBuilder(Math.min(called.length(), LONGEST_REALM));
        for (int i = 0; i < called.length() && realm.length() < LONGEST_REALM - 1; i++) {
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
            Authorization authorization = new Authorization(policy.authorizations(), paths.strict(), listener);
            known = new CompiledPolicy(policy, authentication(policy, authorization, known), authorization);
            last = known;
        }
        return known;
    }

    /** The one before where it is the same, for the tokens that it knows. */
    private Authentication authentication(
            InboundPolicy policy, Authorization authorization, @Nullable CompiledPolicy before) {
        return before != null
                        && before.policy.authentications().equals(policy.authentications())
                        && before.authorization.headers().equals(authorization.headers())
                ? before.authentication
                : new Authentication(policy.authentications(), authorization.headers(), keys, millis);
    }

    /** What the last request was asked by; null before the first. */
    @Nullable
    Authentication authentication() {
        CompiledPolicy known = last;
        return known == null ? null : known.authentication;
    }

    /** Ends what runs in the background. */
    @Override
    public void close() {
        keys.close();
    }
}
