package io.inmesh.servlet.internal.authorization;

import io.inmesh.call.RequestHead;
import io.inmesh.model.AddressBlock;
import io.inmesh.model.IpAddress;
import io.inmesh.servlet.internal.arrival.Arrival;
import io.inmesh.servlet.internal.arrival.PeerIdentity;
import io.inmesh.servlet.internal.arrival.Token;
import io.inmesh.servlet.internal.path.PercentEncoding;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What policies ask of a request: whether an attribute has one of some values. Where that cannot be said for certain, the
 * answer is the one that is asked for by {@code inDoubt}: a policy that refuses is to match what it may concern, one that
 * lets in only what it surely concerns.
 */
final class Attributes {
    private Attributes() {}

    /** Whether an attribute has one of the values. */
    @FunctionalInterface
    interface Attribute {
        /** The condition for values of a policy. */
        Condition oneOf(List<String> values, boolean inDoubt);
    }

    /** Paths; the escapes of what they are matched with may have been decoded. */
    static Attribute path(boolean decoded) {
        return (values, inDoubt) -> {
            List<Condition> any = new ArrayList<>();
            for (String value : values) {
                if (PathTemplate.isTemplate(value)) {
                    PathTemplate template = PathTemplate.of(value, decoded);
                    any.add(template == null ? Condition.always(inDoubt) : arrival -> template.matches(arrival.path()));
                } else {
                    TextPattern pattern = TextPattern.of(value);
                    TextPattern ready = decoded ? pattern.map(PercentEncoding::decoded) : pattern;
                    any.add(arrival -> ready.matches(arrival.path()));
                }
            }
            return Condition.any(any);
        };
    }

    static Condition method(List<String> values) {
        return text(TextPattern.of(values), arrival -> arrival.head().method());
    }

    /** A part of the request line. */
    static Attribute line(Function<RequestHead, String> of) {
        return (values, inDoubt) -> text(TextPattern.of(values), arrival -> of.apply(arrival.head()));
    }

    /** Istio's compares with the port. In doubt the host alone is meant too: {@code http://host:80} is {@code http://host}. */
    static Condition host(List<String> values, boolean inDoubt) {
        TextPattern[] patterns = array(TextPattern.inLowerCase(values));
        return arrival -> TextPattern.anyMatches(patterns, arrival.host())
                || (inDoubt && TextPattern.anyMatches(patterns, arrival.hostWithoutUsualPort()));
    }

    static Condition port(List<String> values, boolean inDoubt) {
        List<Condition> any = new ArrayList<>();
        for (String value : values) {
            int port = number(value);
            any.add(
                    port < 0
                            ? Condition.always(inDoubt)
                            : arrival -> arrival.connection().localPort() == port);
        }
        return Condition.any(any);
    }

    /** Blocks or addresses. */
    static Attribute address(Function<Arrival, @Nullable IpAddress> of) {
        return (values, inDoubt) -> {
            List<AddressBlock> blocks = new ArrayList<>();
            boolean unreadable = false;
            for (String value : values) {
                AddressBlock block = block(value);
                if (block == null) {
                    unreadable = true;
                } else {
                    blocks.add(block);
                }
            }
            boolean otherwise = unreadable && inDoubt;
            return arrival -> {
                IpAddress address = of.apply(arrival);
                if (address == null) {
                    return inDoubt;
                }
                for (AddressBlock block : blocks) {
                    if (block.contains(address)) {
                        return true;
                    }
                }
                return otherwise;
            };
        };
    }

    static Attribute principal() {
        return peer((values, identity) -> TextPattern.anyMatches(values, identity.principal()));
    }

    static Attribute namespace() {
        return peer((values, identity) ->
                identity.namespace() != null && TextPattern.anyMatches(values, identity.namespace()));
    }

    /**
     * Service accounts, exact.
     *
     * @param ownNamespace of those that are written without one
     */
    static Attribute serviceAccount(String ownNamespace) {
        return (values, inDoubt) -> {
            List<String> full = values.stream()
                    .map(value -> value.indexOf('/') < 0 ? ownNamespace + "/" + value : value)
                    .toList();
            return peer(identity -> full.contains(identity.namespace() + "/" + identity.serviceAccount()), inDoubt);
        };
    }

    private static Attribute peer(BiPredicate<TextPattern[], PeerIdentity> matches) {
        return (values, inDoubt) -> {
            TextPattern[] patterns = array(TextPattern.of(values));
            return peer(identity -> matches.test(patterns, identity), inDoubt);
        };
    }

    /** A certificate with several names is one for none of them for certain. */
    private static Condition peer(java.util.function.Predicate<PeerIdentity> matches, boolean inDoubt) {
        return arrival -> {
            List<PeerIdentity> identities = arrival.identities();
            return (inDoubt || arrival.hasOneName()) && identities.stream().anyMatch(matches);
        };
    }

    /** {@code issuer/subject}. In doubt a token without a subject may be for anybody that its issuer knows. */
    static Attribute requestPrincipal() {
        return (values, inDoubt) -> {
            TextPattern[] patterns = array(TextPattern.of(values));
            return arrival -> {
                Token token = arrival.token();
                if (token == null) {
                    return false;
                }
                String principal = token.principal();
                if (principal == null) {
                    return inDoubt && TextPattern.anyMatches(patterns, token.issuer() + "/");
                }
                return TextPattern.anyMatches(patterns, principal);
            };
        };
    }

    /** The name that was asked for with TLS, which no container tells for certain. */
    static Attribute serverName() {
        return (values, inDoubt) -> {
            TextPattern[] patterns = array(TextPattern.inLowerCase(values));
            return arrival -> {
                String name = arrival.connection().serverName();
                if (name == null) {
                    return arrival.connection().isSecure() && inDoubt;
                }
                return TextPattern.anyMatches(patterns, name.toLowerCase(java.util.Locale.ROOT));
            };
        };
    }

    /**
     * A header. Whoever reads one that stands on several lines may take any of them, or all in one text: for certain is
     * what holds of all of these, possible what holds of one.
     */
    static Attribute header(String name) {
        return (values, inDoubt) -> {
            TextPattern[] patterns = array(TextPattern.ofWire(values));
            boolean present = values.contains("*");
            return arrival -> {
                List<String> lines = Texts.header(arrival.head(), name);
                if (lines.isEmpty()) {
                    return false;
                }
                if (present) {
                    return true;
                }
                if (lines.size() == 1) {
                    return TextPattern.anyMatches(patterns, lines.get(0));
                }
                boolean joined = TextPattern.anyMatches(patterns, String.join(",", lines));
                return inDoubt
                        ? joined || lines.stream().anyMatch(line -> TextPattern.anyMatches(patterns, line))
                        : joined && lines.stream().allMatch(line -> TextPattern.anyMatches(patterns, line));
            };
        };
    }

    /** A claim of the token, texts and lists of them. In doubt numbers and booleans count as the texts that they look like. */
    static Attribute claim(List<String> names) {
        return (values, inDoubt) -> {
            TextPattern[] patterns = array(TextPattern.of(values));
            return arrival -> {
                Token token = arrival.token();
                Object claim = token == null ? null : token.claims();
                for (String name : names) {
                    claim = claim instanceof Map<?, ?> map ? map.get(name) : null;
                }
                if (claim instanceof Collection<?> list) {
                    for (Object element : list) {
                        if (claimMatches(element, patterns, inDoubt)) {
                            return true;
                        }
                    }
                    return false;
                }
                return claimMatches(claim, patterns, inDoubt);
            };
        };
    }

    private static boolean claimMatches(@Nullable Object claim, TextPattern[] patterns, boolean inDoubt) {
        if (claim instanceof String text) {
            return TextPattern.anyMatches(patterns, text);
        }
        return inDoubt
                && (claim instanceof Number || claim instanceof Boolean)
                && TextPattern.anyMatches(patterns, claim.toString());
    }

    private static Condition text(List<TextPattern> patterns, Function<Arrival, String> of) {
        TextPattern[] all = array(patterns);
        return arrival -> TextPattern.anyMatches(all, of.apply(arrival));
    }

    private static TextPattern[] array(List<TextPattern> patterns) {
        return patterns.toArray(new TextPattern[0]);
    }

    private static @Nullable AddressBlock block(String text) {
        IpAddress address = text.indexOf('/') < 0 ? IpAddress.parse(text) : null;
        AddressBlock block = address == null ? AddressBlock.parse(text) : AddressBlock.of(address);
        return block == null ? null : block.unmapped();
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException notANumber) {
            return -1;
        }
    }
}
