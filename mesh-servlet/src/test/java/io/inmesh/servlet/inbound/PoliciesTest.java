package io.inmesh.servlet.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.inmesh.Mesh;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.servlet.MeshServletFilter;
import io.inmesh.servlet.TokenClaims;
import io.inmesh.servlet.internal.jwt.Issuer;
import io.inmesh.servlet.policy.PathPolicy;
import io.inmesh.servlet.policy.RateLimit;
import io.inmesh.servlet.testing.ContainerKind;
import io.inmesh.servlet.testing.RawAnswer;
import io.inmesh.servlet.testing.ServletContainer;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Policies before an ordinary application, without a gateway, on real containers. */
class PoliciesTest {
    private static final String AUTHENTICATION = """
            apiVersion: security.istio.io/v1
            kind: RequestAuthentication
            metadata: {name: jwt}
            spec:
              jwtRules:
              - issuer: %s
                fromHeaders: [{name: authorization, prefix: "Bearer "}]
                fromParams: [access_token]
                fromCookies: [session]
                outputClaimToHeaders: [{header: x-sub, claim: sub}]
            """.formatted(Issuer.NAME);

    private static final String RULES = AUTHENTICATION + "    jwks: '" + Issuer.keys() + "'\n" + """
            ---
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: deny}
            spec:
              action: DENY
              rules:
              - to: [{operation: {paths: ["/admin", "/admin/*", "/a@b"]}}]
              - to: [{operation: {paths: ["/mine*"]}}]
                from: [{source: {notRequestPrincipals: ["*"]}}]
              - when: [{key: "request.headers[x-sub]", values: [eve]}]
            """;

    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    @AfterEach
    void closeAll() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void anotherFilterBeforeItLetsNobodyIn(ContainerKind kind) throws Exception {
        Mesh mesh = Mesh.builder()
                .config(new TextConfigSource(
                        "rules", ConfigReader.sensible().forInbound(), Map.of("rules.yaml", RULES)))
                .build();
        open.push(mesh);
        ServletContainer application = kind.container()
                .filter("/*", MeshServletFilter.builder().build())
                .filter("/*", MeshServletFilter.builder().policies(mesh).build())
                .handler("/*", (request, response) -> response.setStatus(204))
                .start();
        open.push(application);

        assertThat(application.get("/").status()).isEqualTo(204);
        assertThat(application.get("/admin").status()).isEqualTo(403);
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void letsInWhatPoliciesLetIn(ContainerKind kind) throws Exception {
        ServletContainer application = application(kind, RULES, filter -> filter);
        String token = Issuer.token("groups", List.of("dev"));

        assertThat(application.get("/").status()).isEqualTo(200);
        RawAnswer denied = application.get("/admin", "Accept: application/json");
        assertThat(denied.status()).isEqualTo(403);
        assertThat(denied.header("content-type")).isEqualTo("application/problem+json");
        assertThat(denied.body()).contains("RBAC: access denied");
        assertThat(application.get("/mine").status()).isEqualTo(403);
        assertThat(application.get("/mine").body()).isEqualTo("RBAC: access denied");
        RawAnswer mine = application.get("/mine?access_token=" + token + "&x=1");
        assertThat(mine.status()).isEqualTo(200);
        assertThat(mine.body())
                .contains("subject alice\n", "groups [dev]\n", "query x=1\n", "parameters {x=[1]}\n", "x-sub alice\n");
        RawAnswer invalid = application.get("/", "Authorization: Bearer " + token + "x");
        assertThat(invalid.status()).isEqualTo(401);
        assertThat(invalid.header("www-authenticate"))
                .isEqualTo("Bearer realm=\"http://localhost/\", error=\"invalid_token\"");
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void showsTheApplicationNoTokenAndNothingForged(ContainerKind kind) throws Exception {
        ServletContainer application = application(kind, RULES, filter -> filter);
        String token = Issuer.token();

        for (String path : new String[] {"/", "/async"}) {
            String without = application
                    .get(path, "X-Sub: mallory", "x_sub: mallory", "Cookie: a=b")
                    .body();
            assertThat(without)
                    .as(path)
                    .contains("x-sub null\n", "cookies [a]\n")
                    .doesNotContain("mallory");
            String with = application
                    .get(path, "Authorization: Bearer " + token, "X-Sub: eve", "Cookie: a=b")
                    .body();
            assertThat(with)
                    .as(path)
                    .contains("x-sub alice\n", "authorization null\n", "cookies [a]\n")
                    .doesNotContain("eve", token);
            String cookie =
                    application.get(path, "Cookie: a=b; session=" + token).body();
            assertThat(cookie)
                    .as(path)
                    .contains("x-sub alice\n", "cookies [a]\n")
                    .doesNotContain(token);
        }
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void readsNoPathInTwoWays(ContainerKind kind) throws Exception {
        ServletContainer application = application(kind, RULES, filter -> filter);

        for (String path :
                new String[] {"/admin", "/admin/x", "/%61dmin", "/x/../admin", "/./admin", "/a@b", "/a%40b", "/admin?x"
                }) {
            assertThat(application.get(path).status()).as(path).isEqualTo(403);
        }
        for (String path : new String[] {
            "/admin;x",
            "/;/admin",
            "/..;/admin",
            "/x/..;/admin",
            "/admin%2fx",
            "/admin%5cx",
            "/admin%00",
            "/admin%3bx",
            "/../admin",
            "/%2e%2e/admin",
            "/%c0%aeadmin",
            "/admin%",
            "/x//../admin"
        }) {
            assertThat(application.get(path).status()).as(path).isEqualTo(400);
        }
        // Jetty refuses these by itself.
        assertThat(application.get("//admin").status()).isIn(400, 403);
        assertThat(application.get("/x/%2e%2e/admin/y").status()).isIn(400, 403);
        assertThat(application.get("/x/./y/../z?q=/../").body()).contains("uri /x/z\n", "path /x/z\n");
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void cutsParametersOffWhereToldSo(ContainerKind kind) throws Exception {
        ServletContainer application =
                application(kind, RULES, filter -> filter.pathPolicy(PathPolicy.STRICT.removingParameters()));

        assertThat(application.get("/admin;jsessionid=1").status()).isEqualTo(403);
        assertThat(application.get("/x;jsessionid=1/y").body()).contains("uri /x/y\n", "path /x/y\n");
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void followsKeysThatChangeAndFailsClosedWithoutThem(ContainerKind kind) throws Exception {
        AtomicInteger status = new AtomicInteger(500);
        AtomicInteger fetches = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            fetches.incrementAndGet();
            byte[] keys = Issuer.keys().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status.get(), keys.length);
            exchange.getResponseBody().write(keys);
            exchange.close();
        });
        server.start();
        open.push(() -> server.stop(0));
        String uri = "http://127.0.0.1:" + server.getAddress().getPort() + "/keys";
        String rules = AUTHENTICATION + "    jwksUri: " + uri + "\n";
        ServletContainer failing = application(kind, rules, filter -> filter);

        for (int i = 0; i < 5; i++) {
            assertThat(failing.get("/", "Authorization: Bearer " + Issuer.token())
                            .status())
                    .isEqualTo(401);
        }
        assertThat(failing.get("/").status()).as("without a token").isEqualTo(200);
        assertThat(fetches.get()).as("fetches").isBetween(1, 3);

        status.set(200);
        ServletContainer working = application(kind, rules, filter -> filter);
        assertThat(working.get("/", "Authorization: Bearer " + Issuer.token()).status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void leavesEverythingAsItIsWhereNothingIsInForce(ContainerKind kind) throws Exception {
        String ofCalls = """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: shop}
                spec: {hosts: [shop], http: [{directResponse: {status: 204}}]}
                """;
        ServletContainer application = application(kind, ofCalls, filter -> filter);

        assertThat(application.get("/a;jsessionid=1?x=%2e", "X-Sub: me").body())
                .contains("uri /a;jsessionid=1\n", "query x=%2e\n", "x-sub me\n");
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void letsNoMoreInThanLimitsSay(ContainerKind kind) throws Exception {
        ServletContainer application = application(
                kind,
                RULES,
                filter -> filter.rateLimit(RateLimit.builder(1, Duration.ofHours(1))
                        .path("/async")
                        .by(RateLimit.Key.claim("sub"))
                        .build()));
        String alice = "Authorization: Bearer " + Issuer.token();

        assertThat(application.get("/async", alice).status()).isEqualTo(200);
        RawAnswer limited = application.get("/async", alice);
        assertThat(limited.status()).isEqualTo(429);
        assertThat(Integer.parseInt(limited.header("retry-after"))).isBetween(1, 3600);
        assertThat(application.get("/async").status()).as("nobody").isEqualTo(200);
        assertThat(application.get("/other", alice).status()).isEqualTo(200);
        assertThatThrownBy(() -> MeshServletFilter.builder()
                        .rateLimit(RateLimit.builder(1, Duration.ofHours(1))
                                .by(RateLimit.Key.ROUTE)
                                .build()))
                .hasMessageContaining("give it a path");
    }

    private ServletContainer application(
            ContainerKind kind, String rules, UnaryOperator<MeshServletFilter.Builder> settings) throws Exception {
        Mesh mesh = Mesh.builder()
                .config(new TextConfigSource("rules", ConfigReader.sensible().forInbound(), Map.of("rules", rules)))
                .build();
        open.push(mesh);
        MeshServletFilter filter =
                settings.apply(MeshServletFilter.builder().policies(mesh)).build();
        ServletContainer application = kind.container()
                .filter("/*", filter)
                .handler("/*", PoliciesTest::tell)
                .start();
        open.push(application);
        return application;
    }

    private static void tell(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getRequestURI().equals("/async") && request.getDispatcherType() == DispatcherType.REQUEST) {
            request.startAsync().dispatch();
            return;
        }
        StringBuilder text = new StringBuilder();
        TokenClaims claims = TokenClaims.of(request);
        Cookie[] cookies = request.getCookies();
        TreeMap<String, Object> parameters = new TreeMap<>();
        request.getParameterMap().forEach((name, values) -> parameters.put(name, Arrays.asList(values)));
        String inServlet = request.getPathInfo();
        text.append("subject ").append(claims == null ? null : claims.subject()).append('\n');
        text.append("groups ")
                .append(claims == null ? null : claims.claims().get("groups"))
                .append('\n');
        text.append("uri ").append(request.getRequestURI()).append('\n');
        text.append("path ")
                .append(request.getServletPath())
                .append(inServlet == null ? "" : inServlet)
                .append('\n');
        text.append("query ").append(request.getQueryString()).append('\n');
        text.append("parameters ").append(parameters).append('\n');
        text.append("cookies ")
                .append(
                        cookies == null
                                ? null
                                : Arrays.stream(cookies).map(Cookie::getName).toList())
                .append('\n');
        for (String name : new String[] {"x-sub", "authorization", "x_sub"}) {
            text.append(name).append(' ').append(request.getHeader(name)).append('\n');
        }
        for (String name : Collections.list(request.getHeaderNames())) {
            text.append(name)
                    .append('=')
                    .append(Collections.list(request.getHeaders(name)))
                    .append('\n');
        }
        response.getOutputStream().write(text.toString().getBytes(StandardCharsets.UTF_8));
    }
}
