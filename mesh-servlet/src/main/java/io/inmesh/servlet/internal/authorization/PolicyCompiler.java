package io.inmesh.servlet.internal.authorization;

import io.inmesh.call.RequestHead;
import io.inmesh.model.AuthorizationPolicy;
import io.inmesh.model.AuthorizationRule;
import io.inmesh.model.JudgedHeader;
import io.inmesh.model.RequestCondition;
import io.inmesh.model.RequestOperation;
import io.inmesh.model.RequestSource;
import io.inmesh.servlet.internal.arrival.Arrival;
import io.inmesh.servlet.internal.authorization.Attributes.Attribute;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes conditions of the rules of one policy. */
final class PolicyCompiler {
    private static final String HEADERS = "request.headers[";
    private static final String CLAIMS = "request.auth.claims[";

    private final String namespace;
    private final boolean refuses;
    private final boolean decodedPaths;
    private final Set<String> headers = new HashSet<>();

    /**
     * Makes a compiler.
     *
     * @param decodedPaths whether paths of requests have their escapes decoded
     */
    PolicyCompiler(AuthorizationPolicy policy, boolean decodedPaths) {
        namespace = policy.meta().namespace();
        refuses = policy.action() == AuthorizationPolicy.Action.DENY
                || policy.action() == AuthorizationPolicy.Action.CUSTOM;
        this.decodedPaths = decodedPaths;
    }

    /** Names of the headers that the rules compiled so far look at, in lower case. */
    Set<String> headers() {
        return headers;
    }

    Condition compile(AuthorizationRule rule) {
        List<Condition> all = new ArrayList<>();
        if (!rule.from().isEmpty()) {
            all.add(Condition.any(rule.from().stream().map(this::source).toList()));
        }
        if (!rule.to().isEmpty()) {
            all.add(Condition.any(rule.to().stream().map(this::operation).toList()));
        }
        for (RequestCondition condition : rule.when()) {
            all.add(condition(condition));
        }
        return Condition.all(all);
    }

    private Condition source(RequestSource source) {
        Clauses clauses = new Clauses();
        clauses.add(source.principals(), source.notPrincipals(), Attributes.principal());
        clauses.add(source.requestPrincipals(), source.notRequestPrincipals(), Attributes.requestPrincipal());
        clauses.add(source.namespaces(), source.notNamespaces(), Attributes.namespace());
        clauses.add(source.serviceAccounts(), source.notServiceAccounts(), Attributes.serviceAccount(namespace));
        clauses.add(source.ipBlocks(), source.notIpBlocks(), Attributes.address(Arrival::peerAddress));
        clauses.add(source.remoteIpBlocks(), source.notRemoteIpBlocks(), Attributes.address(Arrival::clientAddress));
        return clauses.condition();
    }

    private Condition operation(RequestOperation operation) {
        Clauses clauses = new Clauses();
        clauses.add(operation.hosts(), operation.notHosts(), Attributes::host);
        clauses.add(operation.ports(), operation.notPorts(), Attributes::port);
        clauses.add(operation.methods(), operation.notMethods(), (values, inDoubt) -> Attributes.method(values));
        clauses.add(operation.paths(), operation.notPaths(), Attributes.path(decodedPaths));
        return clauses.condition();
    }

    private Condition condition(RequestCondition condition) {
        Attribute attribute = attribute(condition.key());
        if (attribute == null) {
            return Condition.always(refuses);
        }
        Clauses clauses = new Clauses();
        clauses.add(condition.values(), condition.notValues(), attribute);
        return clauses.condition();
    }

    /** Null for a key that is not known. */
    private @Nullable Attribute attribute(String key) {
        if (key.startsWith(HEADERS)) {
            List<String> names = names(key, HEADERS);
            return names.size() == 1 ? header(names.get(0).toLowerCase(Locale.ROOT)) : null;
        }
        if (key.startsWith(CLAIMS)) {
            List<String> names = names(key, CLAIMS);
            return names.isEmpty() ? null : Attributes.claim(names);
        }
        return switch (key) {
            case "source.ip" -> Attributes.address(Arrival::peerAddress);
            case "remote.ip" -> Attributes.address(Arrival::clientAddress);
            case "source.namespace" -> Attributes.namespace();
            case "source.principal" -> Attributes.principal();
            case "source.serviceAccount" -> Attributes.serviceAccount(namespace);
            case "request.auth.principal" -> Attributes.requestPrincipal();
            case "request.auth.audiences" -> Attributes.claim(List.of("aud"));
            case "request.auth.presenter" -> Attributes.claim(List.of("azp"));
            case "destination.ip" -> Attributes.address(Arrival::localAddress);
            case "destination.port" -> Attributes::port;
            case "connection.sni" -> Attributes.serverName();
            default -> null;
        };
    }

    /** Null for a header that is for the connection or from a proxy: it is not among those that are judged and sent on. */
    private @Nullable Attribute header(String name) {
        return switch (name) {
            case "host", ":authority" -> Attributes::host;
            case ":path" -> Attributes.line(RequestHead::pathAndQuery);
            case ":method" -> Attributes.line(RequestHead::method);
            case ":scheme" -> Attributes.line(RequestHead::scheme);
            default -> {
                if (!JudgedHeader.isJudged(name)) {
                    yield null;
                }
                headers.add(name);
                yield Attributes.header(name);
            }
        };
    }

    /** What stands in the brackets of {@code prefix[a][b]}; empty where they are not closed or something is outside. */
    private static List<String> names(String key, String prefix) {
        if (!key.endsWith("]")) {
            return List.of();
        }
        String inner = key.substring(prefix.length(), key.length() - 1);
        List<String> names = List.of(inner.split("]\\[", -1));
        boolean proper = names.stream().noneMatch(name -> name.isEmpty() || name.contains("[") || name.contains("]"));
        return proper ? names : List.of();
    }

    /** Conditions that must all hold. */
    private final class Clauses {
        private final List<Condition> all = new ArrayList<>();

        void add(List<String> values, List<String> notValues, Attribute attribute) {
            if (!values.isEmpty()) {
                all.add(attribute.oneOf(values, refuses));
            }
            if (!notValues.isEmpty()) {
                Condition none = attribute.oneOf(notValues, !refuses);
                all.add(arrival -> !none.holds(arrival));
            }
        }

        /** Istio lets nobody write an empty one: what it is meant to say is not known. */
        Condition condition() {
            return all.isEmpty() ? Condition.always(refuses) : Condition.all(all);
        }
    }
}
