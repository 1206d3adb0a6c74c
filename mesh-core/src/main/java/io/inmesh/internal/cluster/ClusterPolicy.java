package io.inmesh.internal.cluster;

import io.inmesh.endpoint.ServicePort;
import io.inmesh.model.ClientTlsSettings;
import io.inmesh.model.ConnectionPoolSettings;
import io.inmesh.model.ConnectionPoolSettings.H2UpgradePolicy;
import io.inmesh.model.DestinationExtras;
import io.inmesh.model.LoadBalancerSettings;
import io.inmesh.model.LoadBalancerSettings.Simple;
import io.inmesh.model.OutlierDetection;
import io.inmesh.model.TrafficPolicy;
import io.inmesh.model.TrafficPolicy.PortTrafficPolicy;
import io.inmesh.model.TrafficPolicy.RetryBudget;
import org.jspecify.annotations.Nullable;

/**
 * What DestinationRules ask for of one cluster, tunnel and proxy protocol excepted, merged over rule, subset and port.
 * Immutable; clusters of equal policies are called alike.
 *
 * @param loadBalancer LEAST_REQUEST where no rule says; its {@code simple} is null only beside a {@code consistentHash}
 * @param connectionPool null where no rule says
 * @param outlierDetection null where no rule says: off
 * @param tls null where no rule says: as the caller writes the URL
 * @param retryBudget null where no rule says
 * @param extras what InMesh does beyond Istio's fields
 */
public record ClusterPolicy(
        LoadBalancerSettings loadBalancer,
        @Nullable ConnectionPoolSettings connectionPool,
        @Nullable OutlierDetection outlierDetection,
        @Nullable ClientTlsSettings tls,
        @Nullable RetryBudget retryBudget,
        DestinationExtras extras) {
    /** What holds where no rule says anything. */
    public static final ClusterPolicy DEFAULT =
            new ClusterPolicy(new LoadBalancerSettings(Simple.LEAST_REQUEST, null, null, null), null, null, null, null);

    /** Gives one algorithm one name. */
    public ClusterPolicy {
        if (loadBalancer.consistentHash() == null) {
            loadBalancer = withAlgorithm(loadBalancer, algorithm(loadBalancer.simple()));
        }
    }

    /** A policy of Istio's fields alone. */
    public ClusterPolicy(
            LoadBalancerSettings loadBalancer,
            @Nullable ConnectionPoolSettings connectionPool,
            @Nullable OutlierDetection outlierDetection,
            @Nullable ClientTlsSettings tls,
            @Nullable RetryBudget retryBudget) {
        this(loadBalancer, connectionPool, outlierDetection, tls, retryBudget, DestinationExtras.NONE);
    }

    /** A policy of a balancer alone. */
    public static ClusterPolicy balancedBy(Simple simple) {
        return DEFAULT.withBalancer(simple);
    }

    /**
     * This policy where a more specific one says nothing. Istio: what is given for the port replaces all of the more
     * specific policy and of this one, also where it leaves a block out; the retry budget and the extras, which ports do not have, stay.
     *
     * @param specific null for none
     */
    public ClusterPolicy overriddenBy(@Nullable TrafficPolicy specific, int port) {
        if (specific == null) {
            return this;
        }
        RetryBudget budget = or(specific.retryBudget(), retryBudget);
        for (PortTrafficPolicy ofPort : specific.portLevelSettings()) {
            if (ofPort.port() == port) {
                return new ClusterPolicy(
                        or(ofPort.loadBalancer(), DEFAULT.loadBalancer()),
                        ofPort.connectionPool(),
                        ofPort.outlierDetection(),
                        ofPort.tls(),
                        budget,
                        extras);
            }
        }
        return new ClusterPolicy(
                or(specific.loadBalancer(), loadBalancer),
                or(specific.connectionPool(), connectionPool),
                or(specific.outlierDetection(), outlierDetection),
                or(specific.tls(), tls),
                budget,
                extras);
    }

    private static LoadBalancerSettings or(@Nullable LoadBalancerSettings specific, LoadBalancerSettings general) {
        return specific == null ? general : specific;
    }

    private static <T> @Nullable T or(@Nullable T specific, @Nullable T general) {
        return specific == null ? general : specific;
    }

    /** The same but for the algorithm of the balancer. */
    public ClusterPolicy withBalancer(Simple simple) {
        return new ClusterPolicy(
                withAlgorithm(loadBalancer, simple), connectionPool, outlierDetection, tls, retryBudget, extras);
    }

    /** The same with these extras. */
    public ClusterPolicy withExtras(DestinationExtras other) {
        return new ClusterPolicy(loadBalancer, connectionPool, outlierDetection, tls, retryBudget, other);
    }

    /** The algorithm in force: LEAST_REQUEST, ROUND_ROBIN, RANDOM or PASSTHROUGH. */
    public Simple balancer() {
        return algorithm(loadBalancer.simple());
    }

    private static Simple algorithm(@Nullable Simple simple) {
        return simple == null || simple == Simple.UNSPECIFIED || simple == Simple.LEAST_CONN
                ? Simple.LEAST_REQUEST
                : simple;
    }

    private static LoadBalancerSettings withAlgorithm(LoadBalancerSettings settings, Simple simple) {
        return new LoadBalancerSettings(simple, null, settings.localityLbSetting(), settings.warmup());
    }

    /** What ejects hosts, for people; null where no rule asks for it. */
    public @Nullable String ejections() {
        OutlierPolicy policy = OutlierPolicy.of(outlierDetection);
        return policy == null ? null : policy.words();
    }

    /** Whether HTTP/2 is spoken to a port also where nothing negotiates it, that is without TLS. */
    public boolean http2(ServicePort port) {
        ConnectionPoolSettings.Http http = connectionPool == null ? null : connectionPool.http();
        if (http == null) {
            return port.isHttp2();
        }
        return !http.useClientProtocol() && (port.isHttp2() || http.h2UpgradePolicy() == H2UpgradePolicy.UPGRADE);
    }
}
