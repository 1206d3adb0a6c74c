package io.inmesh.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inmesh.cli.MeshCommand;
import io.inmesh.config.source.ClusterObjects.ClusterObject;
import io.inmesh.config.source.ClusterObjects.Listing;
import io.inmesh.kubernetes.testing.Fault;
import io.inmesh.kubernetes.testing.ScriptedApiServer;
import io.inmesh.kubernetes.testing.ScriptedApiServer.Verb;
import io.inmesh.kubernetes.testing.SkippingTiming;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code check --kubernetes} against a scripted API server. */
@Timeout(60)
class CheckedClusterTest {
    private static final String NETWORKING = "/apis/networking.istio.io/v1/";
    private static final String VIRTUAL_SERVICES = NETWORKING + "virtualservices";
    private static final String DESTINATION_RULES = NETWORKING + "destinationrules";
    private static final String SECRETS = "/api/v1/secrets";
    private static final String RULE = """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: reviews, namespace: shop}
            spec: {host: reviews, subsets: [{name: v1, labels: {version: v1}}%s]}
            """;

    @TempDir
    Path folder;

    private final ScriptedApiServer server = ScriptedApiServer.start();

    private record Run(int code, String out, String err) {
        List<String> lines() {
            return out.lines().toList();
        }
    }

    @BeforeEach
    void cluster() throws IOException {
        server.put("/api/v1/services", """
                {"metadata": {"name": "reviews", "namespace": "shop"},
                 "spec": {"selector": {"app": "reviews"}, "ports": [{"name": "http", "port": 9080}]}}
                """);
        server.put(DESTINATION_RULES, """
                {"metadata": {"name": "reviews", "namespace": "shop"},
                 "spec": {"host": "reviews", "subsets": [{"name": "v1", "labels": {"version": "v1"}},
                   {"name": "v2", "labels": {"version": "v2"}}]}}
                """);
        server.put(VIRTUAL_SERVICES, """
                {"metadata": {"name": "reviews", "namespace": "shop"},
                 "spec": {"hosts": ["reviews"],
                   "http": [{"route": [{"destination": {"host": "reviews", "subset": "v2"}}]}]}}
                """);
        for (String version : List.of("v1", "v2")) {
            server.put("/api/v1/pods", """
                    {"metadata": {"name": "reviews-%s-x7k", "namespace": "shop",
                                  "labels": {"app": "reviews", "version": "%s"}},
                     "spec": {"containers": [{"name": "c", "env": [{"name": "A", "value": "hidden"}],
                                              "ports": [{"containerPort": 9080}]}]}}
                    """.formatted(version, version));
        }
        Files.writeString(folder.resolve("config"), """
                apiVersion: v1
                kind: Config
                current-context: here
                clusters: [{name: c, cluster: {server: "%s"}}]
                contexts: [{name: here, context: {cluster: c, user: u}}]
                users: [{name: u, user: {}}]
                """.formatted(server.url()));
    }

    @AfterEach
    void close() {
        server.close();
    }

    private Run check(String... more) {
        List<String> arguments = new ArrayList<>(List.of("check", "--kubernetes", "--kubeconfig"));
        arguments.add(folder.resolve("config").toString());
        arguments.addAll(List.of(more));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = MeshCommand.run(
                new PrintWriter(out, true), new PrintWriter(err, true), arguments.toArray(String[]::new));
        return new Run(code, out.toString(), err.toString());
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    @Test
    void aGoodClusterHasNoFindingsAndWhatWasReadIsCounted() {
        Run run = check();

        assertThat(run.out()).isEmpty();
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err())
                .contains("5 objects of the API server at " + server.url()
                        + " read: 1 VirtualService, 1 DestinationRule");
        assertThat(server.requests()).extracting(request -> request.verb()).containsOnly(Verb.LIST);
    }

    @Test
    void findingsNameTheObject() {
        server.delete(DESTINATION_RULES, "shop", "reviews");

        Run run = check();

        assertThat(run.lines())
                .singleElement()
                .asString()
                .startsWith("VirtualService/shop/reviews:0:0: warning: spec.http[0].route[0].destination.subset: ")
                .endsWith("[subset-not-found]");
    }

    @Test
    void aChangeIsJudgedByWhatItBreaks() throws IOException {
        String smaller = file("rule.yaml", RULE.formatted(""));

        Run breaks = check("--fail-on", "warning", smaller);
        Run keeps =
                check("--fail-on", "warning", file("rule.yaml", RULE.formatted(", {name: v2, labels: {version: v2}}")));

        assertThat(breaks.code()).isEqualTo(1);
        assertThat(breaks.lines())
                .singleElement()
                .asString()
                .startsWith("VirtualService/shop/reviews:0:0: warning: ")
                .contains("no DestinationRule defines the subset \"v2\"");
        assertThat(keeps.out()).isEmpty();
        assertThat(keeps.code()).isZero();
        assertThat(keeps.err()).contains("and 1 file read");
    }

    @Test
    void whatIsBrokenAlreadyIsCountedAlone() throws IOException {
        server.put(DESTINATION_RULES, """
                {"metadata": {"name": "ratings", "namespace": "shop"},
                 "spec": {"host": "*.example.com", "subsets": [{"name": "all"}]}}
                """);

        Run now = check();
        Run change =
                check("--fail-on", "warning", file("rule.yaml", RULE.formatted(", {name: v2, labels: {version: v2}}")));

        assertThat(now.out()).contains("[subset-without-effect]");
        assertThat(change.code()).isZero();
        assertThat(change.err()).contains(" left out, as the cluster has them already");
    }

    @Test
    void podsOfAReplacedDeploymentGoWithIt() throws IOException {
        server.put("/apis/apps/v1/deployments", """
                {"metadata": {"name": "reviews-v2", "namespace": "shop"},
                 "spec": {"template": {"metadata": {"labels": {"app": "reviews", "version": "v2"}}}}}
                """);
        server.put("/apis/networking.istio.io/v1/serviceentries", """
                {"metadata": {"name": "reviews", "namespace": "shop"},
                 "spec": {"hosts": ["reviews.example.com"], "resolution": "STATIC",
                   "ports": [{"number": 80, "name": "http", "protocol": "HTTP"}],
                   "workloadSelector": {"labels": {"version": "v2"}}}}
                """);
        String change = file("deployment.yaml", """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: reviews-v2, namespace: shop}
                spec: {template: {metadata: {labels: {app: reviews, version: v3}}}}
                """);

        assertThat(check().out()).isEmpty();
        assertThat(check(change).lines())
                .anySatisfy(line -> assertThat(line)
                        .startsWith("ServiceEntry/shop/reviews:0:0: warning: ")
                        .endsWith("[no-matching-workloads]"));
    }

    @Test
    void podsOfOthersStay() throws IOException {
        server.put("/api/v1/pods", """
                {"metadata": {"name": "rollout-v2-x7k", "namespace": "shop", "labels": {"app": "reviews", "version": "v4"}}}
                """);
        server.put("/apis/apps/v1/deployments", """
                {"metadata": {"name": "reviews", "namespace": "shop"},
                 "spec": {"template": {"metadata": {"labels": {"app": "reviews"}}}}}
                """);
        server.put("/apis/networking.istio.io/v1/serviceentries", """
                {"metadata": {"name": "reviews", "namespace": "shop"},
                 "spec": {"hosts": ["reviews.example.com"], "resolution": "STATIC",
                   "ports": [{"number": 80, "name": "http", "protocol": "HTTP"}],
                   "workloadSelector": {"labels": {"version": "v4"}}}}
                """);
        String change = file("deployment.yaml", """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: reviews, namespace: shop}
                spec: {template: {metadata: {labels: {app: reviews}}}}
                """);

        assertThat(check(change).out()).doesNotContain("[no-matching-workloads]");
    }

    @Test
    void whatMayNotBeListedIsToldOnceAndStopsNothing() {
        server.forbid(SECRETS, "/api/v1/pods");
        server.doesNotServe(
                NETWORKING + "workloadentries",
                "/apis/networking.istio.io/v1beta1/workloadentries",
                "/apis/networking.istio.io/v1alpha3/workloadentries",
                "/apis/gateway.networking.k8s.io/v1/httproutes",
                "/apis/gateway.networking.k8s.io/v1beta1/httproutes");

        Run run = check();

        assertThat(run.code()).isZero();
        assertThat(run.err().lines().filter(line -> line.startsWith("note: ")))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("note: workloadentries.networking.istio.io: the cluster has no such"),
                        line -> assertThat(line)
                                .startsWith("note: secrets may not be listed, and the rest is judged without"),
                        line -> assertThat(line).startsWith("note: pods may not be listed"));
    }

    @Test
    void ofSecretsNothingButNamesLeavesTheReader() throws IOException {
        server.put(SECRETS, """
                {"metadata": {"name": "tls", "namespace": "shop",
                   "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "topsecret", "a": "topsecret"}},
                 "type": "kubernetes.io/tls", "data": {"tls.crt": "topsecret", "tls.key": "topsecret"},
                 "stringData": {"x": "topsecret"}}
                """);

        Listing listing = KubernetesObjects.list(server.clients(), Set.of());

        assertThat(listing.objects().toString()).doesNotContain("topsecret").doesNotContain("hidden");
        assertThat(listing.objects())
                .filteredOn(object -> object.kind().equals("Secret"))
                .singleElement()
                .extracting(ClusterObject::tree)
                .isInstanceOfSatisfying(
                        Map.class,
                        tree -> assertThat(tree.get("data")).isEqualTo(Map.of("tls.crt", "", "tls.key", "")));
    }

    @Test
    void namedNamespacesAloneAreRead() {
        Run run = check("--namespaces", "shop,other");

        assertThat(run.code()).isZero();
        assertThat(server.requests())
                .filteredOn(request -> !request.collection().endsWith("/namespaces"))
                .extracting(request -> request.namespace())
                .containsOnly("shop", "other");
    }

    @Test
    void aClusterThatCannotBeAskedIsAnError() throws IOException {
        server.stop();

        Run away = check();
        Run unknown = check("--context", "there");

        assertThat(away.code()).isEqualTo(2);
        assertThat(away.err()).contains("the API server at " + server.url());
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.err()).contains("it has no context there, only [here]");
    }

    @Test
    void whatIsNoKubernetesApiIsNoEmptyCluster() {
        server.always(Verb.LIST, Fault.status(404, "NotFound", "no such page"));

        Run run = check();

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .contains("what answers at the API server at " + server.url() + " is no Kubernetes API: it has no ")
                .contains("no such page", "correct the server in the kubeconfig");
    }

    @Test
    void whereNothingMayBeListedNothingIsSaidToBeGood() {
        server.always(Verb.LIST, Fault.status(403, "Forbidden", "User x cannot list"));

        Run all = check();
        Run named = check("--namespaces", "shop");

        assertThat(all.code()).isEqualTo(2);
        assertThat(all.err())
                .contains("nothing of the API server at " + server.url() + " may be listed", "User x cannot list")
                .contains("with --namespaces");
        assertThat(named.code()).isEqualTo(2);
        assertThat(named.err()).contains("in the namespaces that --namespaces names");
    }

    @Test
    void whoNamesNamespacesIsNotToldToNameThem() {
        server.forbid("/api/v1/namespaces");

        assertThat(check("--namespaces", "shop").err())
                .contains("note: namespaces may not be listed")
                .doesNotContain("--namespaces");
    }

    @Test
    void aBusyServerIsAskedAgainAndNotForEver() throws IOException {
        SkippingTiming timing = new SkippingTiming(1);
        server.next(Verb.LIST, Fault.status(429, "TooManyRequests", "slow down").retryAfter("7"));
        server.next(Verb.LIST, Fault.status(503, "ServiceUnavailable", "starting"));

        Listing listing = KubernetesObjects.list(server.clients(), Set.of(), timing);

        assertThat(listing.whole()).isTrue();
        assertThat(listing.objects()).hasSize(5);
        assertThat(timing.sleeps()).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(2));
        server.always(Verb.LIST, Fault.status(429, "TooManyRequests", "slow down"));
        assertThatThrownBy(() -> KubernetesObjects.list(server.clients(), Set.of(), timing))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("429 TooManyRequests: slow down");
    }

    @Test
    void answersThatAreNoListsAreToldWithoutWhatTheyHold() {
        server.next(Verb.LIST, Fault.raw("<html>topsecret</html>"));
        Run page = check();
        server.next(Verb.LIST, Fault.raw("{\"items\": [{\"metadata\": {\"name\": topsecret}}]}"));
        Run broken = check();
        server.always(
                Verb.LIST,
                Fault.raw("{\"metadata\": {\"resourceVersion\": \"1\", \"continue\": \"again\"}, \"items\": []}"));
        Run endless = check();

        assertThat(List.of(page.code(), broken.code(), endless.code())).containsOnly(2);
        assertThat(page.err()).contains("does not answer as a Kubernetes API", "login page");
        assertThat(broken.err()).contains("the list cannot be read: it is not JSON, line 1, column ");
        assertThat(endless.err()).contains("never ends its list");
        assertThat(page.err() + broken.err()).doesNotContain("topsecret");
    }

    @Test
    void podsThatHaveDoneTheirWorkServeNobody() throws IOException {
        server.put("/api/v1/pods", """
                {"metadata": {"name": "job-1", "namespace": "shop", "labels": {"app": "reviews"}},
                 "status": {"phase": "Succeeded"}}
                """);

        assertThat(KubernetesObjects.list(server.clients(), Set.of()).objects())
                .extracting(ClusterObject::name)
                .contains("reviews-v1-x7k")
                .doesNotContain("job-1");
    }
}
