package io.inmesh.internal.control;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigSource;
import io.inmesh.config.ConfigUpdate;
import io.inmesh.internal.subscription.Closing;
import io.inmesh.internal.time.Mailbox;
import io.inmesh.model.AuthorizationPolicy;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.DestinationRule;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.VirtualService;
import io.inmesh.observe.SourceStatus;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One configuration source with the last good thing it said. Control thread only, but for the watch. */
final class ConfigSlot {
    private final ConfigSource source;

    /** Whether there must be a good configuration to begin with. */
    private final boolean failFast;

    private @Nullable MeshConfig good;

    /** What has been good of refused configurations, for a start without a good one. */
    private MeshConfig remainder = MeshConfig.EMPTY;

    private @Nullable Instant goodSince;
    private @Nullable ConfigUpdate latest;

    /** Written by the thread that starts, read by the one that closes; the caller orders the two. */
    private @Nullable AutoCloseable watch;

    ConfigSlot(ConfigSource source, boolean failFast) {
        this.source = source;
        this.failFast = failFast;
    }

    void watch(Mailbox<ConfigUpdate> mailbox) {
        watch = source.watch(mailbox::put);
    }

    /** Takes an update in; true when it differs from the one before. */
    boolean take(ConfigUpdate update, Instant now) {
        boolean news = !update.equals(latest);
        latest = update;
        MeshConfig config = config(update);
        if (config != null) {
            config = safe(config, good);
            good = config.equals(good) ? good : config;
            goodSince = now;
        } else if (update instanceof ConfigUpdate.Invalid invalid && makesDo()) {
            remainder = withMissing(safe(invalid.remainder(), remainder), remainder);
        }
        return news;
    }

    /** What an update says is to be used, null when it refuses the whole. */
    private static @Nullable MeshConfig config(ConfigUpdate update) {
        if (update instanceof ConfigUpdate.Valid valid) {
            return valid.config();
        }
        return update instanceof ConfigUpdate.Partial partial ? partial.config() : null;
    }

    /**
     * A new version of an object does not make calls fail that went well: the version before stays, as for a refused one. An
     * object without a past is in force as it is.
     */
    private static MeshConfig safe(MeshConfig newest, @Nullable MeshConfig before) {
        if (before == null) {
            return newest;
        }
        List<VirtualService> virtualServices = safe(newest.virtualServices(), before.virtualServices());
        List<DestinationRule> destinationRules = safe(newest.destinationRules(), before.destinationRules());
        return virtualServices == newest.virtualServices() && destinationRules == newest.destinationRules()
                ? newest
                : newest.toBuilder()
                        .virtualServices(virtualServices)
                        .destinationRules(destinationRules)
                        .build();
    }

    /** An object that a refused configuration lacks may be the one that it is refused for: its version before stays. */
    private static MeshConfig withMissing(MeshConfig newest, MeshConfig before) {
        return new MeshConfig(
                withMissing(newest.virtualServices(), before.virtualServices()),
                withMissing(newest.destinationRules(), before.destinationRules()),
                withMissing(newest.serviceEntries(), before.serviceEntries()),
                withMissing(newest.workloadEntries(), before.workloadEntries()),
                withMissing(newest.gateways(), before.gateways()),
                withMissing(policies(newest, before), known(before.authorizationPolicies())),
                withMissing(newest.requestAuthentications(), before.requestAuthentications()));
    }

    /** What stands in for a policy that cannot be read is not needed where there is a version before. */
    private static List<AuthorizationPolicy> policies(MeshConfig newest, MeshConfig before) {
        Map<String, AuthorizationPolicy> earlier = new HashMap<>();
        known(before.authorizationPolicies())
                .forEach(policy -> earlier.put(policy.meta().qualifiedName(), policy));
        Set<String> authentications = before.requestAuthentications().stream()
                .map(object -> object.meta().namespace() + "/" + AuthorizationPolicy.STANDS_FOR
                        + object.meta().name())
                .collect(Collectors.toSet());
        return newest.authorizationPolicies().stream()
                .filter(policy -> !policy.isStandIn()
                        || !authentications.contains(policy.meta().qualifiedName()))
                .map(policy ->
                        policy.isStandIn() ? earlier.getOrDefault(policy.meta().qualifiedName(), policy) : policy)
                .toList();
    }

    private static List<AuthorizationPolicy> known(List<AuthorizationPolicy> policies) {
        return policies.stream().filter(policy -> !policy.isStandIn()).toList();
    }

    private static <T extends ConfigObject> List<T> withMissing(List<T> newest, List<T> before) {
        Set<String> present =
                newest.stream().map(object -> object.meta().qualifiedName()).collect(Collectors.toSet());
        Stream<T> missing =
                before.stream().filter(object -> !present.contains(object.meta().qualifiedName()));
        return Stream.concat(newest.stream(), missing).toList();
    }

    private static <T extends ConfigObject> List<T> safe(List<T> newest, List<T> before) {
        if (newest.stream().noneMatch(object -> object.meta().refusesCalls())) {
            return newest;
        }
        Map<String, T> earlier = new HashMap<>();
        for (T object : before) {
            if (!object.meta().name().isEmpty() && !object.meta().refusesCalls()) {
                earlier.putIfAbsent(object.meta().qualifiedName(), object);
            }
        }
        return newest.stream()
                .map(object -> object.meta().refusesCalls()
                        ? earlier.getOrDefault(object.meta().qualifiedName(), object)
                        : object)
                .toList();
    }

    String name() {
        return source.name();
    }

    /** For the line at start. */
    StartReport.Place place() {
        MeshConfig config = inForce();
        int objects = config == null
                ? 0
                : config.virtualServices().size()
                        + config.destinationRules().size()
                        + config.serviceEntries().size()
                        + config.workloadEntries().size()
                        + config.gateways().size()
                        + config.authorizationPolicies().size()
                        + config.requestAuthentications().size();
        return new StartReport.Place(name(), objects, objects > 0 ? "" : whyEmpty());
    }

    private String whyEmpty() {
        if (!heard()) {
            return "nothing was heard from it";
        }
        return errors().isEmpty() ? source.whyEmpty() : "all its rules have errors";
    }

    /** Whether it has said anything. */
    boolean heard() {
        return latest != null;
    }

    /**
     * What is to be in force: the last configuration that was not refused as a whole, or what has been good of refused ones
     * where there has been no other and that will do; null for neither.
     */
    @Nullable
    MeshConfig inForce() {
        if (good != null || failFast) {
            return good;
        }
        return remainder;
    }

    /** Whether a mesh may begin with what it said: refused objects are no obstacle where the others stand alone. */
    boolean usable() {
        return !failFast
                || latest instanceof ConfigUpdate.Partial
                || (latest instanceof ConfigUpdate.Valid && errors().isEmpty());
    }

    /** Whether the configuration that is refused is in force for what is good of it. */
    boolean makesDo() {
        return good == null && !failFast && latest instanceof ConfigUpdate.Invalid;
    }

    /** Whether the newest configuration is in force with all its objects. */
    private boolean current() {
        return latest instanceof ConfigUpdate.Valid || (latest instanceof ConfigUpdate.Partial part && part.current());
    }

    /** Errors of the newest configuration. */
    List<ConfigProblem> errors() {
        return problems().stream().filter(ConfigProblem::isError).toList();
    }

    /** Problems of the newest configuration. */
    List<ConfigProblem> problems() {
        return latest == null ? List.of() : latest.problems();
    }

    SourceStatus status() {
        return new SourceStatus(name(), "config", current(), goodSince);
    }

    void close() {
        Closing.quietly(watch, name());
        Closing.quietly(source, name());
    }
}
