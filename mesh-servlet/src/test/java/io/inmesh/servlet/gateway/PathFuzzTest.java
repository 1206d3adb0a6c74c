package io.inmesh.servlet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.model.PathNormalization;
import io.inmesh.servlet.GatewayServlet;
import io.inmesh.servlet.MeshServletFilter;
import io.inmesh.servlet.policy.PathFuzz;
import io.inmesh.servlet.policy.PathPolicy;
import io.inmesh.servlet.testing.ContainerKind;
import io.inmesh.servlet.testing.RawAnswer;
import io.inmesh.servlet.testing.RawConnection;
import io.inmesh.servlet.testing.ServletContainer;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Odd paths as bytes on sockets: what is behind a policy never sees a path that the policy denies. */
class PathFuzzTest extends GatewayFixture {
    private static final int TRIES = Math.max(500, PathFuzz.TRIES / 10);
    private static final String DENY = """
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: deny}
            spec:
              action: DENY
              rules: [{to: [{operation: {paths: ["/admin", "/admin/*", "*/secret", "/a@b"]}}]}]
            """;

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void forwardsThePathThatWasJudged(ContainerKind kind) throws Exception {
        Upstream upstream = closing(Upstream.ok());
        Mesh mesh = closing(Mesh.builder()
                .gateway()
                .config(new TextConfigSource(
                        "rules",
                        ConfigReader.sensible().forGateway(),
                        Map.of("rules", rules(upstream.port(), "") + "---\n" + DENY)))
                .build());
        ServletContainer gateway = closing(kind.container()
                .servlet("/*", GatewayServlet.builder(mesh).otherPorts(80).build())
                .start());

        int forwarded = 0;
        try (Client client = new Client(gateway)) {
            PathFuzz fuzz = new PathFuzz(1);
            for (int i = 0; i < TRIES; i++) {
                String path = fuzz.next();
                RawAnswer answer = client.get(path);
                if (answer.status() == 200) {
                    forwarded++;
                    String sent = upstream.take().line().split(" ", 3)[1];
                    assertThat(sent).as(path).isEqualTo(PathPolicy.STRICT.canonical(path));
                    assertNotDenied(
                            path, PathFuzz.asContainersReadIt(sent.substring(0, PathNormalization.pathEnd(sent))));
                } else {
                    assertThat(answer.status()).as(path).isIn(400, 403, 404);
                }
                assertThat(upstream.untaken()).as(path).isZero();
            }
        }
        assertThat(forwarded).isGreaterThan(TRIES / 20);
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void showsAnApplicationThePathThatWasJudged(ContainerKind kind) throws Exception {
        Mesh mesh = closing(Mesh.builder()
                .config(new TextConfigSource("rules", ConfigReader.sensible().forInbound(), Map.of("rules", DENY)))
                .build());
        ServletContainer application = closing(kind.container()
                .filter("/*", MeshServletFilter.builder().policies(mesh).build())
                .handler("/*", (request, response) -> {
                    String inServlet = request.getPathInfo();
                    String seen = request.getServletPath() + (inServlet == null ? "" : inServlet);
                    response.setHeader("X-Seen", URLEncoder.encode(seen, StandardCharsets.UTF_8));
                    response.setHeader("X-Uri", request.getRequestURI());
                    response.setStatus(200);
                })
                .start());

        int let = 0;
        try (Client client = new Client(application)) {
            PathFuzz fuzz = new PathFuzz(2);
            for (int i = 0; i < TRIES; i++) {
                String path = fuzz.next();
                RawAnswer answer = client.get(path);
                String seen = answer.header("X-Seen");
                if (seen == null) {
                    assertThat(answer.status()).as(path).isIn(400, 403, 404);
                    continue;
                }
                let++;
                String decoded = URLDecoder.decode(seen, StandardCharsets.UTF_8);
                String canonical = PathPolicy.STRICT.canonical(path);
                assertThat(decoded).as(path).isEqualTo(PathPolicy.STRICT.judged(canonical));
                assertThat(answer.header("X-Uri"))
                        .as(path)
                        .isEqualTo(canonical.substring(0, PathNormalization.pathEnd(canonical)));
                assertNotDenied(path, decoded);
            }
        }
        assertThat(let).isGreaterThan(TRIES / 20);
    }

    private static void assertNotDenied(String path, String read) {
        assertThat(read)
                .as(path)
                .isNotEqualTo("/admin")
                .doesNotStartWith("/admin/")
                .doesNotEndWith("/secret")
                .isNotEqualTo("/a@b");
    }

    /** Keeps a connection while answers are good; whoever refuses a request may close it. */
    private static final class Client implements AutoCloseable {
        private final ServletContainer container;
        private @Nullable RawConnection connection;

        Client(ServletContainer container) {
            this.container = container;
        }

        RawAnswer get(String path) throws IOException {
            RawConnection open = connection;
            if (open == null) {
                open = container.connect();
                connection = open;
            }
            open.send("GET " + path + " HTTP/1.1\r\nHost: shop.example\r\n\r\n");
            RawAnswer answer = open.read();
            if (answer.status() != 200) {
                close();
            }
            return answer;
        }

        @Override
        public void close() throws IOException {
            RawConnection open = connection;
            connection = null;
            if (open != null) {
                open.close();
            }
        }
    }
}
