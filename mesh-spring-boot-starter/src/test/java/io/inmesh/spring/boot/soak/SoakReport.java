package io.inmesh.spring.boot.soak;

import io.inmesh.call.MeshException;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import io.inmesh.observe.CallObservation;
import io.inmesh.observe.EndedAttempt;
import io.inmesh.observe.MeshObserver;
import io.inmesh.observe.StartedCall;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What became of every call and every attempt. A call that was not cut may fail for one reason alone: a server of its
 * service closed its connections while it was under way, all of them where the mesh has given up. An attempt may be charged to its endpoint only while that
 * endpoint was being restarted. Thread-safe.
 */
final class SoakReport implements MeshObserver {
    private static final int WRITTEN_OUT = 20;

    /** An attempt's end is told later than it is measured, when the thread has had to wait in between. */
    private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final SoakFleet fleet;
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final LongAdder wrongs = new LongAdder();

    SoakReport(SoakFleet fleet) {
        this.fleet = fleet;
    }

    private void count(String what) {
        counts.computeIfAbsent(what, ignored -> new LongAdder()).increment();
    }

    private void wrong(String what) {
        wrongs.increment();
        if (wrong.size() < WRITTEN_OUT) {
            wrong.add(what);
        }
    }

    /** Times are in nanoTime; {@code failure} is null when there was an answer. */
    void ended(
            SoakClient client,
            SoakCall call,
            long from,
            long to,
            @Nullable String answer,
            @Nullable Throwable failure) {
        if (failure == null) {
            count(client.name() + ": answered");
            if (answer == null || !answer.startsWith(call.text())) {
                wrong(client.name() + ", " + call + ": " + start(answer));
            }
        } else if (call.isCut()) {
            count(client.name() + ": cut");
        } else if (isOfTheMesh(failure)
                ? endpoints(call).allMatch(endpoint -> endpoint.closedConnections(from, to))
                : endpoints(call).anyMatch(endpoint -> endpoint.closedConnections(from, to))) {
            count(client.name() + ": cut by a restart");
        } else {
            wrong("%s, %s, after %d us, begun %d us after connections were closed: %s"
                    .formatted(
                            client.name(),
                            call,
                            TimeUnit.NANOSECONDS.toMicros(to - from),
                            TimeUnit.NANOSECONDS.toMicros(sinceClosed(call, from)),
                            causes(failure)));
        }
    }

    private long sinceClosed(SoakCall call, long from) {
        return endpoints(call)
                .mapToLong(endpoint -> endpoint.sinceClosed(from))
                .min()
                .orElseThrow();
    }

    /** Those that a call may have gone to: a redirect may have led to another service. */
    private Stream<SoakEndpoint> endpoints(SoakCall call) {
        return (call.is(Disturbance.REDIRECT)
                        ? fleet.endpoints()
                        : fleet.endpoints(call.uri().getHost()))
                .stream();
    }

    @Override
    public CallObservation callStarted(StartedCall call) {
        return new CallObservation() {
            @Override
            public void attemptEnded(EndedAttempt attempt) {
                note(String.valueOf(call.cluster()), attempt.endpoint(), attempt.outcome(), attempt.totalNanos());
            }
        };
    }

    private void note(String cluster, @Nullable Endpoint endpoint, Outcome outcome, long totalNanos) {
        count("attempts " + outcome.getClass().getSimpleName());
        if (endpoint == null) {
            wrong("an attempt without an endpoint");
            return;
        }
        long to = System.nanoTime();
        long from = to - totalNanos - LATE_NANOS;
        SoakEndpoint server = fleet.at(endpoint.port());
        if (outcome instanceof Outcome.NeverSent neverSent
                        // The client's own timeouts are those of the TLS handshake too.
                        && !neverSent.reason().endsWith("timed out")
                        && !server.wasAway(from, to)
                || outcome instanceof Outcome.Failed failed
                        // The client's own read timeout.
                        && failed.flag() != ResponseFlag.DC
                        && !server.closedConnections(from, to)) {
            wrong("charged to a server that was up: " + outcome + " in " + cluster);
        }
    }

    /** Everything that should not have happened, the first of it written out. */
    List<String> wrong() {
        return wrongs.sum() <= WRITTEN_OUT
                ? List.copyOf(wrong)
                : Stream.concat(wrong.stream(), Stream.of("... " + wrongs + " in all"))
                        .toList();
    }

    private static boolean isOfTheMesh(Throwable failure) {
        return failure instanceof MeshException || failure.getCause() != null && isOfTheMesh(failure.getCause());
    }

    private static String causes(Throwable failure) {
        return failure + (failure.getCause() == null ? "" : " <- " + causes(failure.getCause()));
    }

    private static String start(@Nullable String answer) {
        return answer == null
                ? "no body"
                : answer.substring(0, Math.min(answer.length(), 40)).trim();
    }

    @Override
    public String toString() {
        return counts.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining("\n"));
    }
}
