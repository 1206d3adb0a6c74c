package io.inmesh;

import io.inmesh.call.CircuitBreakers;
import io.inmesh.call.Exchange;
import io.inmesh.call.RequestHead;
import io.inmesh.call.SimpleRequestHead;
import io.inmesh.config.ConfigSource;
import io.inmesh.config.SourceTexts;
import io.inmesh.endpoint.DnsLookupFamily;
import io.inmesh.endpoint.DnsResolver;
import io.inmesh.endpoint.EndpointSource;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.explain.EndpointState;
import io.inmesh.explain.Explanation;
import io.inmesh.explain.LimitUse;
import io.inmesh.internal.control.ControlLoop;
import io.inmesh.internal.control.ControlSettings;
import io.inmesh.internal.control.ControlStatus;
import io.inmesh.internal.engine.CallEngine;
import io.inmesh.internal.serviceentry.DnsSettings;
import io.inmesh.internal.snapshot.MeshSnapshot;
import io.inmesh.internal.snapshot.SnapshotCompiler;
import io.inmesh.internal.subscription.SubscriptionSettings;
import io.inmesh.internal.time.PerThreadRandom;
import io.inmesh.internal.time.Threads;
import io.inmesh.internal.time.TimeSource;
import io.inmesh.model.Authority;
import io.inmesh.model.InboundPolicy;
import io.inmesh.observe.MeshObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mesh of one process. Thread-safe. Made by {@link #builder()}, ended by {@link #close()}.
 */
public final class Mesh implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Mesh.class);

    private final List<ConfigSource> configSources;
    private final ControlLoop control;
    private final CallEngine engine;
    private final RandomGenerator random;
    private final boolean registryOnly;
    private final boolean servesGateways;
    private volatile @Nullable GatewayRules lastGatewayRules;
    private volatile boolean closed;

    private Mesh(
            List<ConfigSource> configSources,
            ControlLoop control,
            CallEngine engine,
            RandomGenerator random,
            boolean registryOnly,
            boolean servesGateways) {
        this.configSources = List.copyOf(configSources);
        this.control = control;
        this.engine = engine;
        this.random = random;
        this.registryOnly = registryOnly;
        this.servesGateways = servesGateways;
    }

    /** Starts to describe a mesh. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Runs one call through the mesh, on the calling thread.
     *
     * @throws io.inmesh.call.MeshException when the mesh ends the call without an answer
     * @throws IOException when the transport fails
     */
    public <R> R execute(Exchange<R> exchange) throws IOException {
        return closed ? exchange.passThrough() : engine.execute(control.snapshot(), exchange);
    }

    /** Tells what would happen to a request; sends nothing. */
    public Explanation explain(RequestHead head) {
        return explain(head, random);
    }

    /**
     * Tells what would happen to a request with given draws; sends nothing.
     *
     * @param draws draws destination, delay and abort, in this order, one {@code nextInt()} each
     */
    public Explanation explain(RequestHead head, RandomGenerator draws) {
        return control.snapshot().explain(head, draws, control.circumstances());
    }

    /**
     * Tells what would happen to a request; sends nothing.
     *
     * @param url absolute, http or https
     * @param headers by name
     * @throws IllegalArgumentException when the URL cannot be read
     */
    public Explanation explain(String method, String url, Map<String, List<String>> headers) {
        return explain(SimpleRequestHead.of(method, url, headers));
    }

    /**
     * The rules in force for requests that come in at gateways; to be asked for once for each request, which is then judged
     * and routed by one state of them. They stay usable after {@link #close}, so that requests under way get their answers.
     *
     * @throws IllegalStateException unless this mesh was built with {@link Builder#gateway}
     */
    public GatewayRules gatewayRules() {
        requireGateways();
        MeshSnapshot snapshot = control.snapshot();
        GatewayRules last = lastGatewayRules;
        if (last == null || !last.areOf(snapshot)) {
            last = new GatewayRules(snapshot, engine);
            lastGatewayRules = last;
        }
        return last;
    }

    /**
     * Policies in force for requests that come in at this application: those for its namespace and labels, and those of the
     * root namespace {@code istio-system}; the same instance as long as nothing in it has changed.
     */
    public InboundPolicy inboundPolicy() {
        return control.snapshot().inboundPolicy();
    }

    /**
     * Tells what would happen to a request that comes in at a gateway and that its policies let in; sends nothing.
     *
     * @param port {@code port.number} of the Gateway's server
     * @throws IllegalStateException unless this mesh was built with {@link Builder#gateway}
     */
    public Explanation explainAtGateway(int port, RequestHead head) {
        return explainAtGateway(port, head, random);
    }

    /**
     * The same with draws for weights and faults that the caller chooses.
     *
     * @param port {@code port.number} of the Gateway's server
     * @throws IllegalStateException unless this mesh was built with {@link Builder#gateway}
     */
    public Explanation explainAtGateway(int port, RequestHead head, RandomGenerator draws) {
        requireGateways();
        return control.snapshot().explainAtGateway(port, head, draws, control.circumstances());
    }

    private void requireGateways() {
        if (!servesGateways) {
            throw new IllegalStateException("this mesh serves no gateways; build it with Mesh.builder().gateway()");
        }
    }

    /**
     * Whether {@link #execute} does anything but pass calls to this authority through. Asking counts as a call: a service
     * that endpoint sources may know is watched from now on ({@link EndpointSource#mayKnow}).
     *
     * @param scheme decides the port where the authority has none
     * @param authority host with or without port
     */
    public boolean knows(String scheme, String authority) {
        if (closed || registryOnly) {
            return !closed;
        }
        boolean known = control.snapshot().routes().find(authority, Authority.port(authority, scheme)) != null;
        if (!known) {
            control.unknownHosts().passed(authority);
        }
        return known;
    }

    /** State of configuration and discovery, and of calls under way. */
    public MeshStatus status() {
        ControlStatus status = control.status();
        return new MeshStatus(
                status.generation(),
                status.publishedAt(),
                status.sources(),
                status.problems(),
                new MeshStatus.Attempts(
                        engine.runningAttempts(), engine.attemptsOlderThanAMinute(), engine.unclosedBodies()));
    }

    /**
     * Rules in force, as text for people: an entry a virtual host ({@code host:port}) in the order in which hosts are
     * looked up, each with its routes in the order in which they are tried.
     */
    public Map<String, List<String>> routes() {
        return RouteListing.of(control.snapshot().routes());
    }

    /** Services known with their endpoints, as discovery told them. */
    public List<ServiceEndpoints> services() {
        return control.services();
    }

    /**
     * Endpoints of each cluster that calls may go to, as its balancer sees them, in the order of discovery. A cluster that takes
     * addresses as requests name them has none.
     *
     * @return by {@code outbound|port|subset|fqdn}, in order
     */
    public Map<String, List<EndpointState>> clusters() {
        Map<String, List<EndpointState>> clusters = new TreeMap<>();
        control.snapshot().clusters().forEach((key, cluster) -> clusters.put(key.toString(), cluster.endpointStates()));
        return clusters;
    }

    /**
     * Limits that rules set to what each cluster lets run at once in this process ({@code connectionPool}, {@code retryBudget}),
     * and how much of them is in use.
     *
     * @return by {@code outbound|port|subset|fqdn}, in order; without clusters that have none
     */
    public Map<String, List<LimitUse>> limits() {
        return control.snapshot().limits();
    }

    /**
     * The limits of one cluster, and how much of them is in use.
     *
     * @param cluster {@code outbound|port|subset|fqdn}
     * @return empty when it has none, or is not known
     */
    public List<LimitUse> limits(String cluster) {
        return control.snapshot().limits(cluster);
    }

    /** Texts of the rules, by the name of their source; without sources that have none. */
    public Map<String, SourceTexts> texts() {
        Map<String, SourceTexts> texts = new LinkedHashMap<>();
        for (ConfigSource source : configSources) {
            SourceTexts known = source.texts();
            if (!known.isEmpty()) {
                texts.put(source.name(), known);
            }
        }
        return texts;
    }

    /**
     * Stops watching and closes the sources; calls that are under way go on, new ones are passed through. What was known
     * last can still be looked at. Idempotent.
     */
    @Override
    public void close() {
        closed = true;
        engine.close();
        control.close();
    }

    /** The snapshot in force, for tests. */
    MeshSnapshot snapshot() {
        return control.snapshot();
    }

    /** Describes a mesh. Not thread-safe; builds one mesh only, since sources are watched once. */
    public static final class Builder {
        private final List<ConfigSource> configSources = new ArrayList<>();
        private final List<EndpointSource> endpointSources = new ArrayList<>();
        private final Map<String, String> emptyPlaces = new LinkedHashMap<>();
        private final List<MeshObserver> observers = new ArrayList<>();
        private WorkloadIdentity self = WorkloadIdentity.DEFAULT;
        private OutboundTrafficPolicy outboundTrafficPolicy = OutboundTrafficPolicy.ALLOW_ANY;
        private DnsResolver dnsResolver = DnsResolver.system();
        private Duration dnsTtl = Duration.ofSeconds(30);
        private DnsLookupFamily dnsLookupFamily = DnsLookupFamily.AUTO;
        private Duration firstAnswerWait = Duration.ofSeconds(5);
        private Duration publishInterval = Duration.ofMillis(100);
        private Duration balancingWindow = Duration.ZERO;
        private Duration idleServices = Duration.ofMinutes(10);
        private boolean failFast = true;
        private boolean gateway;
        private boolean endpointLabels;
        private int retryBodyBytes = 65_536;
        private @Nullable CircuitBreakers circuitBreakers;
        private TimeSource time = TimeSource.system();
        private RandomGenerator random = PerThreadRandom.INSTANCE;
        private @Nullable Threads threads;

        private Builder() {}

        /** Adds a source of rules; later sources count as newer. The mesh closes it. */
        public Builder config(ConfigSource source) {
            configSources.add(source);
            return this;
        }

        /**
         * Tells of a place where rules were looked for and are not, so that the line at start names it.
         *
         * @param why in a few words, such as {@code the folder is missing}
         */
        public Builder emptyPlace(String place, String why) {
            emptyPlaces.put(place, why);
            return this;
        }

        /** Adds a source of endpoints; asked in order, after the ServiceEntries of the rules. The mesh closes it. */
        public Builder endpoints(EndpointSource source) {
            endpointSources.add(source);
            return this;
        }

        /** Who is calling; {@link WorkloadIdentity#DEFAULT} unless told. */
        public Builder self(WorkloadIdentity newSelf) {
            self = newSelf;
            return this;
        }

        /** What happens to unknown hosts; {@link OutboundTrafficPolicy#ALLOW_ANY} unless told. */
        public Builder outboundTrafficPolicy(OutboundTrafficPolicy policy) {
            outboundTrafficPolicy = policy;
            return this;
        }

        /**
         * How much of a request's body that can be taken only once is kept while it is sent, so that a retry can send it again;
         * 65,536 unless told. Kept only where the route's retries may follow what was sent; a call whose body turns out to be
         * longer is not retried once it was sent. 0 keeps nothing.
         *
         * @throws IllegalArgumentException when negative
         */
        public Builder retryBodyBytes(int bytes) {
            if (bytes < 0) {
                throw new IllegalArgumentException("retryBodyBytes is " + bytes + "; 0 or more is needed");
            }
            retryBodyBytes = bytes;
            return this;
        }

        /**
         * The circuit breakers of the application, which rules name by {@code inmesh.io/circuit-breaker}; those of a registry of
         * resilience4j are {@code RegistryCircuitBreakers.of(registry)}. None unless told: calls go unguarded then, and {@link
         * MeshStatus#problems} has the rules that name one.
         */
        public Builder circuitBreakers(CircuitBreakers breakers) {
            circuitBreakers = breakers;
            return this;
        }

        /** Adds an observer. */
        public Builder observer(MeshObserver observer) {
            observers.add(observer);
            return this;
        }

        /** Who resolves names of ServiceEntries; {@link DnsResolver#system} unless told. */
        public Builder dnsResolver(DnsResolver resolver) {
            dnsResolver = resolver;
            return this;
        }

        /** Longest time between two look-ups of a name; 30 s unless told, at least 1 s. */
        public Builder dnsTtl(Duration ttl) {
            dnsTtl = ttl;
            return this;
        }

        /** Which addresses of a name are called, by their family; {@link DnsLookupFamily#AUTO} unless told. */
        public Builder dnsLookupFamily(DnsLookupFamily family) {
            dnsLookupFamily = family;
            return this;
        }

        /**
         * Longest wait for what a source says first: at start, and later before rules that name new services are put in
         * force. 5 s unless told; zero waits for nothing.
         */
        public Builder firstAnswerWait(Duration wait) {
            firstAnswerWait = wait;
            return this;
        }

        /**
         * Shortest time from one snapshot to the next: a change after a quiet while is in force at once, those that follow
         * it sooner are put in force together. 100 ms unless told; zero for none.
         */
        public Builder publishInterval(Duration interval) {
            publishInterval = interval;
            return this;
        }

        /**
         * How long balancers let changes of the health of hosts come together after one that they have followed. Zero unless
         * told: an ejected host gets no call from the next one on. A sidecar has 1 s (Envoy: update_merge_window), so that of
         * several hosts ejected within a second only the first is spared at once.
         */
        public Builder balancingWindow(Duration window) {
            balancingWindow = window;
            return this;
        }

        /**
         * How long a service is watched that no rule names and nobody calls; 10 min unless told, at least 1 s.
         *
         * <p>A service that no rule names is watched once a call names it and some source may know it
         * ({@link EndpointSource#mayKnow}). That first call passes through at once, as if there were no mesh; the calls
         * after the source's first answer are balanced. With {@link OutboundTrafficPolicy#REGISTRY_ONLY} the first call
         * waits for the answer instead, {@link #firstAnswerWait} at most. What turns out not to exist goes on
         * being watched for 5 min (or half of this time if that is less), 50 such services at most: when it is created
         * meanwhile, its calls are balanced from then on. At most 1000 services are watched for calls alone. When the last
         * rule that names a service goes, its calls are what keeps it from then on, and none of them passes through.
         */
        public Builder idleServices(Duration idle) {
            idleServices = idle;
            return this;
        }

        /**
         * Whether {@link #build} fails when a source has no good configuration to begin with; true unless told. With false
         * the mesh begins with what is good of it, calls that a missing rule concerns may fail or go elsewhere, and {@link
         * MeshStatus#problems} and the log name what is wrong until a good configuration comes.
         */
        public Builder failFast(boolean fail) {
            failFast = fail;
            return this;
        }

        /**
         * This mesh also serves gateways: requests that come in are routed by the Gateways and VirtualServices of the rules,
         * through {@link Mesh#gatewayRules}. Not so unless told; nothing is compiled for gateways then. A Gateway's selector
         * is not looked at: the mesh serves all that it is given.
         */
        public Builder gateway() {
            gateway = true;
            return this;
        }

        /**
         * Asks for the labels of all endpoints, as observers want them that name workloads. Not so unless told: labels are
         * asked for where rules have subsets, because a source may have them only at a price, such as watching all pods.
         */
        public Builder endpointLabels() {
            endpointLabels = true;
            return this;
        }

        /** Puts time, randomness and threads into a test's hands; the mesh closes the threads. */
        Builder machinery(TimeSource newTime, RandomGenerator newRandom, Threads newThreads) {
            time = newTime;
            random = newRandom;
            threads = newThreads;
            return this;
        }

        /**
         * Builds and starts: reads every source, waits (bounded) for the first endpoints.
         *
         * @throws io.inmesh.config.ConfigException when a source has no good configuration to begin with and {@link
         *     #failFast} has not been switched off
         * @throws IllegalArgumentException when a duration makes no sense
         * @throws IllegalStateException when the thread is interrupted while waiting
         */
        public Mesh build() {
            boolean registryOnly = outboundTrafficPolicy == OutboundTrafficPolicy.REGISTRY_ONLY;
            ControlSettings settings = new ControlSettings(
                    new SubscriptionSettings(self, firstAnswerWait, idleServices, endpointLabels),
                    new DnsSettings(dnsResolver, dnsTtl, dnsLookupFamily),
                    publishInterval,
                    balancingWindow,
                    failFast);
            MeshObserver observer = SafeObserver.over(observers);
            SnapshotCompiler compiler = new SnapshotCompiler(
                    self,
                    registryOnly,
                    gateway,
                    random,
                    circuitBreakers == null ? null : new SafeCircuitBreakers(circuitBreakers));
            Threads own = threads == null ? Threads.daemon() : threads;
            ControlLoop control = new ControlLoop(
                    configSources, endpointSources, compiler::compile, settings, time, random, own, observer);
            control.start();
            LOG.info("{}", control.startReport(emptyPlaces));
            CallEngine engine = new CallEngine(
                    time,
                    random,
                    own.timer(),
                    own.copies(),
                    own.hedges(),
                    observer,
                    control.unknownHosts(),
                    retryBodyBytes);
            return new Mesh(configSources, control, engine, random, registryOnly, gateway);
        }
    }
}
