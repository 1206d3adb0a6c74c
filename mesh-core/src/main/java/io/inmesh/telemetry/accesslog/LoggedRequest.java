package io.inmesh.telemetry.accesslog;

import io.inmesh.event.ResponseFlag;
import io.inmesh.model.Authority;
import io.inmesh.observe.CallObservation;
import io.inmesh.observe.EndedRequest;
import io.inmesh.observe.InboundConnection;
import io.inmesh.observe.InboundObservation;
import io.inmesh.observe.StartedCall;
import io.inmesh.observe.StartedRequest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A request that came in, as it becomes an entry. */
final class LoggedRequest implements InboundObservation {
    private final AccessLog log;
    private final AccessLogEntry.Builder entry;
    private final @Nullable String localAddress;
    private final int localPort;
    private boolean atGateway;
    private @Nullable LoggedCall call;

    LoggedRequest(AccessLog log, StartedRequest request, Instant start) {
        this.log = log;
        this.entry = AccessLogEntry.builder(AccessLogEntry.Direction.INBOUND, start);
        InboundConnection connection = request.connection();
        localAddress = hostPort(connection.localAddress(), connection.localPort());
        localPort = connection.localPort();
        LoggedHead.read(request.head(), entry);
        entry.downstreamLocalAddress(localAddress)
                .downstreamRemoteAddress(hostPort(connection.remoteAddress(), connection.remotePort()));
    }

    private static @Nullable String hostPort(String address, int port) {
        return address.isEmpty() ? null : Authority.inBrackets(address) + ":" + port;
    }

    @Override
    public void forwardingStarted() {
        atGateway = true;
        log.forwarding(this, true);
    }

    @Override
    public void forwardingEnded() {
        log.forwarding(this, false);
    }

    /** The call that a gateway makes for it. */
    CallObservation call(StartedCall started) {
        LoggedCall made = new LoggedCall(entry, started);
        call = made;
        return made;
    }

    /** Whether the application has seen it. */
    private static boolean reached(@Nullable ResponseFlag flag) {
        return flag == null || flag == ResponseFlag.DC;
    }

    @Override
    public void ended(EndedRequest request) {
        ResponseFlag flag = request.flag();
        LoggedCall made = call;
        if (made != null) {
            made.endingOf(entry, request.status(), flag);
        } else {
            entry.responseCode(request.status())
                    .responseFlags(flag == null ? null : flag.name())
                    .responseCodeDetails(CodeDetails.ofRequest(request.status(), flag));
        }
        if (atGateway) {
            entry.direction(AccessLogEntry.Direction.GATEWAY);
        } else {
            entry.upstreamHost(reached(flag) ? localAddress : null)
                    .upstreamCluster("inbound|" + localPort + "||")
                    .routeName("default");
        }
        log.finished(entry.bytesReceived(request.requestBytes())
                .bytesSent(request.responseBytes())
                .durationNanos(request.totalNanos())
                .build());
    }
}
