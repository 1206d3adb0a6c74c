package io.inmesh.servlet.internal.authorization;

import static io.inmesh.model.AuthorizationPolicy.Action.ALLOW;
import static io.inmesh.model.AuthorizationPolicy.Action.DENY;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.model.AuthorizationPolicy;
import io.inmesh.model.AuthorizationPolicy.Action;
import io.inmesh.model.AuthorizationRule;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.Origin;
import io.inmesh.model.RequestCondition;
import io.inmesh.model.RequestOperation;
import io.inmesh.model.RequestSource;
import io.inmesh.model.WorkloadMatch;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What one field of a rule matches: surely (an ALLOW policy lets it in), possibly (a DENY policy refuses it), or not at all. */
class AttributeMatchTest {
    @ParameterizedTest(name = "{0} [{1}] of {2}: {3}")
    @CsvSource({
        // Texts
        "methods, GET, '', surely",
        "methods, get, '', no",
        "methods, P*, method=PUT, surely",
        "methods, *T, method=PUT, surely",
        "methods, *, method=ANY, surely",
        "methods, *E*, method=DELETE, no",
        "notMethods, GET, '', no",
        "notMethods, GET, method=PUT, surely",
        // Hosts
        "hosts, shop.example.com, '', surely",
        "hosts, SHOP.example.COM, '', surely",
        "hosts, shop.example.com, host=Shop.Example.com, surely",
        "hosts, shop.example.com, host=shop.example.com., surely",
        "hosts, shop.example.com:*, host=SHOP.Example.com.:8080, surely",
        "hosts, *.example.com, host=a.example.com, surely",
        "hosts, *.example.com, host=example.com, no",
        "hosts, shop.*, '', surely",
        "notHosts, shop.example.com, host=SHOP.example.com, no",
        "hosts, shop.example.com, host=shop.example.com:80, possibly",
        "hosts, shop.example.com, host=shop.example.com:, surely",
        "hosts, shop.example.com, host=shop.example.com.:, surely",
        "hosts, *.example.com, host=shop.example.com:80, possibly",
        "hosts, *.example.com, host=shop.example.com:8080, no",
        "hosts, '[::1]', host=[::1]:80, possibly",
        "hosts, shop.example.com:80, host=shop.example.com:80, surely",
        "hosts, shop.example.com:80, host=shop.example.com, no",
        "notHosts, shop.example.com, host=shop.example.com:80, possibly",
        "notHosts, shop.example.com, host=shop.example.com:, no",
        "notHosts, other.example.com, host=shop.example.com:80, surely",
        // Ports
        "ports, 8080, '', surely",
        "ports, 80, '', no",
        "ports, http, '', possibly",
        "notPorts, 8080, '', no",
        "notPorts, http, '', possibly",
        // Paths
        "paths, /admin, path=/admin, surely",
        "paths, /admin, path=/admin?x=1, surely",
        "paths, /admin, path=/Admin, no",
        "paths, /admin, path=/admin/, no",
        "paths, /admin/*, path=/admin/, surely",
        "paths, /admin/*, path=/admin, no",
        "paths, */secret, path=/a/secret?q, surely",
        "paths, *, path=/, surely",
        "paths, /a@b, path=/a%40b, surely",
        "paths, /a%40b, path=/a@b, surely",
        "paths, /caf\u00e9, path=/caf%c3%a9, surely",
        "paths, /caf%C3%A9, path=/caf%c3%a9, surely",
        "paths, /caf%C3%A9*, path=/caf%c3%a9/x, surely",
        "paths, /100%, path=/100%25, surely",
        "notPaths, /admin, path=/admin?x, no",
        "notPaths, /a@b, path=/a%40b, no",
        // Templates
        "paths, /foo/{*}, path=/foo/bar, surely",
        "paths, /foo/{*}, path=/foo/bar/baz, no",
        "paths, /foo/{*}, path=/foo/, no",
        "paths, /foo/{*}, path=/foo, no",
        "paths, /foo/{**}/, path=/foo/bar/, surely",
        "paths, /foo/{**}/, path=/foo/bar/baz.txt/, surely",
        "paths, /foo/{**}/, path=/foo//, surely",
        "paths, /foo/{**}/, path=/foo/bar, no",
        "paths, /foo/{**}/, path=/foo/, no",
        "paths, /foo/{*}/bar/{**}, path=/foo/buzz/bar/, surely",
        "paths, /foo/{*}/bar/{**}, path=/foo/buzz/bar/baz, surely",
        "paths, /foo/{*}/bar/{**}, path=/foo/buzz/bar, no",
        "paths, /foo/{*}/bar/{**}, path=/foo//bar/x, no",
        "paths, /{**}/b/c, path=/a/x/b/c, surely",
        "paths, /{**}/b/c, path=/b/c, no",
        "paths, /a%40/{*}, path=/a@/x, surely",
        "paths, /foo{*}, path=/foobar, possibly",
        "paths, /{**}/{**}, path=/a/b, possibly",
        "paths, '{*}', path=/a, possibly",
        // Addresses
        "ipBlocks, 10.0.0.0/8, '', surely",
        "ipBlocks, 10.1.2.3, '', surely",
        "ipBlocks, 10.0.0.0/8, peer=192.0.2.1, no",
        "ipBlocks, 10.0.0.0/8, peer=::ffff:10.1.1.1, surely",
        "ipBlocks, ::ffff:10.0.0.0/104, '', surely",
        "ipBlocks, fe80::/10, peer=fe80::1%eth0, surely",
        "ipBlocks, 2001:db8::/32, peer=[2001:db8::5], surely",
        "ipBlocks, nonsense, '', possibly",
        "ipBlocks, 10.0.0.0/8, peer=unknown, possibly",
        "notIpBlocks, 10.0.0.0/8, '', no",
        "notIpBlocks, 10.0.0.0/8, peer=unknown, possibly",
        "ipBlocks, 10.0.0.0/8, client=192.0.2.1, surely",
        "remoteIpBlocks, 10.0.0.0/8, client=192.0.2.1, no",
        "remoteIpBlocks, 192.0.2.0/24, client=192.0.2.1, surely",
        "notRemoteIpBlocks, 192.0.2.0/24, client=192.0.2.1, no",
        // Identities
        "principals, cluster.local/ns/a/sa/b, id=spiffe://cluster.local/ns/a/sa/b, surely",
        "principals, *, id=spiffe://cluster.local/ns/a/sa/b, surely",
        "principals, cluster.local/*, id=spiffe://cluster.local/ns/a/sa/b, surely",
        "principals, */sa/b, id=spiffe://cluster.local/ns/a/sa/b, surely",
        "principals, *, '', no",
        "principals, *, id=https://cluster.local/ns/a/sa/b, no",
        "principals, cluster.local/ns/a/sa/b, id=spiffe://cluster.local/ns/a/sa/b id=spiffe://other/ns/x/sa/y, possibly",
        "principals, cluster.local/ns/a/sa/b, id=spiffe://cluster.local/ns/a/sa/b id=https://other/x, possibly",
        "principals, cluster.local/ns/a/sa/b, id=https://other/x id=spiffe://cluster.local/ns/a/sa/b, possibly",
        "notPrincipals, cluster.local/ns/a/sa/b, id=https://other/x id=spiffe://cluster.local/ns/a/sa/b, possibly",
        "notPrincipals, *, '', surely",
        "notPrincipals, cluster.local/ns/a/sa/b, id=spiffe://cluster.local/ns/a/sa/b, no",
        "namespaces, a, id=spiffe://cluster.local/ns/a/sa/b, surely",
        "namespaces, a*, id=spiffe://cluster.local/ns/abc/sa/b, surely",
        "namespaces, a, id=spiffe://cluster.local/ns/b/sa/a, no",
        "namespaces, a, id=spiffe://cluster.local/x/ns/a/sa/b, no",
        "namespaces, a, '', no",
        "notNamespaces, a, '', surely",
        "serviceAccounts, b, id=spiffe://cluster.local/ns/own/sa/b, surely",
        "serviceAccounts, b, id=spiffe://cluster.local/ns/a/sa/b, no",
        "serviceAccounts, a/b, id=spiffe://cluster.local/ns/a/sa/b, surely",
        "serviceAccounts, own/cert-manager.io, id=spiffe://cluster.local/ns/own/sa/cert-managerXio, no",
        "notServiceAccounts, a/b, '', surely",
        // Tokens
        "requestPrincipals, issuer/alice, iss=issuer sub=alice, surely",
        "requestPrincipals, *, iss=issuer sub=alice, surely",
        "requestPrincipals, issuer/*, iss=issuer sub=alice, surely",
        "requestPrincipals, */alice, iss=issuer sub=alice, surely",
        "requestPrincipals, *, '', no",
        "requestPrincipals, issuer/*, iss=issuer, possibly",
        "requestPrincipals, issuer/alice, iss=issuer, no",
        "notRequestPrincipals, *, '', surely",
        "notRequestPrincipals, *, iss=issuer sub=alice, no",
        "notRequestPrincipals, *, iss=issuer, possibly",
    })
    void matches(String field, String value, String request, String expected) {
        AuthorizationRule rule = switch (field) {
            case "methods", "notMethods", "hosts", "notHosts", "ports", "notPorts", "paths", "notPaths" ->
                rule(List.of(), List.of(operation(field, List.of(value))), List.of());
            default -> rule(List.of(source(field, List.of(value))), List.of(), List.of());
        };
        assertMatch(rule, request, expected);
    }

    @ParameterizedTest(name = "{0} [{1}] of {2}: {3}")
    @CsvSource({
        "request.headers[X-Token], abc, h:x-token=abc, surely",
        "request.headers[x-token], abc, h:x-token=abcd, no",
        "request.headers[x-token], ab*, h:x-token=abc, surely",
        "request.headers[x-token], *, h:x-token=, surely",
        "request.headers[x-token], *, '', no",
        "request.headers[x-token], !abc, '', surely",
        "request.headers[x-token], !abc, h:x-token=abc, no",
        "request.headers[x-v], 1, h:x-v=1 h:x-v=2, possibly",
        "request.headers[x-v], !1, h:x-v=1 h:x-v=2, possibly",
        "request.headers[x-v], '1,2', h:x-v=1 h:x-v=2, possibly",
        "request.headers[x-v], 3, h:x-v=1 h:x-v=2, no",
        "request.headers[x-v], caf\u00e9, h:x-v=caf\u00e9, surely",
        "request.headers[x-v], caf\u00e9, h:x-v=caf\u00c3\u00a9, surely",
        "request.headers[x-v], !caf\u00e9, h:x-v=caf\u00c3\u00a9, no",
        "request.headers[Host], shop.example.com, host=Shop.example.com, surely",
        "request.headers[:authority], shop.example.com, host=shop.example.com:80, possibly",
        "request.headers[:path], /a?b, path=/a?b, surely",
        "request.headers[:path], !/a?b, path=/a?b, no",
        "request.headers[:method], PUT, method=PUT, surely",
        "request.headers[:scheme], http, '', surely",
        "request.headers[:protocol], x, '', possibly",
        "request.headers[:protocol], !x, '', possibly",
        "request.headers[Content-Length], 0, '', possibly",
        "request.headers[x-forwarded-client-cert], !x, '', possibly",
        "request.headers[x-envoy-internal], true, '', possibly",
        "request.headers[], x, '', possibly",
        "request.headers[a][b], x, '', possibly",
        "source.ip, 10.0.0.0/8, '', surely",
        "source.ip, !10.0.0.0/8, '', no",
        "remote.ip, 192.0.2.1, client=192.0.2.1, surely",
        "source.namespace, a, id=spiffe://c/ns/a/sa/b, surely",
        "source.principal, c/ns/a/sa/b, id=spiffe://c/ns/a/sa/b, surely",
        "source.serviceAccount, a/b, id=spiffe://c/ns/a/sa/b, surely",
        "destination.ip, 10.9.9.9, '', surely",
        "destination.port, 8080, '', surely",
        "destination.port, !8080, '', no",
        "connection.sni, shop.example.com, '', no",
        "connection.sni, !shop.example.com, '', surely",
        "connection.sni, shop.example.com, tls=true, possibly",
        "connection.sni, !shop.example.com, tls=true, possibly",
        "connection.sni, *.example.com, tls=true sni=Shop.example.com, surely",
        "request.auth.principal, issuer/alice, sub=alice, surely",
        "request.auth.audiences, svc, 'claim:aud=[x,svc]', surely",
        "request.auth.audiences, svc, claim:aud=svc, surely",
        "request.auth.audiences, svc, '', no",
        "request.auth.presenter, app, claim:azp=app, surely",
        "request.auth.claims[groups], admin, 'claim:groups=[dev,admin]', surely",
        "request.auth.claims[groups], !admin, 'claim:groups=[dev,admin]', no",
        "request.auth.claims[groups], !admin, '', surely",
        "request.auth.claims[role], adm*, claim:role=admin, surely",
        "request.auth.claims[role], *, claim:role=admin, surely",
        "request.auth.claims[a][b], c, claim:a={b:c}, surely",
        "request.auth.claims[a][b][c], d, claim:a={b:{c:d}}, surely",
        "request.auth.claims[a][x], c, claim:a={b:c}, no",
        "request.auth.claims[a], c, claim:a={b:c}, no",
        "request.auth.claims[num], 7, claim:num=7, possibly",
        "request.auth.claims[num], !7, claim:num=7, possibly",
        "request.auth.claims[num], 8, claim:num=7, no",
        "request.auth.claims, x, '', possibly",
        "request.auth.claims[a, x, '', possibly",
        "request.auth.claims[a][], x, '', possibly",
        "request.auth.claims[a]b], x, '', possibly",
        "request.auth.claims[], x, '', possibly",
        "source.labels[app], x, '', possibly",
        "source.labels[app], !x, '', possibly",
        "experimental.envoy.filters.a[b], x, '', possibly",
        "'', x, '', possibly",
        "Source.ip, 10.1.2.3, '', possibly",
    })
    void matchesWhen(String key, String value, String request, String expected) {
        RequestCondition condition = value.startsWith("!")
                ? new RequestCondition(key, List.of(), List.of(value.substring(1)), Origin.NONE)
                : new RequestCondition(key, List.of(value), List.of(), Origin.NONE);
        assertMatch(rule(List.of(), List.of(), List.of(condition)), request, expected);
    }

    @ParameterizedTest
    @CsvSource({"from", "to", "when"})
    void onlyPossiblyMatchesWhatSaysNothing(String part) {
        AuthorizationRule rule = switch (part) {
            case "from" -> rule(List.of(RequestSource.builder().build()), List.of(), List.of());
            case "to" -> rule(List.of(), List.of(RequestOperation.builder().build()), List.of());
            default ->
                rule(
                        List.of(),
                        List.of(),
                        List.of(new RequestCondition("source.ip", List.of(), List.of(), Origin.NONE)));
        };
        assertMatch(rule, "", "possibly");
    }

    private static void assertMatch(AuthorizationRule rule, String request, String expected) {
        boolean surely = allows(ALLOW, rule, request);
        boolean possibly = !allows(DENY, rule, request);
        assertThat(surely ? (possibly ? "surely" : "let in and not refused") : possibly ? "possibly" : "no")
                .isEqualTo(expected);
    }

    private static boolean allows(Action action, AuthorizationRule rule, String request) {
        AuthorizationPolicy policy = new AuthorizationPolicy(
                ObjectMeta.of("own", "policy"), WorkloadMatch.ALL, action, List.of(rule), false);
        return new Authorization(List.of(policy), true, (name, verb, dryRun, arrival) -> {})
                .judge(ArrivalText.read(request))
                .allowed();
    }

    private static AuthorizationRule rule(
            List<RequestSource> from, List<RequestOperation> to, List<RequestCondition> when) {
        return new AuthorizationRule(from, to, when, Origin.NONE);
    }

    private static RequestSource source(String field, List<String> values) {
        RequestSource.Builder source = RequestSource.builder();
        return switch (field) {
            case "principals" -> source.principals(values).build();
            case "notPrincipals" -> source.notPrincipals(values).build();
            case "requestPrincipals" -> source.requestPrincipals(values).build();
            case "notRequestPrincipals" -> source.notRequestPrincipals(values).build();
            case "namespaces" -> source.namespaces(values).build();
            case "notNamespaces" -> source.notNamespaces(values).build();
            case "serviceAccounts" -> source.serviceAccounts(values).build();
            case "notServiceAccounts" -> source.notServiceAccounts(values).build();
            case "ipBlocks" -> source.ipBlocks(values).build();
            case "notIpBlocks" -> source.notIpBlocks(values).build();
            case "remoteIpBlocks" -> source.remoteIpBlocks(values).build();
            case "notRemoteIpBlocks" -> source.notRemoteIpBlocks(values).build();
            default -> throw new IllegalArgumentException(field);
        };
    }

    private static RequestOperation operation(String field, List<String> values) {
        RequestOperation.Builder operation = RequestOperation.builder();
        return switch (field) {
            case "hosts" -> operation.hosts(values).build();
            case "notHosts" -> operation.notHosts(values).build();
            case "ports" -> operation.ports(values).build();
            case "notPorts" -> operation.notPorts(values).build();
            case "methods" -> operation.methods(values).build();
            case "notMethods" -> operation.notMethods(values).build();
            case "paths" -> operation.paths(values).build();
            case "notPaths" -> operation.notPaths(values).build();
            default -> throw new IllegalArgumentException(field);
        };
    }
}
