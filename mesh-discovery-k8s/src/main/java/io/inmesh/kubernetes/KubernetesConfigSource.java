package io.inmesh.kubernetes;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigSource;
import io.inmesh.config.ConfigUpdate;
import io.inmesh.config.RuleUser;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.kubernetes.internal.reflect.ReflectorSettings;
import io.inmesh.kubernetes.internal.reflect.ReflectorStatus;
import io.inmesh.kubernetes.internal.reflect.Reflectors;
import io.inmesh.kubernetes.internal.resource.ResourceType;
import io.inmesh.kubernetes.internal.rules.Knowledge;
import io.inmesh.kubernetes.internal.rules.RuleResource;
import io.inmesh.kubernetes.internal.rules.RuleSelection;
import io.inmesh.kubernetes.internal.rules.RuleWatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Istio's rules as custom resources of a cluster: VirtualService, DestinationRule and ServiceEntry of {@code
 * networking.istio.io} in the newest version that the server has, read as rule files are; for a gateway's reader also
 * Gateway, and where requests are judged, or with {@link KubernetesSettings#policies}, AuthorizationPolicy and
 * RequestAuthentication of {@code security.istio.io}. While nobody has told the policies by which requests are judged, all
 * are refused. Only reads.
 *
 * <p>Objects stand alone: one that is refused is told of as {@code Kind/namespace/name@resourceVersion}, its last good
 * version stays in force, and the others are used. So a bad rule in the cluster does not keep a process from starting,
 * either. Of objects that claim the same the older counts, as in Istio, and a rule from a file counts as oldest.
 *
 * <p>Namespaces are those of {@link KubernetesSettings#namespaces}; where none are named and reading all is forbidden, the
 * own one. Kinds that the server does not have, or does not let us read, are a problem that is told once, and are noticed
 * when they can be read. While the server is away what it said last stays in force; at a start without it that is what
 * the snapshot file holds, if there is one.
 *
 * <p>Thread-safe.
 */
public final class KubernetesConfigSource implements ConfigSource {
    private static final String NAME = "kubernetes rules";
    private static final String NEWEST_VERSION = "v1";
    private static final List<RuleResource> TRAFFIC =
            List.of(RuleResource.VIRTUAL_SERVICE, RuleResource.DESTINATION_RULE, RuleResource.SERVICE_ENTRY);

    private final KubernetesConnection connection;
    private final ConfigReader reader;
    private final AtomicReference<@Nullable RuleWatch> running = new AtomicReference<>();

    /**
     * Makes a source over a connection that the caller closes.
     *
     * @param reader decides what is done about fields that InMesh does not execute; its default namespace does not matter,
     *     since objects of a cluster have theirs
     */
    public KubernetesConfigSource(KubernetesConnection connection, ConfigReader reader) {
        this.connection = connection;
        this.reader = reader;
    }

    /**
     * {@inheritDoc}
     *
     * <p>Waits for the server's first answer for as long as {@link KubernetesSettings#startWait} says, together with the
     * other sources of the connection; without it the first update is what the snapshot file holds, or nothing, with a warning.
     *
     * @throws IllegalStateException when it is watched already
     */
    @Override
    public AutoCloseable watch(Consumer<ConfigUpdate> onUpdate) {
        KubernetesSettings settings = connection.settings();
        RuleWatch watch = new RuleWatch(
                NAME,
                new RuleSelection(
                        kinds(settings.policies(), reader.user()),
                        settings.namespaces(),
                        settings.self().namespace()),
                reader,
                Reflectors.at(connection.server(), type -> pace(connection, type), KubernetesConnection.timing()),
                KubernetesConnection.timing(),
                connection.startWait(),
                connection.snapshotFile(),
                onUpdate);
        if (!running.compareAndSet(null, watch)) {
            throw new IllegalStateException(NAME + " are watched already");
        }
        watch.begin();
        return watch;
    }

    /** What has effect on nobody here is not read, unless asked for. */
    private static List<RuleResource> kinds(boolean policies, RuleUser user) {
        List<RuleResource> kinds = new ArrayList<>(TRAFFIC);
        if (user.routesRequests()) {
            kinds.add(RuleResource.GATEWAY);
        }
        if (policies || user.judgesRequests()) {
            kinds.add(RuleResource.AUTHORIZATION_POLICY);
            kinds.add(RuleResource.REQUEST_AUTHENTICATION);
        }
        return kinds;
    }

    // Most servers that lack a kind lack it in all versions, and whoever installs it now installs the newest, too.
    static ReflectorSettings pace(KubernetesConnection connection, ResourceType<?> type) {
        return type.version().equals(NEWEST_VERSION) ? connection.pace() : connection.customPace();
    }

    /** How reading goes; {@link KubernetesStatus#services} is empty. */
    public KubernetesStatus status() {
        RuleWatch watch = running.get();
        if (watch == null) {
            return new KubernetesStatus(KubernetesStatus.State.STARTING, null, List.of(), Map.of(), List.of());
        }
        List<ReflectorStatus> watches = watch.watches();
        List<String> problems = new ArrayList<>();
        for (ConfigProblem problem : watch.problems()) {
            problems.add(problem.message() + "; " + problem.fix());
        }
        return new KubernetesStatus(
                state(watch.knowledge(), watches),
                WatchStatus.age(watches, KubernetesConnection.timing().now()),
                watches.stream().map(WatchStatus::of).toList(),
                Map.of(),
                problems);
    }

    /** Whether the server has told all rules that it lets us read, and goes on telling them. */
    @Override
    public boolean current() {
        return status().state() == KubernetesStatus.State.LIVE;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void close() {
        RuleWatch watch = running.get();
        if (watch != null) {
            watch.close();
        }
    }

    private static KubernetesStatus.State state(Knowledge knowledge, List<ReflectorStatus> watches) {
        return switch (knowledge) {
            case NOTHING -> KubernetesStatus.State.STARTING;
            case REMEMBERED -> KubernetesStatus.State.FROM_SNAPSHOT;
            case TOLD ->
                watches.stream().anyMatch(WatchStatus::isStale)
                        ? KubernetesStatus.State.STALE
                        : KubernetesStatus.State.LIVE;
        };
    }
}
