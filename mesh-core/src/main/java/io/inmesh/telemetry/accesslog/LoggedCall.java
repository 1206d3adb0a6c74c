package io.inmesh.telemetry.accesslog;

import io.inmesh.call.AttemptTraffic;
import io.inmesh.call.HeaderField;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import io.inmesh.inbound.InboundContext;
import io.inmesh.observe.CallObservation;
import io.inmesh.observe.EndedAttempt;
import io.inmesh.observe.EndedCall;
import io.inmesh.observe.StartedAttempt;
import io.inmesh.observe.StartedCall;
import io.inmesh.observe.StartedCall.Handling;
import io.inmesh.observe.ToldAttempt;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A call as it becomes an entry: of its own, or a part of that of the request which a gateway makes it for. */
final class LoggedCall implements CallObservation {
    private final @Nullable AccessLog log;
    private final AccessLogEntry.Builder entry;
    private final Handling handling;
    private final ToldAttempt attempts = new ToldAttempt();
    private @Nullable Outcome last;
    private @Nullable EndedCall end;
    private boolean headers;

    /** Of a request that came in at a gateway, whose end it waits for. */
    LoggedCall(AccessLogEntry.Builder entry, StartedCall call) {
        this(null, entry, call);
    }

    private LoggedCall(@Nullable AccessLog log, AccessLogEntry.Builder entry, StartedCall call) {
        this.log = log;
        this.entry = entry;
        this.handling = call.handling();
        String route = call.route();
        entry.routeName(route.isEmpty() ? null : route);
        entry.upstreamCluster(handling == Handling.PASSED_THROUGH ? "PassthroughCluster" : call.cluster());
    }

    /** Of this application. */
    static LoggedCall of(AccessLog log, StartedCall call, Instant start) {
        AccessLogEntry.Builder entry = AccessLogEntry.builder(AccessLogEntry.Direction.OUTBOUND, start);
        InboundContext inbound = InboundContext.current();
        if (inbound != null) {
            entry.requestId(inbound.header("x-request-id"));
        }
        LoggedHead.read(call.head(), entry);
        return new LoggedCall(log, entry, call);
    }

    @Override
    public List<HeaderField> attemptStarted(StartedAttempt attempt) {
        attempts.started(attempt);
        show(attempt);
        return List.of();
    }

    private void show(StartedAttempt attempt) {
        headers = false;
        Endpoint endpoint = attempt.endpoint();
        entry.authority(attempt.authority())
                .upstreamHost(endpoint == null ? null : endpoint.hostPort())
                .upstreamServiceNanos(-1)
                .upstreamTransportFailureReason(null);
    }

    @Override
    public void responseStarted(int attempt, int status, long nanos) {
        StartedAttempt told = attempts.answered(attempt) ? attempts.get() : null;
        if (told != null) {
            show(told);
        }
        if (attempts.is(attempt)) {
            headers = true;
            entry.upstreamServiceNanos(nanos);
        }
    }

    @Override
    public void attemptEnded(EndedAttempt attempt) {
        last = attempt.outcome();
        if (attempt.outcome() instanceof Outcome.NeverSent neverSent && attempts.is(attempt.number())) {
            entry.upstreamTransportFailureReason(neverSent.reason());
        }
        StartedAttempt told = attempts.ended(attempt.number()) ? attempts.get() : null;
        if (told != null) {
            show(told);
        }
    }

    @Override
    public void ended(EndedCall call) {
        end = call;
        AccessLog own = log;
        if (own != null) {
            own.finished(entryOf(call));
        }
    }

    private AccessLogEntry entryOf(EndedCall call) {
        ResponseFlag flag = call.flag();
        StartedAttempt told = attempts.get();
        if (told != null) {
            AttemptTraffic carried = told.traffic();
            entry.bytesReceived(carried.requestBytes()).bytesSent(carried.responseBytes());
            if (!carried.protocol().isEmpty()) {
                entry.protocol(carried.protocol());
            }
        }
        List<ResponseFlag> flags = call.flags();
        int status = call.status() == 0 && !flags.isEmpty()
                ? flags.get(flags.size() - 1).status()
                : call.status();
        ending(entry, status, flag, flags);
        return entry.durationNanos(call.totalNanos()).build();
    }

    private void ending(AccessLogEntry.Builder to, int status, @Nullable ResponseFlag flag, List<ResponseFlag> flags) {
        to.responseCode(status)
                .responseFlags(shown(flags))
                .responseCodeDetails(CodeDetails.ofCall(handling, status, flag, headers, last));
        if (flag == ResponseFlag.BLOCKED) {
            to.upstreamCluster("BlackHoleCluster");
        }
    }

    /** How it ended, for the request that it was made for, unless something else has ended that. */
    void endingOf(AccessLogEntry.Builder request, int status, @Nullable ResponseFlag flag) {
        EndedCall ended = end;
        ResponseFlag own = flag != null || ended == null ? flag : ended.flag();
        List<ResponseFlag> others = own == null ? List.of() : List.of(own);
        ending(request, status, own, ended != null && ended.flag() == own ? ended.flags() : others);
    }

    /** What is InMesh's own word Envoy has none for. */
    private static @Nullable String shown(List<ResponseFlag> flags) {
        if (flags.isEmpty()) {
            return null;
        }
        String names = flags.stream()
                .filter(flag -> flag != ResponseFlag.BLOCKED)
                .map(ResponseFlag::name)
                .collect(Collectors.joining(","));
        return names.isEmpty() ? null : names;
    }
}
