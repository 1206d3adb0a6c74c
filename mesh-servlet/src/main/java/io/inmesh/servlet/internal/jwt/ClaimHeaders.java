package io.inmesh.servlet.internal.jwt;

import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONArrayUtils;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.inmesh.model.JwtRule;
import io.inmesh.model.JwtRule.ClaimHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Headers that only a token may set, by one rule. Immutable. */
final class ClaimHeaders {
    private final List<ClaimHeader> claims;
    private final @Nullable String payload;
    private final List<String> names;

    ClaimHeaders(JwtRule rule) {
        claims = rule.outputClaimToHeaders();
        String header = rule.outputPayloadToHeader();
        payload = header == null || header.isEmpty() ? null : header;
        names = new ArrayList<>();
        claims.forEach(claim -> names.add(claim.header()));
        if (payload != null) {
            names.add(payload);
        }
    }

    /** All of them. */
    List<String> names() {
        return names;
    }

    /** Sets those that a token has claims for. */
    void set(VerifiedToken token, RequestEdit edit) {
        String header = payload;
        if (header != null) {
            edit.addHeader(header, token.payloadPart());
        }
        for (ClaimHeader claim : claims) {
            String value = text(claim(token.payload(), claim.claim()));
            if (value != null && isSendable(value)) {
                edit.addHeader(claim.header(), value);
            }
        }
    }

    private static @Nullable Object claim(Map<String, Object> payload, String path) {
        Object value = payload.get(path);
        if (value != null) {
            return value;
        }
        value = payload;
        for (String name : path.split("\\.", -1)) {
            value = value instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return value;
    }

    /** Lists and objects as JSON in base64url, as Envoy sends them. */
    @SuppressWarnings("unchecked") // The parser has texts as names.
    private static @Nullable String text(@Nullable Object claim) {
        if (claim instanceof String || claim instanceof Boolean || claim instanceof Long) {
            return claim.toString();
        }
        if (claim instanceof Number number) {
            return number.doubleValue() == Math.rint(number.doubleValue()) && Math.abs(number.doubleValue()) < 1e15
                    ? Long.toString(number.longValue())
                    : number.toString();
        }
        if (claim instanceof List<?> list) {
            return Base64URL.encode(JSONArrayUtils.toJSONString((List<Object>) list))
                    .toString();
        }
        return claim instanceof Map<?, ?> map
                ? Base64URL.encode(JSONObjectUtils.toJSONString((Map<String, Object>) map))
                        .toString()
                : null;
    }

    /** Who chose a name for himself must not write headers with it. */
    private static boolean isSendable(String value) {
        return value.chars().noneMatch(c -> c < ' ' || c == 0x7f);
    }
}
