package io.inmesh.servlet.internal.jwt;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The public keys of an issuer, a JSON Web Key Set. Immutable and thread-safe. */
final class KeySet {
    private static final Logger LOG = LoggerFactory.getLogger(KeySet.class);
    private static final int MOST_KEYS = 200;

    private final String text;
    private final List<TrustedKey> keys;

    private KeySet(String text, List<TrustedKey> keys) {
        this.text = text;
        this.keys = List.copyOf(keys);
    }

    /**
     * Reads a set. A key that is not fit for checking signatures is left out, with a warning.
     *
     * @throws ParseException when it is none, or holds no key that is fit
     */
    static KeySet parse(String text) throws ParseException {
        List<Object> all;
        try {
            Map<String, Object> json = JSONObjectUtils.parse(text);
            all = json == null ? null : JSONObjectUtils.getJSONArray(json, "keys");
        } catch (RuntimeException | StackOverflowError unreadable) {
            throw new ParseException("it is no JSON object", 0);
        }
        if (all == null || all.size() > MOST_KEYS) {
            throw new ParseException("it has no list of keys, or more than " + MOST_KEYS, 0);
        }
        List<TrustedKey> keys = new ArrayList<>();
        List<String> leftOut = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            try {
                keys.add(TrustedKey.of(key(all.get(i))));
            } catch (ParseException | IllegalArgumentException unfit) {
                leftOut.add("key " + i + ": " + unfit.getMessage());
            }
        }
        if (keys.isEmpty()) {
            throw new ParseException("it holds no key that signatures can be checked with " + leftOut, 0);
        }
        if (!leftOut.isEmpty()) {
            LOG.warn("Of a key set some keys are left out: {}", leftOut);
        }
        return new KeySet(text, keys);
    }

    @SuppressWarnings("unchecked") // The parser has texts as names.
    private static JWK key(Object json) throws ParseException {
        if (json instanceof Map<?, ?> map) {
            return JWK.parse((Map<String, Object>) map);
        }
        throw new ParseException("it is no JSON object", 0);
    }

    /** Whether it was read from the same text. */
    boolean isOf(String other) {
        return text.equals(other);
    }

    /** Whether there is a key that a token may be signed with. */
    boolean has(JWSAlgorithm algorithm, @Nullable String keyId) {
        return keys.stream().anyMatch(key -> key.fits(algorithm, keyId));
    }

    /** Whether a token is signed with one of the keys that fit. */
    boolean signed(JWSAlgorithm algorithm, @Nullable String keyId, CompactToken token) {
        for (TrustedKey key : keys) {
            if (key.fits(algorithm, keyId) && key.signed(algorithm, token)) {
                return true;
            }
        }
        return false;
    }
}
