package io.inmesh.kubernetes;

import static io.inmesh.kubernetes.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.kubernetes.testing.Fault;
import io.inmesh.kubernetes.testing.ScriptedApiServer;
import io.inmesh.kubernetes.testing.ScriptedApiServer.Verb;
import io.inmesh.observe.SourceStatus;
import io.inmesh.okhttp.MeshInterceptor;
import io.inmesh.testing.RecordingObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A mesh on rules of an API server, under load over real sockets, while the rules and the server go wrong. */
@Timeout(120)
class RulesFromTheClusterTest {
    private static final String NETWORKING = "/apis/networking.istio.io/v1/";
    private static final String VIRTUAL_SERVICES = NETWORKING + "virtualservices";
    private static final String DESTINATION_RULES = NETWORKING + "destinationrules";
    private static final String SERVICE_ENTRIES = NETWORKING + "serviceentries";
    private static final String ROUTE = "{\"route\": [{\"destination\": {\"host\": \"reviews\", \"subset\": \"%s\"}}]}";
    private static final WorkloadIdentity SELF = WorkloadIdentity.DEFAULT.with("shop", Map.of());

    private final ScriptedApiServer server = ScriptedApiServer.start();
    private final RecordingObserver observer = new RecordingObserver();
    private final MockWebServer v1 = new MockWebServer();
    private final MockWebServer v2 = new MockWebServer();
    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeEach
    void backends() throws IOException {
        answer(v1, "v1");
        answer(v2, "v2");
    }

    private static void answer(MockWebServer backend, String name) throws IOException {
        backend.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return new MockResponse.Builder().body(name).build();
            }
        });
        backend.start();
    }

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
        v1.close();
        v2.close();
        server.close();
    }

    private String serviceEntry() {
        String endpoint = "{\"address\": \"127.0.0.1\", \"ports\": {\"http\": %d}, \"labels\": {\"version\": \"%s\"}}";
        return """
                {"metadata": {"name": "reviews", "namespace": "shop"},
                 "spec": {"hosts": ["reviews.shop.svc.cluster.local"], "resolution": "STATIC",
                   "ports": [{"number": 9080, "name": "http", "protocol": "HTTP"}], "endpoints": [%s, %s]}}
                """.formatted(endpoint.formatted(v1.getPort(), "v1"), endpoint.formatted(v2.getPort(), "v2"));
    }

    private void putServices() {
        server.put(SERVICE_ENTRIES, serviceEntry());
        server.put(DESTINATION_RULES, """
                {"metadata": {"name": "reviews", "namespace": "shop"},
                 "spec": {"host": "reviews", "subsets": [{"name": "v1", "labels": {"version": "v1"}},
                   {"name": "v2", "labels": {"version": "v2"}}]}}
                """);
    }

    private String putRoute(String http) {
        return putRule("reviews", "\"hosts\": [\"reviews\"], ", http);
    }

    private String putRule(String name, String hosts, String http) {
        return server.put(VIRTUAL_SERVICES, """
                {"metadata": {"name": "%s", "namespace": "shop"}, "spec": {%s"http": [%s]}}
                """.formatted(name, hosts, http));
    }

    private Mesh mesh(KubernetesSettings.Builder settings, Mesh.Builder builder) {
        return mesh(settings, builder, ConfigReader.strict());
    }

    private Mesh mesh(KubernetesSettings.Builder settings, Mesh.Builder builder, ConfigReader reader) {
        KubernetesConnection connection = KubernetesConnection.of(settings.client(server.clients())
                .self(SELF)
                .backoff(Duration.ofMillis(50), Duration.ofMillis(200))
                .build());
        open.add(connection);
        Mesh mesh = builder.self(SELF)
                .config(new KubernetesConfigSource(connection, reader))
                .observer(observer)
                .build();
        open.add(mesh);
        return mesh;
    }

    private Mesh mesh() {
        return mesh(KubernetesSettings.builder(), Mesh.builder());
    }

    /** Calls without pause until it is closed, and remembers whatever was not answered by v1. */
    private final class Load implements AutoCloseable {
        private final AtomicInteger calls = new AtomicInteger();
        private final List<String> wrong = new CopyOnWriteArrayList<>();
        private final Thread thread = new Thread(this::run, "load");
        private final OkHttpClient client;
        private volatile boolean ended;

        Load(Mesh mesh) {
            client = new OkHttpClient.Builder()
                    .addInterceptor(new MeshInterceptor(mesh))
                    .build();
            thread.start();
        }

        private void run() {
            while (!ended) {
                String answer = get(client);
                if (!answer.equals("200 v1")) {
                    wrong.add(answer);
                }
                calls.incrementAndGet();
            }
        }

        /** Waits until the rules of this moment have been used. */
        void some() {
            int before = calls.get();
            eventually(() -> assertThat(calls.get()).isGreaterThan(before + 20));
        }

        void hasFailedNever() {
            some();
            assertThat(wrong).isEmpty();
        }

        @Override
        public void close() {
            ended = true;
            try {
                thread.join();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            client.dispatcher().executorService().shutdown();
            client.connectionPool().evictAll();
        }
    }

    private static String get(OkHttpClient client) {
        Request request =
                new Request.Builder().url("http://reviews:9080/reviews/0").build();
        try (Response response = client.newCall(request).execute()) {
            return response.code() + " " + response.body().string();
        } catch (IOException failure) {
            return failure.toString();
        }
    }

    private static String answerOf(Mesh mesh) {
        OkHttpClient client = new OkHttpClient.Builder()
                .addInterceptor(new MeshInterceptor(mesh))
                .build();
        return get(client);
    }

    // C14

    /** Ways in which a rule is bad. */
    enum Bad {
        /** RE2 refuses the expression. */
        REGEX("{\"match\": [{\"uri\": {\"regex\": \"([a-z\"}}], "
                + ROUTE.formatted("v2").substring(1)),
        /** Nothing would be chosen. */
        WEIGHTS("{\"route\": [{\"destination\": {\"host\": \"a\"}, \"weight\": 0},"
                + " {\"destination\": {\"host\": \"b\"}, \"weight\": 0}]}"),
        /** A field that there is not. */
        UNKNOWN_FIELD("{\"routes\": [{\"destination\": {\"host\": \"a\"}}]}"),
        /** A wrong type. */
        TYPE("{\"route\": {\"destination\": \"a\"}}"),
        /** Deeper than any rule. */
        NESTING("{\"match\": " + "[".repeat(200) + "]".repeat(200) + "}"),
        /** A header value that would end the header. */
        INJECTION(ROUTE.formatted("v2").substring(0, ROUTE.formatted("v2").length() - 1)
                + ", \"headers\": {\"request\": {\"set\": {\"x\": \"a\\r\\nevil: 1\"}}}}");

        private final String http;

        Bad(String http) {
            this.http = http;
        }
    }

    private void putPolicy(String policy) {
        server.put(DESTINATION_RULES, """
                {"metadata": {"name": "reviews", "namespace": "shop"},
                 "spec": {"host": "reviews", "trafficPolicy": {%s},
                   "subsets": [{"name": "v1", "labels": {"version": "v1"}}, {"name": "v2", "labels": {"version": "v2"}}]}}
                """.formatted(policy));
    }

    private Mesh started() {
        return mesh(KubernetesSettings.builder(), Mesh.builder(), ConfigReader.sensible());
    }

    /** Such a rule was left out whole after a restart, and its VirtualService answered every call with NC. */
    @Test
    void aRuleWithAFieldThatOnlyProtectsServesAfterARestart() {
        putServices();
        putPolicy("\"outlierDetection\": {\"consecutive5xxErrors\": 3}");
        putRoute(ROUTE.formatted("v1"));

        for (int start = 0; start < 2; start++) {
            Mesh mesh = started();
            try (Load load = new Load(mesh)) {
                load.hasFailedNever();
            }
            assertThat(mesh.status().hasErrors()).isFalse();
            assertThat(mesh.status().problems()).anySatisfy(problem -> {
                assertThat(problem.object()).isEqualTo("DestinationRule shop/reviews");
                assertThat(problem.message()).startsWith("outlierDetection is valid in Istio but not executed");
            });
        }
    }

    @Test
    void aVersionThatWouldRefuseCallsLeavesTheOneBeforeUntilARestart() {
        putServices();
        putRoute(ROUTE.formatted("v1"));
        Mesh running = started();

        try (Load load = new Load(running)) {
            load.some();
            putPolicy("\"tls\": {\"mode\": \"ISTIO_MUTUAL\"}");
            eventually(() -> assertThat(running.status().hasErrors()).isTrue());
            load.hasFailedNever();
        }
        Mesh restarted = started();

        assertThat(restarted.status().hasErrors()).isTrue();
        assertThat(restarted.status().sources())
                .filteredOn(source -> source.kind().equals("config"))
                .noneMatch(SourceStatus::current);
        assertThat(restarted
                        .explain("GET", "http://reviews:9080/", Map.of())
                        .why()
                        .toString())
                .contains("DestinationRule shop/reviews asks for tls.mode ISTIO_MUTUAL");
    }

    @ParameterizedTest
    @EnumSource(Bad.class)
    void aBadRuleLeavesItsLastGoodVersionAndTheOthers(Bad bad) {
        putServices();
        putRoute(ROUTE.formatted("v1"));
        Mesh mesh = mesh();
        try (Load load = new Load(mesh)) {
            load.some();

            String version = putRoute(bad.http);
            String name = "VirtualService/shop/reviews@" + version;
            eventually(() -> assertThat(errors(mesh)).isNotEmpty().allMatch(error -> error.startsWith(name)));
            assertThat(observer.rejections()).singleElement().satisfies(rejection -> {
                assertThat(rejection.source()).isEqualTo("kubernetes rules");
                assertThat(rejection.problems())
                        .allMatch(problem -> problem.origin().source().equals(name));
            });
            assertThat(mesh.status().sources())
                    .extracting(SourceStatus::current)
                    .containsExactly(false);

            putRule("other", "\"hosts\": [\"other\"], ", ROUTE.formatted("v2"));
            eventually(() -> assertThat(mesh.routes().toString()).contains("other"));
            load.hasFailedNever();
        }

        putRoute(ROUTE.formatted("v2"));
        eventually(() -> assertThat(answerOf(mesh)).isEqualTo("200 v2"));
        assertThat(mesh.status().problems()).isEmpty();
    }

    @Test
    void aDelegateThatDelegatesBackLeavesItsLastGoodVersion() {
        putServices();
        putRule("inner", "", ROUTE.formatted("v1"));
        putRoute("{\"delegate\": {\"name\": \"inner\"}}");
        Mesh mesh = mesh();
        try (Load load = new Load(mesh)) {
            load.some();

            String version = putRule("inner", "", "{\"delegate\": {\"name\": \"reviews\"}}");

            eventually(() -> assertThat(errors(mesh))
                    .isNotEmpty()
                    .allMatch(error -> error.startsWith("VirtualService/shop/inner@" + version))
                    .anyMatch(error -> error.contains("a delegate cannot delegate further")));
            load.hasFailedNever();
        }
    }

    @Test
    void tenThousandRoutesAreTakenWithoutAFailedCall() {
        putServices();
        putRoute(ROUTE.formatted("v1"));
        Mesh mesh = mesh();
        try (Load load = new Load(mesh)) {
            load.some();
            long before = mesh.status().generation();

            List<String> routes = new ArrayList<>(IntStream.range(0, 10_000)
                    .mapToObj(i -> "{\"match\": [{\"uri\": {\"prefix\": \"/never/" + i + "\"}}], "
                            + ROUTE.formatted("v2").substring(1))
                    .toList());
            routes.add(ROUTE.formatted("v1"));
            putRoute(String.join(", ", routes));

            eventually(() -> assertThat(mesh.status().generation()).isGreaterThan(before));
            load.hasFailedNever();
        }
        assertThat(mesh.status().hasErrors()).isFalse();
    }

    @Test
    void aMeshStartsWhileABadRuleIsThereAndLeavesItOut() {
        putServices();
        putRule("bad", "\"hosts\": [\"bad\"], ", Bad.REGEX.http);
        putRoute(ROUTE.formatted("v1"));

        Mesh mesh = mesh();

        assertThat(answerOf(mesh)).isEqualTo("200 v1");
        assertThat(errors(mesh))
                .singleElement()
                .asString()
                .startsWith("VirtualService/shop/bad@")
                .contains("spec.http[0].match[0].uri.regex")
                .endsWith("until then VirtualService shop/bad is left out");
    }

    @Test
    void aBadRuleThatIsDeletedIsNoProblemAnyMore() {
        putServices();
        putRoute(ROUTE.formatted("v1"));
        putRule("bad", "\"hosts\": [\"bad\"], ", Bad.WEIGHTS.http);
        Mesh mesh = mesh();
        assertThat(errors(mesh)).hasSize(1);

        server.delete(VIRTUAL_SERVICES, "shop", "bad");

        eventually(() -> assertThat(mesh.status().problems()).isEmpty());
        assertThat(mesh.status().sources()).extracting(SourceStatus::current).containsExactly(true);
    }

    private static List<String> errors(Mesh mesh) {
        return mesh.status().problems().stream()
                .filter(ConfigProblem::isError)
                .map(ConfigProblem::toString)
                .toList();
    }

    // C17

    @Test
    void aServerWithoutIstioIsOneNoteAndItsInstallationIsNoticed() {
        server.doesNotServe(everyCollection());
        Mesh mesh = mesh(KubernetesSettings.builder(), Mesh.builder().config(localService()));

        assertThat(answerOf(mesh)).startsWith("200 v");
        assertThat(mesh.status().problems()).singleElement().satisfies(problem -> {
            assertThat(problem.severity()).isEqualTo(ConfigProblem.Severity.NOTE);
            assertThat(problem.message()).startsWith("the API server has no virtualservices.networking.istio.io");
        });
        assertThat(mesh.status().sources()).extracting(SourceStatus::current).containsOnly(true);

        putServices();
        putRoute(ROUTE.formatted("v2"));
        server.doesNotServe();

        eventually(() -> assertThat(mesh.status().problems())
                .noneMatch(problem -> problem.message().startsWith("the API server has no")));
        eventually(() -> assertThat(answerOf(mesh)).isEqualTo("200 v2"));
    }

    @Test
    void rulesThatMayNotBeReadAreOneWarningAndAreReadOnceTheyMay() {
        putServices();
        putRoute(ROUTE.formatted("v2"));
        Fault forbidden = Fault.status(403, "Forbidden", "rules is forbidden: User \"shop\" cannot list resource");
        List.of(Verb.values()).forEach(verb -> server.always(verb, forbidden));

        Mesh mesh = mesh(KubernetesSettings.builder(), Mesh.builder().config(localService()));

        assertThat(answerOf(mesh)).startsWith("200 v");
        assertThat(mesh.status().problems())
                .filteredOn(problem -> problem.severity() == ConfigProblem.Severity.WARNING)
                .singleElement()
                .asString()
                .contains("list and watch virtualservices.networking.istio.io", "of namespace shop", "cannot list");

        server.heal();

        eventually(() -> assertThat(answerOf(mesh)).isEqualTo("200 v2"));
        eventually(() -> assertThat(mesh.status().problems())
                .noneMatch(problem -> problem.message().contains("forbidden")));
    }

    @Test
    void anOlderIstioIsReadInItsOwnVersion() {
        server.doesNotServe(List.of(everyCollection()).stream()
                .filter(collection -> !collection.contains("/v1beta1/"))
                .toArray(String[]::new));
        String beta = "/apis/networking.istio.io/v1beta1/";
        server.put(beta + "serviceentries", serviceEntry());

        Mesh mesh = mesh();

        assertThat(mesh.status().problems()).isEmpty();
        assertThat(answerOf(mesh)).startsWith("200 v");
    }

    /** The same service from a local file, without any rule of the cluster. */
    private TextConfigSource localService() {
        return TextConfigSource.of(
                "local.yaml",
                "{\"apiVersion\": \"networking.istio.io/v1\", \"kind\": \"ServiceEntry\", "
                        + serviceEntry().trim().substring(1));
    }

    private static String[] everyCollection() {
        List<String> all = new ArrayList<>();
        for (String version : List.of("v1", "v1beta1", "v1alpha3")) {
            for (String plural : List.of("virtualservices", "destinationrules", "serviceentries")) {
                all.add("/apis/networking.istio.io/" + version + "/" + plural);
            }
        }
        return all.toArray(String[]::new);
    }

    // C15, for rules

    @Test
    void aStartWithoutTheServerIsBoundedAndItsRulesComeWhenItDoes() {
        putServices();
        putRoute(ROUTE.formatted("v2"));
        server.stop();

        Mesh mesh = mesh(
                KubernetesSettings.builder().startWait(Duration.ofMillis(200)),
                Mesh.builder().config(localService()));

        assertThat(answerOf(mesh)).startsWith("200 v");
        assertThat(mesh.status().problems()).singleElement().satisfies(problem -> {
            assertThat(problem.severity()).isEqualTo(ConfigProblem.Severity.WARNING);
            assertThat(problem.message()).startsWith("the API server has not told its virtualservices");
        });

        server.startAgain();

        eventually(() -> assertThat(answerOf(mesh)).isEqualTo("200 v2"));
    }

    @Test
    void anOutageLeavesAllRules() {
        putServices();
        putRoute(ROUTE.formatted("v1"));
        Mesh mesh = mesh();
        try (Load load = new Load(mesh)) {
            load.some();
            server.stop();
            load.some();
            server.startAgain();
            load.some();
            server.resetConnections();
            load.hasFailedNever();
        }
        assertThat(mesh.status().generation()).isEqualTo(1);
    }

    @Test
    void policiesAreReadOnlyWhenAskedFor() {
        server.put("/apis/security.istio.io/v1/authorizationpolicies", """
                {"metadata": {"name": "deny", "namespace": "shop"}, "spec": {}}
                """);

        assertThat(mesh().status().problems()).isEmpty();
        assertThat(mesh(KubernetesSettings.builder().policies(true), Mesh.builder())
                        .status()
                        .problems())
                .singleElement()
                .asString()
                .startsWith("AuthorizationPolicy/shop/deny@")
                .contains("is not read by InMesh");
    }

    @Test
    void theStatusTellsHowReadingGoes() {
        putServices();
        KubernetesConnection connection = KubernetesConnection.of(
                KubernetesSettings.builder().client(server.clients()).self(SELF).build());
        open.add(connection);
        KubernetesConfigSource source = new KubernetesConfigSource(connection, ConfigReader.strict());
        open.add(source);
        assertThat(source.status().state()).isEqualTo(KubernetesStatus.State.STARTING);

        open.add(source.watch(update -> {}));

        eventually(() -> assertThat(source.status().watches())
                .hasSize(3)
                .allMatch(watch -> watch.state().equals("WATCHING")));
        assertThat(source.status().state()).isEqualTo(KubernetesStatus.State.LIVE);
        assertThat(source.status().tableAge()).isNotNull();
        assertThat(source.status().problems()).isEmpty();
        server.stop();
        eventually(() -> assertThat(source.status().state()).isEqualTo(KubernetesStatus.State.STALE));
    }
}
