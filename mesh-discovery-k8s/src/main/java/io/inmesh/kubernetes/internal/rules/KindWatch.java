package io.inmesh.kubernetes.internal.rules;

import io.inmesh.kubernetes.internal.reflect.Reflectors.Running;
import io.inmesh.kubernetes.internal.rules.ScopeWatch.State;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One kind of rules in all scopes that are to be read. Where reading all namespaces is forbidden, the own one is read
 * until the right is there. All under the lock of its owner.
 */
final class KindWatch {
    private static final String ALL = "";

    private final RuleResource kind;
    private final List<ScopeWatch> scopes;
    private final ScopeWatch ownNamespace;
    private boolean fallback;

    KindWatch(RuleResource kind, RuleSelection selection, ScopeWatch.Owner owner) {
        this.kind = kind;
        List<String> namespaces = selection.namespaces().isEmpty() ? List.of(ALL) : selection.namespaces();
        this.scopes = namespaces.stream()
                .map(namespace -> new ScopeWatch(kind, namespace, owner))
                .toList();
        this.ownNamespace = new ScopeWatch(kind, selection.ownNamespace(), owner);
    }

    void open() {
        scopes.forEach(ScopeWatch::open);
    }

    RuleResource kind() {
        return kind;
    }

    /** Begins or ends reading the own namespace instead of all. */
    void adapt() {
        ScopeWatch first = scopes.get(0);
        if (!first.namespace().equals(ALL)) {
            return;
        }
        if (!fallback && first.state() == State.FORBIDDEN) {
            fallback = true;
            ownNamespace.open();
        } else if (fallback && first.state() == State.SYNCED) {
            fallback = false;
            ownNamespace.retire();
        }
    }

    /** What is said about all namespaces where only the own one is read instead, null where it is not. */
    @Nullable
    ScopeWatch givenUp() {
        return fallback ? scopes.get(0) : null;
    }

    /** Scopes that count. */
    Stream<ScopeWatch> inUse() {
        return fallback ? Stream.of(ownNamespace) : scopes.stream();
    }

    boolean isIn(State state) {
        return inUse().anyMatch(scope -> scope.state() == state);
    }

    /** Namespaces of which nothing has been told, or may not be; empty text stands for all. */
    Stream<String> unread() {
        return inUse().filter(scope -> scope.state() == State.WAITING || scope.state() == State.FORBIDDEN)
                .map(ScopeWatch::namespace);
    }

    /** Ends all watches. */
    void retire() {
        scopes.forEach(ScopeWatch::retire);
        ownNamespace.retire();
    }

    Stream<Running> watches() {
        Stream<ScopeWatch> all = fallback ? Stream.concat(scopes.stream(), Stream.of(ownNamespace)) : scopes.stream();
        return all.flatMap(scope -> scope.watches().stream());
    }
}
