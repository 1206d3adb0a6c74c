package io.inmesh.kubernetes.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.cli.MeshCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code check --kubernetes} on a real API server, with the rights of an administrator and of one who may read little. */
@Tag("kubernetes")
class CheckedClusterTest {
    private static final KubernetesCluster CLUSTER = KubernetesCluster.shared();
    private static final String NAMESPACE = "checked";
    private static final String OBJECTS = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: checked}
            ---
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: reader, namespace: checked}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: reader, namespace: checked}
            rules:
            - {apiGroups: [""], resources: [services, pods], verbs: [list]}
            - {apiGroups: [networking.istio.io], resources: [virtualservices, destinationrules], verbs: [list]}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: reader, namespace: checked}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
            subjects: [{kind: ServiceAccount, name: reader, namespace: checked}]
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: key, namespace: checked}
            stringData: {password: topsecret}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: reviews, namespace: checked}
            spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: reviews, namespace: checked}
            spec: {host: reviews, subsets: [{name: v1, labels: {version: v1}}]}
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: reviews, namespace: checked}
            spec:
              hosts: [reviews]
              http:
              - match: [{uri: {prefix: /new}}]
                route: [{destination: {host: reviews, subset: v2}}]
              - route: [{destination: {host: reviews, subset: v1}}]
            """;

    @TempDir
    Path folder;

    private record Run(int code, String out, String err) {}

    @BeforeAll
    static void deploy() {
        CLUSTER.apply(OBJECTS);
    }

    private static Run check(Path kubeconfig, String... more) {
        String[] arguments = new String[6 + more.length];
        System.arraycopy(
                new String[] {"check", "--kubernetes", "--namespaces", NAMESPACE, "--kubeconfig", kubeconfig.toString()
                },
                0,
                arguments,
                0,
                6);
        System.arraycopy(more, 0, arguments, 6, more.length);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = MeshCommand.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new Run(code, out.toString(), err.toString());
    }

    @Test
    void whoMayReadEverythingIsToldOfTheFinding() {
        Run run = check(CLUSTER.kubeconfig());

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out().lines().filter(line -> line.endsWith("[subset-not-found]")))
                .singleElement()
                .asString()
                .startsWith("VirtualService/checked/reviews:0:0: warning: spec.http[0].route[0].destination.subset: ");
        assertThat(run.err()).doesNotContain("may not be listed");
        assertThat(run.out() + run.err()).doesNotContain("topsecret");
    }

    @Test
    void whoMayReadLittleIsToldWhatIsLeftOutAndTheSameFinding() {
        Run run = check(CLUSTER.kubeconfig(NAMESPACE, "reader"));

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("[subset-not-found]");
        assertThat(run.err().lines().filter(line -> line.startsWith("note: ")))
                .anySatisfy(line -> assertThat(line).startsWith("note: secrets of namespace checked may not be listed"))
                .anySatisfy(line -> assertThat(line).startsWith("note: namespaces may not be listed"));
    }

    @Test
    void aChangeThatMendsHasNoFindingAndOneThatBreaksHasItsOwn() throws IOException {
        String rule = """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: reviews, namespace: checked}
                spec: {host: reviews, subsets: [{name: %s, labels: {version: %s}}]}
                """;
        Path mends = Files.writeString(folder.resolve("mends.yaml"), rule.formatted("v1", "v1"));
        Path breaks = Files.writeString(folder.resolve("breaks.yaml"), rule.formatted("v2", "v2"));

        assertThat(check(CLUSTER.kubeconfig(), mends.toString()).out()).isEmpty();
        assertThat(check(CLUSTER.kubeconfig(), breaks.toString()).out().lines())
                .filteredOn(line -> line.endsWith("[subset-not-found]"))
                .singleElement()
                .asString()
                .contains("spec.http[1].route[0].destination.subset: ");
    }
}
