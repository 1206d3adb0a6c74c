package io.inmesh.kubernetes.internal.table;

import io.inmesh.kubernetes.internal.resource.ObjectKey;
import io.inmesh.kubernetes.internal.resource.Service;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which namespaces are watched. By need, a namespace is watched while a service of it is; else from the beginning, all in
 * one watch. While the server does not allow that, the own namespace is watched beside it: what was known of the others
 * stays. Table thread only, but for {@link #mayHold}.
 */
final class Scopes {
    private static final Logger LOG = LoggerFactory.getLogger(Scopes.class);

    private static final String ALL = "";

    /** Any host that is called may look like a service of some namespace, and each namespace costs watches. */
    private static final int MOST_NAMESPACES = 100;

    /** Services come in crowds, and each change of their set costs a watch. */
    private static final Duration SETTLE = Duration.ofMillis(50);

    /** A watch that is allowed again and goes on where it was says so after the first thing that it has missed. */
    private static final Duration CATCH_UP = Duration.ofSeconds(1);

    private final TableSettings settings;
    private final Watches watches;
    private final TableThread thread;
    private final WorkloadEntries workloadEntries;
    private final NodeLocalities nodes;
    private final Consumer<ObjectKey> onService;
    private final Consumer<Scope> onState;
    private final Map<String, Scope> scopes = new HashMap<>();
    private final Map<String, Set<String>> needed = new HashMap<>();
    private final Set<String> settling = new TreeSet<>();
    private boolean catchingUp;

    /**
     * Watches nothing yet.
     *
     * @param onService hears of each service that has changed, or whose endpoints have
     * @param onState hears of the scope when more or other services can be told about
     */
    Scopes(
            TableSettings settings,
            Watches watches,
            TableThread thread,
            WorkloadEntries workloadEntries,
            NodeLocalities nodes,
            Consumer<ObjectKey> onService,
            Consumer<Scope> onState) {
        this.settings = settings;
        this.watches = watches;
        this.thread = thread;
        this.workloadEntries = workloadEntries;
        this.nodes = nodes;
        this.onService = onService;
        this.onState = onState;
    }

    /** Begins with what is watched whether or not anybody asks. */
    void begin() {
        if (settings.all() && settings.namespaces().isEmpty()) {
            open(ALL);
        } else if (settings.all()) {
            settings.namespaces().forEach(namespace -> open(namespace).follow(null));
        }
    }

    /** Whether services of a namespace may be told of. Callable from any thread. */
    boolean mayHold(String namespace) {
        return settings.namespaces().isEmpty() || settings.namespaces().contains(namespace);
    }

    /** Where the services of a namespace are; null when it is out of scope. */
    @Nullable
    Scope of(String namespace) {
        Scope wide = scopes.get(ALL);
        Scope narrow = scopes.get(namespace);
        if (wide == null) {
            return narrow;
        }
        if (narrow == null) {
            return wide.synced() || !standsIn() ? wide : null;
        }
        return narrow.complete() || !wide.synced() ? narrow : wide;
    }

    /** All that are watched. */
    Collection<Scope> all() {
        return scopes.values();
    }

    /** All services that are known. */
    Stream<Service> services() {
        return scopes.values().stream()
                .flatMap(scope -> scope.services().stream()
                        .filter(service -> of(service.key().namespace()) == scope));
    }

    void need(ObjectKey service) {
        if (!settings.all() && mayHold(service.namespace())) {
            if (!scopes.containsKey(service.namespace())) {
                if (scopes.size() >= MOST_NAMESPACES) {
                    LOG.warn(
                            "{} namespaces are watched, the most there may be: {} is called by its name",
                            MOST_NAMESPACES,
                            service);
                    return;
                }
                open(service.namespace());
            }
            needed.computeIfAbsent(service.namespace(), any -> new TreeSet<>()).add(service.name());
            settle(service.namespace());
        }
    }

    void release(ObjectKey service) {
        Set<String> names = needed.get(service.namespace());
        if (names != null && names.remove(service.name())) {
            settle(service.namespace());
        }
    }

    private void settle(String namespace) {
        if (settling.add(namespace)) {
            thread.after(SETTLE, () -> settled(namespace));
        }
    }

    private void settled(String namespace) {
        settling.remove(namespace);
        Scope scope = scopes.get(namespace);
        Set<String> names = needed.getOrDefault(namespace, Set.of());
        if (scope != null && names.isEmpty()) {
            close(namespace);
            needed.remove(namespace);
        } else if (scope != null) {
            scope.follow(names);
        }
    }

    private Scope open(String namespace) {
        Scope scope = new Scope(watches, namespace, settings, workloadEntries, nodes, onService, this::stateChanged);
        scopes.put(namespace, scope);
        return scope;
    }

    private void close(String namespace) {
        Scope scope = scopes.remove(namespace);
        if (scope != null) {
            scope.close();
        }
    }

    private void stateChanged(Scope scope) {
        if (scope.namespace().equals(ALL)) {
            wideChanged(scope);
        }
        onState.accept(scope);
    }

    private boolean standsIn() {
        return scopes.containsKey(ALL) && scopes.size() > 1;
    }

    /** An API server that has just started refuses what it allows later, so the wish for all is never given up. */
    private void wideChanged(Scope wide) {
        if (wide.synced()) {
            wide.follow(null);
        }
        if (wide.refused()) {
            standIn(wide);
        } else {
            wide.needed();
            if (standsIn() && wide.complete() && !catchingUp) {
                catchingUp = true;
                thread.after(CATCH_UP, () -> caughtUp(wide));
            }
        }
    }

    private void standIn(Scope wide) {
        String own = settings.self().namespace();
        if (wide.synced()) {
            wide.needed("only services of namespace " + own + " are followed, those of others stay as they were");
        } else {
            wide.spare("only services of namespace " + own + " are watched");
        }
        if (!standsIn()) {
            open(own).follow(null);
        }
    }

    private void caughtUp(Scope wide) {
        catchingUp = false;
        if (wide.complete() && !wide.refused()) {
            close(settings.self().namespace());
            onState.accept(wide);
        }
    }
}
