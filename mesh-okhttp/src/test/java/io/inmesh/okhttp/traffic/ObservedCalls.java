package io.inmesh.okhttp.traffic;

import io.inmesh.call.HeaderField;
import io.inmesh.observe.CallObservation;
import io.inmesh.observe.EndedCall;
import io.inmesh.observe.MeshObserver;
import io.inmesh.observe.StartedCall;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a mesh tells of calls that carry a number of their own in {@value #ID}. */
final class ObservedCalls implements MeshObserver {
    /** Header with the number of a call. */
    static final String ID = "x-call-id";

    private final Map<String, Observed> calls = new ConcurrentHashMap<>();

    /** One call. */
    static final class Observed implements CallObservation {
        private final @Nullable String cluster;
        private final CountDownLatch over = new CountDownLatch(1);
        private volatile @Nullable EndedCall end;

        private Observed(@Nullable String cluster) {
            this.cluster = cluster;
        }

        @Override
        public void ended(EndedCall call) {
            end = call;
            over.countDown();
        }

        @Nullable
        String cluster() {
            return cluster;
        }

        /** Waits until the call has ended; null when it does not. */
        @Nullable
        EndedCall end() throws InterruptedException {
            return over.await(5, TimeUnit.SECONDS) ? end : null;
        }
    }

    @Override
    public CallObservation callStarted(StartedCall call) {
        for (HeaderField header : call.head().headerFields()) {
            if (header.name().equalsIgnoreCase(ID)) {
                Observed observed = new Observed(call.cluster());
                // A copy of a request, or a request that is followed up, is not the call.
                return calls.putIfAbsent(header.value(), observed) == null ? observed : CallObservation.NONE;
            }
        }
        return CallObservation.NONE;
    }

    /** Null when no such call has come to the mesh. */
    @Nullable
    Observed take(String id) {
        return calls.remove(id);
    }
}
