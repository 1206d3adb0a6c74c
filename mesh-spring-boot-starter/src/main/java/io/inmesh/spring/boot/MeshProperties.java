package io.inmesh.spring.boot;

import io.inmesh.OutboundTrafficPolicy;
import io.inmesh.config.RuleUser;
import io.inmesh.config.UnsupportedFields;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.endpoint.DnsLookupFamily;
import io.inmesh.endpoint.WorkloadIdentity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Everything under {@code mesh.} in the application's properties. Binding only: {@link PropertyCheck} has looked at the
 * names before, because binding drops what it does not know.
 *
 * @param enabled Whether InMesh routes the application's HTTP clients.
 * @param namespace Namespace of this application; short host names and rules without a namespace belong to it. Defaults
 *     to the environment variable POD_NAMESPACE, then to 'default'.
 * @param labels Labels of this application, for rules with 'sourceLabels' or 'workloadSelector'; beside those that a
 *     pod tells of itself.
 * @param locality Where this application runs, as 'region/zone/subzone'; missing parts are unknown. Defaults to what a
 *     pod tells of itself.
 * @param node Name of the machine that this application runs on. Defaults to the environment variable NODE_NAME.
 * @param clusterDomain Suffix of the full names of services. Defaults to that of the cluster in a pod, and to
 *     'cluster.local' elsewhere.
 * @param outboundTrafficPolicy What happens to calls to hosts that no rule and no service names.
 * @param config Rule files.
 * @param dns Names of ServiceEntries and of aliases that lead out of the cluster.
 * @param http Calls to hosts of the mesh, of all HTTP clients of Spring.
 * @param clients HTTP clients that the mesh gets in front of.
 * @param health What health says of the mesh.
 * @param resources Istio rules written here, as block scalars; the name of each is free, and each may hold several
 *     documents.
 * @param services Services in the short form; the key is the host as it is written in a URL.
 * @param kubernetes Kubernetes cluster.
 * @param gateway Gateway in front of services.
 * @param inbound Requests that come in at servlets.
 * @param telemetry Metrics, traces and the log of calls.
 * @param console Page that shows what the mesh does.
 */
@ConfigurationProperties("mesh")
public record MeshProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable String namespace,
        @DefaultValue Map<String, String> labels,
        @Nullable String locality,
        @Nullable String node,
        @Nullable String clusterDomain,
        @DefaultValue("allow-any") OutboundTrafficPolicy outboundTrafficPolicy,
        @DefaultValue Config config,
        @DefaultValue Dns dns,
        @DefaultValue Http http,
        @DefaultValue Clients clients,
        @DefaultValue Health health,
        @DefaultValue Map<String, String> resources,
        @DefaultValue Map<String, ServiceProperties> services,
        @DefaultValue @NestedConfigurationProperty KubernetesProperties kubernetes,
        @DefaultValue @NestedConfigurationProperty GatewayProperties gateway,
        @DefaultValue @NestedConfigurationProperty InboundProperties inbound,
        @DefaultValue @NestedConfigurationProperty TelemetryProperties telemetry,
        @DefaultValue @NestedConfigurationProperty ConsoleProperties console) {

    /**
     * The reader of rules.
     *
     * @param application for whom they are read in an application that is no gateway
     */
    ConfigReader reader(WorkloadIdentity self, RuleUser application) {
        return ConfigReader.sensible()
                .withUnsupported(config.unsupported())
                .withDefaultNamespace(self.namespace())
                .forUser(gateway.enabled() ? RuleUser.GATEWAY : application);
    }

    /**
     * Rule files.
     *
     * @param locations Places of Istio rule files: 'classpath:', 'classpath*:' or 'file:', each a file or a directory
     *     with a trailing slash; 'optional:' in front allows a place to be missing.
     * @param watch Whether files and directories outside the class path are watched for changes.
     * @param unsupported What happens to a field that Istio knows and InMesh does not execute.
     * @param failFast Whether the application does not start while rules that are written for it have errors. With 'false'
     *     it starts with what is good of them.
     */
    public record Config(
            @DefaultValue("optional:classpath:mesh/") List<String> locations,
            @DefaultValue("true") boolean watch,
            @DefaultValue("sensible") UnsupportedFields unsupported,
            @DefaultValue("true") boolean failFast) {}

    /**
     * Names of ServiceEntries and of aliases that lead out of the cluster.
     *
     * @param lookupFamily Which addresses of a name are called: IPv4, IPv6 or both.
     */
    public record Dns(@DefaultValue("auto") DnsLookupFamily lookupFamily) {}

    /**
     * Calls to hosts of the mesh. What is set for a Spring client goes before what is set here.
     *
     * @param maxIdleConnections Idle connections that are kept, to all endpoints together; more are closed, the oldest
     *     first. Fewer than there are endpoints in use cost a connection for many a call.
     * @param keepAlive How long an idle connection is kept.
     * @param connectTimeout How long connecting to an endpoint may take. Defaults to 10 seconds; 0 stands for no limit.
     * @param readTimeout How long a call may wait for the next bytes of an answer. Without it there is no limit but the
     *     timeouts of rules.
     * @param writeTimeout How long sending the next bytes of a request may take. Defaults to the read timeout.
     * @param retryBodySize How much of a request's body that can be taken only once is kept while it is sent, where a rule
     *     has retries; a call with more is not made again once it was sent. 0 keeps nothing.
     */
    public record Http(
            @DefaultValue("1024") int maxIdleConnections,
            @DefaultValue("5m") Duration keepAlive,
            @Nullable Duration connectTimeout,
            @Nullable Duration readTimeout,
            @Nullable Duration writeTimeout,
            @DefaultValue("64KB") DataSize retryBodySize) {}

    /**
     * HTTP clients that the mesh gets in front of.
     *
     * @param exclude Names of beans that stay as they are; '*' stands for any characters.
     * @param okhttp Whether OkHttpClient beans are meshed, too, where mesh-okhttp is on the class path.
     */
    public record Clients(
            @DefaultValue List<String> exclude,
            @DefaultValue("false") boolean okhttp) {}

    /**
     * Health.
     *
     * @param readinessWaitsForRules Whether the readiness probe says OUT_OF_SERVICE until every source of rules has had
     *     rules that are in force as a whole once.
     */
    public record Health(@DefaultValue("false") boolean readinessWaitsForRules) {}
}
