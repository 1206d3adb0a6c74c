package io.inmesh.internal.host;

import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.Locality;
import io.inmesh.event.Outcome;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Explores interleavings of the end of a body, a cancel and a deadline, all of which complete one ticket. */
@Tag("lincheck")
public class HostTicketLincheckTest {
    private final Host host =
            new Host(new Endpoint("a", "10.0.0.1", 8080, Locality.UNKNOWN, 1, Map.of(), Condition.READY));
    private final HostTicket shared = host.begin(0);
    private final AtomicInteger completions = new AtomicInteger();
    private final AtomicInteger attempted = new AtomicInteger();
    private volatile boolean negative;

    @Operation
    public void bodyEnds() {
        complete(new Outcome.Responded(200), 10);
    }

    @Operation
    public void callerCancels() {
        complete(new Outcome.Canceled(), 20);
    }

    @Operation
    public void headersCome() {
        shared.responseStarted();
    }

    /** An attempt of another call on the same host. */
    @Operation
    public void otherAttempt() {
        HostTicket own = host.begin(0);
        look();
        own.complete(new Outcome.TimedOut(), 1);
        look();
    }

    private void complete(Outcome how, long now) {
        attempted.incrementAndGet();
        if (shared.complete(how, now)) {
            completions.incrementAndGet();
        }
        look();
    }

    private void look() {
        if (host.activeRequests() < 0) {
            negative = true;
        }
    }

    @Validate
    public void endedOnceAndCountedRight() {
        boolean ended = attempted.get() > 0;
        int left = ended ? 0 : 1;
        if (negative || completions.get() != (ended ? 1 : 0) || host.activeRequests() != left) {
            throw new IllegalStateException("completed " + completions.get() + " times in " + attempted.get()
                    + " attempts, " + host.activeRequests() + " in flight, negative " + negative);
        }
        if (ended && host.owesAnAnswer()) {
            throw new IllegalStateException("counted as unanswered after its end");
        }
    }

    @Test
    void everyTicketEndsOnceAndTheCountIsNeverNegative() {
        new ModelCheckingOptions()
                .threads(3)
                .actorsPerThread(2)
                .actorsBefore(0)
                .actorsAfter(0)
                .iterations(8)
                .invocationsPerIteration(1_000)
                .check(HostTicketLincheckTest.class);
    }
}
