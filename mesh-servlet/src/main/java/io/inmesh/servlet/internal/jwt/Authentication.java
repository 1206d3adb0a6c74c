package io.inmesh.servlet.internal.jwt;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.inmesh.call.RequestHead;
import io.inmesh.model.RequestAuthentication;
import io.inmesh.servlet.internal.arrival.HeaderSpelling;
import io.inmesh.servlet.internal.arrival.Token;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The RequestAuthentications of one workload, made ready to be asked (Istio:
 * security/v1beta1/request_authentication.proto). A request without a token passes; every token that it has where a rule
 * looks for one must be true, and the first of them tells whom the request is from. Thread-safe.
 */
public final class Authentication {
    /** Of verified tokens, in characters of their payloads as sent. */
    private static final int MOST_CACHED = 1 << 23;

    /** What a token takes beside its payload. */
    private static final int BESIDE = 512;

    private final Map<TokenPlace, List<TokenRule>> places = new LinkedHashMap<>();
    private final Set<String> outputs = new LinkedHashSet<>();
    private final Set<String> guarded = new LinkedHashSet<>();
    private final Set<String> tokenHeaders = new LinkedHashSet<>();
    private final LongSupplier millis;
    private final Cache<Digest, VerifiedToken> verified = Caffeine.newBuilder()
            .maximumWeight(MOST_CACHED)
            .weigher((Digest digest, VerifiedToken token) ->
                    BESIDE + token.payloadPart().length())
            .expireAfter(new UntilTokensExpire())
            .ticker(() -> TimeUnit.MILLISECONDS.toNanos(now()))
            .executor(Runnable::run)
            .build();

    /** SHA-256 of a token, so that none is kept. */
    private record Digest(long a, long b, long c, long d) {
        static Digest of(String token) {
            try {
                ByteBuffer bytes = ByteBuffer.wrap(
                        MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
                return new Digest(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-256", e);
            }
        }
    }

    private long now() {
        return millis.getAsLong();
    }

    /** A class, since Spring Boot 3.2 brings a Caffeine that makes none of a function. */
    private final class UntilTokensExpire implements Expiry<Digest, VerifiedToken> {
        @Override
        public long expireAfterCreate(Digest digest, VerifiedToken token, long currentTime) {
            // As long as can be said, for a token without an end.
            return TimeUnit.MILLISECONDS.toNanos(Math.max(0, token.lastMillis() - now()));
        }

        @Override
        public long expireAfterUpdate(Digest digest, VerifiedToken token, long currentTime, long currentDuration) {
            return currentDuration;
        }

        @Override
        public long expireAfterRead(Digest digest, VerifiedToken token, long currentTime, long currentDuration) {
            return currentDuration;
        }
    }

    /** How many tokens are remembered. */
    long remembered() {
        verified.cleanUp();
        return verified.estimatedSize();
    }

    /**
     * What came of a request's tokens.
     *
     * @param head of the request as it goes on; the same instance when nothing changes
     * @param token null without one
     */
    public record Outcome(RequestHead head, @Nullable Token token) {}

    /**
     * Makes rules ready; begins to fetch no keys yet.
     *
     * @param headers that are looked at by others: of these, as of those with tokens, other spellings are taken away
     * @param millis since 1970
     */
    public Authentication(
            List<RequestAuthentication> policies, Set<String> headers, KeySources sources, LongSupplier millis) {
        this.millis = millis;
        guarded.addAll(headers);
        for (RequestAuthentication policy : policies) {
            policy.jwtRules().forEach(written -> {
                TokenRule rule = new TokenRule(written, sources.of(written));
                rule.places()
                        .forEach(place -> places.computeIfAbsent(place, key -> new ArrayList<>())
                                .add(rule));
                outputs.addAll(rule.outputs().names());
                rule.places().forEach(place -> {
                    if (place instanceof TokenPlace.Header header) {
                        guarded.add(header.name());
                        tokenHeaders.add(header.name());
                    }
                });
            });
        }
    }

    /**
     * Looks at the tokens of a request. May wait for keys, for a bounded time.
     *
     * @throws TokenRefused when one is not believed
     */
    public Outcome judge(RequestHead head) throws TokenRefused {
        List<Found> found = find(head);
        if (found.isEmpty() && !hasForgeries(head)) {
            return new Outcome(head, null);
        }
        RequestEdit edit = new RequestEdit(head);
        outputs.forEach(edit::removeHeader);
        edit.removeHeaders(this::isAlias);
        for (Found each : found) {
            if (!each.token.rule().forwardsToken()) {
                each.place.remove(edit);
            }
        }
        if (found.isEmpty()) {
            return new Outcome(new TokenHead(edit, Map.of()), null);
        }
        VerifiedToken first = found.get(0).token;
        first.rule().outputs().set(first, edit);
        return new Outcome(new TokenHead(edit, first.token().claims()), first.token());
    }

    private record Found(TokenPlace place, VerifiedToken token) {}

    private List<Found> find(RequestHead head) throws TokenRefused {
        List<Found> found = null;
        for (Map.Entry<TokenPlace, List<TokenRule>> entry : places.entrySet()) {
            List<String> tokens = entry.getKey().find(head);
            if (tokens.isEmpty()) {
                continue;
            }
            if (tokens.size() > 1) {
                throw TokenRefused.because("there are several tokens in one place");
            }
            if (found == null) {
                found = new ArrayList<>(1);
            }
            found.add(new Found(entry.getKey(), verify(tokens.get(0), entry.getValue())));
        }
        return found == null ? List.of() : found;
    }

    private VerifiedToken verify(String token, List<TokenRule> rules) throws TokenRefused {
        Digest digest = Digest.of(token);
        VerifiedToken known = verified.getIfPresent(digest);
        long now = millis.getAsLong();
        if (known != null && rules.contains(known.rule()) && known.rule().keys() == known.keys()) {
            known.requireTime(now);
            return known;
        }
        CompactToken parsed = CompactToken.parse(token);
        VerifiedToken fresh = verify(parsed, rules, now);
        verified.put(digest, fresh);
        return fresh;
    }

    private static VerifiedToken verify(CompactToken token, List<TokenRule> rules, long now) throws TokenRefused {
        TokenRefused refused = null;
        for (TokenRule rule : rules) {
            if (!rule.isOf(token.claims().get("iss"))) {
                continue;
            }
            try {
                return rule.verify(token, now);
            } catch (TokenRefused e) {
                refused = refused == null || refused.status() < e.status() ? e : refused;
            }
        }
        throw refused == null ? TokenRefused.because("Jwt issuer is not configured") : refused;
    }

    private boolean hasForgeries(RequestHead head) {
        if (outputs.isEmpty() && guarded.isEmpty()) {
            return false;
        }
        for (int i = 0; i < head.headerCount(); i++) {
            String name = head.headerName(i);
            for (String output : outputs) {
                if (HeaderSpelling.isSame(name, output)) {
                    return true;
                }
            }
            if (isAlias(name)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether some readers take a name for that of a guarded header, which it is not: no policy or token place has it. The
     * usual spelling of a header that a policy reads by an odd one is a header of its own.
     */
    private boolean isAlias(String name) {
        boolean odd = HeaderSpelling.isOdd(name);
        boolean same = false;
        for (String header : odd ? guarded : tokenHeaders) {
            same |= HeaderSpelling.isSame(name, header);
        }
        return same && guarded.stream().noneMatch(name::equalsIgnoreCase);
    }
}
