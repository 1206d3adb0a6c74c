package io.inmesh.endpoint;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Supplies endpoints (SPI; Kubernetes plugs in here).
 *
 * <p>Threading: {@link #watch} may be called from one control thread only; callbacks may come from any thread, one at a
 * time for each watch, and must not block. Every callback is the full state of the service.
 *
 * <p>Errors: a source that loses its back end goes on with the last good state and says nothing; it never reports an
 * empty table because it cannot see.
 */
public interface EndpointSource extends AutoCloseable {
    /**
     * Starts telling about one service. The first callback may come before this method returns; until it comes, or a
     * bounded wait ends, no snapshot that needs the service is published.
     *
     * @return closes the watch; after it returns no callback starts
     */
    AutoCloseable watch(ServiceName service, Consumer<ServiceEndpoints> onUpdate);

    /**
     * The same for a service whose endpoints are told apart by labels (subsets). Sources that have labels only at a price
     * answer {@link #watch} without them; the others need not override this.
     */
    default AutoCloseable watchWithLabels(ServiceName service, Consumer<ServiceEndpoints> onUpdate) {
        return watch(service, onUpdate);
    }

    /**
     * Whether a service that no rule names may be asked for because a call names it. Called on callers' threads for hosts
     * that are unknown, so it neither waits nor looks anything up. By default only rules decide.
     */
    default boolean mayKnow(ServiceName service) {
        return false;
    }

    /**
     * Starts telling which services there are, for sources that offer all of theirs without being asked for each. Every
     * callback is the whole set; each service in it is then watched. The first callback is waited for at start, bounded as
     * for services, so a source that offers nothing says so. By default that is what is said.
     *
     * @return closes the watch; after it returns no callback starts
     */
    default AutoCloseable watchNames(Consumer<Set<ServiceName>> onNames) {
        onNames.accept(Set.of());
        return () -> {};
    }

    /**
     * Starts telling about the workloads that a selector takes, wherever they are registered (ServiceEntry,
     * {@code workloadSelector}). Every callback is the whole list. By default there are none.
     *
     * @return closes the watch; after it returns no callback starts
     */
    default AutoCloseable watchWorkloads(WorkloadSelector selector, Consumer<List<Workload>> onUpdate) {
        onUpdate.accept(List.of());
        return () -> {};
    }

    /**
     * Whether what it has told is what its back end says now: false while the back end is away or was never reached. Asked
     * on any thread whenever a status is wanted, so it neither waits nor looks anything up. By default true.
     */
    default boolean current() {
        return true;
    }

    /**
     * What somebody should do something about and no watch tells, such as a right that is missing; told as
     * warnings. Asked like {@link #current}. By default none.
     */
    default List<SourceProblem> problems() {
        return List.of();
    }

    /** Name for status and log, such as {@code kubernetes}. */
    String name();

    /** Ends all watches. */
    @Override
    void close();
}
