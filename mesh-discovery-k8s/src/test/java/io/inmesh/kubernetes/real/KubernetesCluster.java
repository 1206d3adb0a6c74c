package io.inmesh.kubernetes.real;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** A real control plane, started and stopped by the scripts in {@code .ci/real}. Not thread-safe. */
final class KubernetesCluster implements AutoCloseable {
    private static final Path WORK = Path.of(property("kubernetes.work"));
    private static final Path SCRIPTS = Path.of(property("kubernetes.scripts"));

    private final Path directory;
    private final List<String> prefix;
    private final Map<String, String> environment;

    /** A process of the control plane. */
    enum Part {
        ETCD("etcd"),
        API_SERVER("kube-apiserver"),
        CONTROLLERS("kube-controller-manager");

        private final String program;

        Part(String program) {
            this.program = program;
        }
    }

    private KubernetesCluster(Path directory, List<String> prefix, Map<String, String> environment) {
        this.directory = directory;
        this.prefix = prefix;
        this.environment = environment;
    }

    /** The one that test classes share, each in namespaces of its own; it runs until the JVM ends. */
    static KubernetesCluster shared() {
        return Shared.CLUSTER;
    }

    /** One of the caller's own, to be broken. */
    static KubernetesCluster start(String name) {
        return start(name, List.of(), Map.of());
    }

    /**
     * The same, elsewhere.
     *
     * @param prefix put before the commands that start it
     * @param settings for {@code kube-up}
     */
    static KubernetesCluster start(String name, List<String> prefix, Map<String, String> settings) {
        Map<String, String> environment = new java.util.HashMap<>(settings);
        environment.put("KUBEBUILDER_ASSETS", property("kubernetes.assets"));
        Path directory = WORK.resolve(name);
        delete(directory);
        KubernetesCluster cluster = new KubernetesCluster(directory, prefix, environment);
        cluster.up();
        return cluster;
    }

    /** What the build tells the tests. */
    static String property(String name) {
        return Objects.requireNonNull(
                System.getProperty(name), () -> name + " is not set: run these tests with .ci/real/tests");
    }

    /** Starts what does not run, and returns when all is ready. */
    void up() {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(SCRIPTS.resolve("kube-up").toString(), directory.toString()));
        Commands.run(environment, command);
    }

    /** Stops parts, or everything, in order. */
    void stop(Part... parts) {
        down(Map.of(), parts);
    }

    /** Ends parts, or everything, at once. */
    void kill(Part... parts) {
        down(Map.of("KILL", "1"), parts);
    }

    private void down(Map<String, String> how, Part... parts) {
        List<String> command =
                new ArrayList<>(List.of(SCRIPTS.resolve("kube-down").toString(), directory.toString()));
        Arrays.stream(parts).forEach(part -> command.add(part.program));
        Commands.run(how, command);
    }

    /** Keeps what etcd has on disk; nothing may be running. */
    void saveData() {
        copy(directory.resolve("etcd"), directory.resolve("saved"));
    }

    /** Puts back what was kept: time goes back, and with it resource versions. Nothing may be running. */
    void restoreData() {
        copy(directory.resolve("saved"), directory.resolve("etcd"));
    }

    /** For the admin. */
    Path kubeconfig() {
        return directory.resolve("kubeconfig");
    }

    /** For a service account, with a real token that is bound to it, in its own namespace. */
    Path kubeconfig(String namespace, String serviceAccount) {
        String token = kubectl("create", "token", serviceAccount, "-n", namespace, "--duration", "1h")
                .strip();
        try {
            String admin = Files.readString(kubeconfig());
            String config = admin.replaceFirst("user: \\{.*}", "user: {token: " + token + "}")
                    .replace("namespace: default", "namespace: " + namespace);
            return Files.writeString(directory.resolve("kubeconfig-" + namespace + "-" + serviceAccount), config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs kubectl as the admin and returns what it prints. */
    String kubectl(String... arguments) {
        List<String> command =
                new ArrayList<>(List.of("kubectl", "--kubeconfig", kubeconfig().toString()));
        command.addAll(List.of(arguments));
        return Commands.run(Map.of(), command);
    }

    /** {@code kubectl apply} of a manifest that is not in a file. */
    void apply(String manifest) {
        try {
            Path file = Files.writeString(Files.createTempFile(directory, "manifest", ".yaml"), manifest);
            kubectl("apply", "-f", file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The API as the admin has it. */
    ClusterApi api() {
        return ClusterApi.of(kubeconfig());
    }

    /**
     * Makes Istio's rules known to the API server: by Istio's own definitions where they are, else by ours, which accept
     * anything.
     */
    KubernetesCluster withIstioResources() {
        Path original = Path.of(property("istio.crds"));
        if (!Files.exists(original)) {
            System.out.println("Istio's definitions of its resources are not at " + original + "; using plain ones.");
            original = Path.of("src", "test", "resources", "istio-crds.yaml");
        }
        kubectl("apply", "--server-side", "-f", original.toString());
        kubectl(
                "wait",
                "--for=condition=Established",
                "--timeout=30s",
                "crd/virtualservices.networking.istio.io",
                "crd/destinationrules.networking.istio.io",
                "crd/serviceentries.networking.istio.io",
                "crd/workloadentries.networking.istio.io");
        return this;
    }

    @Override
    public void close() {
        kill();
    }

    private static void copy(Path from, Path to) {
        delete(to);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Shared {
        static final KubernetesCluster CLUSTER = start("shared").withIstioResources();

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(CLUSTER::close));
        }
    }
}
