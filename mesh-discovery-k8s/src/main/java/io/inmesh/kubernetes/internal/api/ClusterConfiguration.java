package io.inmesh.kubernetes.internal.api;

import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.Config;
import io.kubernetes.client.util.KubeConfig;
import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * Finds out which API server to talk to and with which credentials: a kubeconfig that was named, else the service
 * account of the pod, else {@code $KUBECONFIG}, else {@code ~/.kube/config}. Files are read anew at each call, so
 * rotated credentials and certificates are seen. Stateless but for what it was made with.
 */
public final class ClusterConfiguration implements Callable<ApiClient> {
    private final @Nullable Path kubeconfig;
    private final @Nullable String context;
    private final Map<String, String> environment;
    private final Path home;
    private final Path serviceAccount;

    /**
     * Looks at the given places.
     *
     * @param kubeconfig file to use, null to look for one
     * @param context of the kubeconfig, null for its current one
     * @param environment variables of the process
     * @param home directory that holds {@code .kube}
     * @param serviceAccount directory in which Kubernetes mounts the pod's token
     */
    ClusterConfiguration(
            @Nullable Path kubeconfig,
            @Nullable String context,
            Map<String, String> environment,
            Path home,
            Path serviceAccount) {
        this.kubeconfig = kubeconfig;
        this.context = context;
        this.environment = environment;
        this.home = home;
        this.serviceAccount = serviceAccount;
    }

    /** Looks at this process's environment. */
    public static ClusterConfiguration ofProcess(@Nullable Path kubeconfig, @Nullable String context) {
        return new ClusterConfiguration(
                kubeconfig,
                context,
                System.getenv(),
                Path.of(System.getProperty("user.home", "")),
                Path.of(Config.SERVICEACCOUNT_ROOT));
    }

    /**
     * Makes a client.
     *
     * @throws IOException when no configuration is found, or the one found cannot be used; says where and what to do
     */
    @Override
    public ApiClient call() throws IOException {
        if (kubeconfig != null) {
            return fromFile(kubeconfig);
        }
        // A context is a word of kubeconfigs, so whoever names one does not mean the service account.
        if (context == null && Files.isRegularFile(serviceAccount.resolve("token"))) {
            return fromServiceAccount();
        }
        List<Path> candidates = candidates();
        for (Path candidate : candidates) {
            if (Files.exists(candidate)) {
                return fromFile(candidate);
            }
        }
        throw new IOException(
                "no way to the Kubernetes API server is configured: there is neither a service account in "
                        + serviceAccount + " nor a kubeconfig in "
                        + String.join(
                                ", ", candidates.stream().map(Path::toString).toList())
                        + "; run inside a pod, set KUBECONFIG, or name a kubeconfig in the settings (--kubeconfig on the"
                        + " command line)");
    }

    private List<Path> candidates() {
        List<Path> candidates = new ArrayList<>();
        for (String file : environment.getOrDefault("KUBECONFIG", "").split(File.pathSeparator, -1)) {
            if (!file.isBlank()) {
                candidates.add(Path.of(file));
            }
        }
        if (candidates.isEmpty()) {
            candidates.add(home.resolve(".kube").resolve("config"));
        }
        return candidates;
    }

    private ApiClient fromServiceAccount() throws IOException {
        try {
            return BareClient.build(ClientBuilder.cluster());
        } catch (IOException | RuntimeException unusable) {
            throw new IOException(
                    "the service account in " + serviceAccount + " cannot be used (" + reason(unusable)
                            + "); mount it whole (automountServiceAccountToken) or name a kubeconfig in the settings (--kubeconfig on the"
                            + " command line)",
                    unusable);
        }
    }

    private ApiClient fromFile(Path file) throws IOException {
        try {
            RecordedKubeConfig config = read(file);
            if (config.getServer() == null) {
                throw new IOException("context " + config.getCurrentContext() + " names no server");
            }
            return BareClient.build(builder(config));
        } catch (IOException | RuntimeException unusable) {
            throw new IOException("kubeconfig " + file + " cannot be used: " + reason(unusable), unusable);
        }
    }

    /** client-java's, but for client certificates. */
    static ClientBuilder builder(RecordedKubeConfig config) throws IOException {
        ClientBuilder builder = ClientBuilder.kubeconfig(config);
        ClientCertificate certificate = ClientCertificate.of(config);
        return certificate == null ? builder : builder.setAuthentication(certificate);
    }

    private RecordedKubeConfig read(Path file) throws IOException {
        KubeConfig read;
        try (Reader text = Files.newBufferedReader(file)) {
            read = KubeConfig.loadKubeConfig(text);
        } catch (MarkedYAMLException broken) {
            throw new IOException(withoutText(broken));
        }
        RecordedKubeConfig config = new RecordedKubeConfig(read);
        config.setFile(file.toAbsolutePath().toFile());
        String wanted = context == null ? read.getCurrentContext() : context;
        if (wanted == null || wanted.isEmpty()) {
            throw new IOException(
                    "it has no current-context; set one or name a context (--context on the command line), of "
                            + contexts(config));
        }
        if (!config.setContext(wanted)) {
            throw new IOException("it has no context " + wanted + ", only " + contexts(config));
        }
        return config;
    }

    private static List<String> contexts(KubeConfig config) {
        List<String> names = new ArrayList<>();
        for (Object entry : config.getContexts() == null ? List.of() : config.getContexts()) {
            if (entry instanceof Map<?, ?> fields) {
                names.add(String.valueOf(fields.get("name")));
            }
        }
        return names;
    }

    /** The exception itself quotes the line, and that may hold a token. */
    private static String withoutText(MarkedYAMLException broken) {
        Mark mark = broken.getProblemMark();
        return "it is not YAML"
                + (mark == null ? "" : ", line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1));
    }

    private static String reason(Exception failure) {
        if (failure instanceof NoSuchFileException) {
            return "there is no such file";
        }
        String message = failure.getMessage();
        return message == null || failure instanceof RuntimeException ? failure.toString() : message;
    }
}
