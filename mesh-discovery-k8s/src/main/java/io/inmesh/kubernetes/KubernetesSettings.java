package io.inmesh.kubernetes;

import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.kubernetes.KubernetesSettingsException.Problem;
import io.kubernetes.client.openapi.ApiClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How and what is read from a cluster. Immutable.
 *
 * @param kubeconfig file to use; null means in-cluster configuration where a service account is mounted, else
 *     {@code $KUBECONFIG}, else {@code ~/.kube/config}
 * @param context of the kubeconfig; null means its current one
 * @param client makes a client instead, anew at each call; null means from the configuration above
 * @param self who is calling: decides the own namespace, node, zone and the cluster domain
 * @param namespaces whose services and rules are read; empty means all, or only the own one where reading all is
 *     forbidden
 * @param services which services are watched
 * @param endpoints which resource endpoints are read from
 * @param nodes whether Nodes are read for region and subzone (needs {@code list} and {@code watch} of nodes)
 * @param policies whether AuthorizationPolicies and RequestAuthentications are read beside the other rules (needs
 *     {@code list} and {@code watch} of them)
 * @param snapshotFile where the last table is kept for a cold start without the API server; null means nowhere
 * @param snapshotMaxAge older files are not used
 * @param startWait longest wait for the API server at start
 * @param watchTimeout shortest life of a watch, see the docs
 * @param silence longest time without a sign of life on a watch
 * @param minBackoff first pause after a failure
 * @param maxBackoff longest pause after a failure
 * @param safetyRelist time between two lists that only compare; zero means never
 */
public record KubernetesSettings(
        @Nullable Path kubeconfig,
        @Nullable String context,
        @Nullable Callable<ApiClient> client,
        WorkloadIdentity self,
        List<String> namespaces,
        ServiceScope services,
        EndpointResource endpoints,
        boolean nodes,
        boolean policies,
        @Nullable Path snapshotFile,
        Duration snapshotMaxAge,
        Duration startWait,
        Duration watchTimeout,
        Duration silence,
        Duration minBackoff,
        Duration maxBackoff,
        Duration safetyRelist) {
    static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    static final Pattern DNS_NAME = Pattern.compile(DNS_LABEL.pattern() + "(\\." + DNS_LABEL.pattern() + ")*");

    public KubernetesSettings {
        namespaces = List.copyOf(namespaces);
    }

    /** Starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects settings. Not thread-safe. */
    public static final class Builder {
        private @Nullable Path kubeconfig;
        private @Nullable String context;
        private @Nullable Callable<ApiClient> client;
        private WorkloadIdentity self = WorkloadIdentity.DEFAULT;
        private List<String> namespaces = List.of();
        private ServiceScope services = ServiceScope.NEEDED;
        private EndpointResource endpoints = EndpointResource.AUTO;
        private boolean nodes;
        private boolean policies;
        private @Nullable Path snapshotFile;
        private Duration snapshotMaxAge = Duration.ofHours(24);
        private Duration startWait = Duration.ofSeconds(5);
        private Duration watchTimeout = Duration.ofMinutes(5);
        private Duration silence = Duration.ofSeconds(45);
        private Duration minBackoff = Duration.ofMillis(800);
        private Duration maxBackoff = Duration.ofSeconds(30);
        private Duration safetyRelist = Duration.ofMinutes(30);

        private Builder() {}

        /** A kubeconfig file. */
        public Builder kubeconfig(Path file) {
            kubeconfig = file;
            return this;
        }

        /** A context of the kubeconfig. */
        public Builder context(String name) {
            context = name;
            return this;
        }

        /**
         * A client of one's own making. HTTP/2 connections are pinged every 15 s, or as often as it says where that is more
         * often.
         *
         * <p>Whoever makes one declares {@code io.kubernetes:client-java} as a dependency: this module brings
         * {@link ApiClient}, but leaves out what client-java needs for client certificates, for instance.
         */
        public Builder client(Callable<ApiClient> newClient) {
            client = newClient;
            return this;
        }

        /** Who is calling; {@link WorkloadIdentity#DEFAULT} unless told. */
        public Builder self(WorkloadIdentity newSelf) {
            self = newSelf;
            return this;
        }

        /** Only these namespaces. */
        public Builder namespaces(List<String> names) {
            namespaces = names;
            return this;
        }

        /** {@link ServiceScope#NEEDED} unless told. */
        public Builder services(ServiceScope scope) {
            services = scope;
            return this;
        }

        /** {@link EndpointResource#AUTO} unless told. */
        public Builder endpoints(EndpointResource resource) {
            endpoints = resource;
            return this;
        }

        /** Reads Nodes for region and subzone. */
        public Builder nodes(boolean read) {
            nodes = read;
            return this;
        }

        /** Reads AuthorizationPolicies and RequestAuthentications, too. */
        public Builder policies(boolean read) {
            policies = read;
            return this;
        }

        /** Keeps the table on disk. */
        public Builder snapshotFile(Path file) {
            snapshotFile = file;
            return this;
        }

        /** 24 h unless told. */
        public Builder snapshotMaxAge(Duration age) {
            snapshotMaxAge = age;
            return this;
        }

        /** 5 s unless told. */
        public Builder startWait(Duration wait) {
            startWait = wait;
            return this;
        }

        /** 5 min unless told. */
        public Builder watchTimeout(Duration timeout) {
            watchTimeout = timeout;
            return this;
        }

        /**
         * 45 s unless told. It counts as it is for HTTP/1.1, where watches are asked for that are shorter than that, so
         * that a sound connection always speaks in time; over HTTP/2, whose pings find a dead connection within 30 s, it
         * counts twice, since the server sends a bookmark about once a minute.
         */
        public Builder silence(Duration longest) {
            silence = longest;
            return this;
        }

        /** 0.8 s to 30 s unless told. */
        public Builder backoff(Duration min, Duration max) {
            minBackoff = min;
            maxBackoff = max;
            return this;
        }

        /** 30 min unless told; zero means never. */
        public Builder safetyRelist(Duration interval) {
            safetyRelist = interval;
            return this;
        }

        /**
         * The settings.
         *
         * @throws KubernetesSettingsException when a duration is negative or zero where that makes no sense, a namespace or
         *     the cluster domain is not a DNS name, or {@code client} meets {@code kubeconfig} or {@code context}; names
         *     all such settings
         */
        public KubernetesSettings build() {
            List<Problem> problems = problems();
            if (!problems.isEmpty()) {
                throw new KubernetesSettingsException(problems);
            }
            return new KubernetesSettings(
                    kubeconfig,
                    context,
                    client,
                    self,
                    namespaces,
                    services,
                    endpoints,
                    nodes,
                    policies,
                    snapshotFile,
                    snapshotMaxAge,
                    startWait,
                    watchTimeout,
                    silence,
                    minBackoff,
                    maxBackoff,
                    safetyRelist);
        }

        private List<Problem> problems() {
            List<Problem> problems = new ArrayList<>();
            if (client != null && (kubeconfig != null || context != null)) {
                problems.add(new Problem(
                        "client", "is given beside kubeconfig or context, which it would ignore; give one of them"));
            }
            for (String namespace : namespaces) {
                name("namespaces", namespace, DNS_LABEL, problems);
            }
            name("self.namespace", self.namespace(), DNS_LABEL, problems);
            name("self.clusterDomain", self.clusterDomain(), DNS_NAME, problems);
            positive("snapshotMaxAge", snapshotMaxAge, problems);
            notNegative("startWait", startWait, problems);
            positive("watchTimeout", watchTimeout, problems);
            positive("silence", silence, problems);
            positive("minBackoff", minBackoff, problems);
            positive("maxBackoff", maxBackoff, problems);
            if (maxBackoff.compareTo(minBackoff) < 0) {
                problems.add(new Problem(
                        "maxBackoff", "is " + maxBackoff + " and so shorter than minBackoff, " + minBackoff));
            }
            notNegative("safetyRelist", safetyRelist, problems);
            return problems;
        }

        private static void name(String setting, String value, Pattern pattern, List<Problem> problems) {
            if (!pattern.matcher(value).matches()) {
                problems.add(new Problem(
                        setting,
                        "has \"" + value + "\", which is not a "
                                + (pattern.equals(DNS_NAME)
                                        ? "domain (labels of a-z, 0-9 and -, parted by dots)"
                                        : "namespace's name (a-z, 0-9 and -, up to 63)")));
            }
        }

        private static void positive(String setting, Duration value, List<Problem> problems) {
            if (value.compareTo(Duration.ZERO) <= 0) {
                problems.add(new Problem(setting, "is " + value + "; it must be longer than zero"));
            }
        }

        private static void notNegative(String setting, Duration value, List<Problem> problems) {
            if (value.isNegative()) {
                problems.add(new Problem(setting, "is " + value + "; it must not be negative"));
            }
        }
    }
}
