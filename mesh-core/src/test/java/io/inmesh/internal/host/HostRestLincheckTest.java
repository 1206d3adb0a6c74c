package io.inmesh.internal.host;

import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.Locality;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Explores interleavings of calls that find a rest over, of connects that fail and of answers. */
@Tag("lincheck")
public class HostRestLincheckTest {
    private static final long REST_OVER = TimeUnit.SECONDS.toNanos(2);
    private static final long LONGEST_REST = TimeUnit.SECONDS.toNanos(30);

    private final Host host = new Host(
            new Endpoint("a", "10.0.0.1", 8080, Locality.UNKNOWN, 1, Map.of(), Condition.READY, "a.example.com"));
    private final AtomicInteger tries = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();

    /** Makes a host whose first rest is over at the time of the operations. */
    public HostRestLincheckTest() {
        host.begin(0).complete(new Outcome.NeverSent(ResponseFlag.UF, "refused"), 0);
    }

    @Operation
    public void callerFindsTheRestOver() {
        if (host.mayTry(REST_OVER)) {
            tries.incrementAndGet();
        }
    }

    @Operation
    public void connectFails() {
        failures.incrementAndGet();
        host.begin(REST_OVER).complete(new Outcome.NeverSent(ResponseFlag.UF, "refused"), REST_OVER);
    }

    @Operation
    public void answerComes() {
        HostTicket ticket = host.begin(REST_OVER);
        ticket.responseStarted();
        ticket.complete(new Outcome.Responded(200), REST_OVER);
    }

    @Validate
    public void oneTriesTheHostAndNoRestIsWithoutEnd() {
        if (tries.get() > 1) {
            throw new IllegalStateException(tries + " callers try a host whose rest is over once");
        }
        if (host.activeRequests() != 0) {
            throw new IllegalStateException(host + " at rest");
        }
        if (failures.get() > 0 && host.mayTry(REST_OVER)) {
            throw new IllegalStateException("a failed connect begins no rest");
        }
        if (!host.mayTry(REST_OVER + LONGEST_REST)) {
            throw new IllegalStateException("the rest does not end");
        }
    }

    @Test
    void ofCallersThatFindTheRestOverOneTriesTheHost() {
        new ModelCheckingOptions()
                .threads(3)
                .actorsPerThread(2)
                .actorsBefore(0)
                .actorsAfter(0)
                .iterations(6)
                .invocationsPerIteration(300)
                .check(HostRestLincheckTest.class);
    }
}
