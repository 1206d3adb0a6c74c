package io.inmesh;

import io.inmesh.call.CircuitBreaker;
import io.inmesh.call.CircuitBreakers;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what circuit breakers throw away from calls and from the control thread; logs the first time of each. Makes one object a call. */
final class SafeCircuitBreakers implements CircuitBreakers {
    /** Names that are remembered as logged. */
    private static final int MOST_LOGGED = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(SafeCircuitBreakers.class);

    private final CircuitBreakers breakers;
    private final Set<String> logged = ConcurrentHashMap.newKeySet();

    SafeCircuitBreakers(CircuitBreakers breakers) {
        this.breakers = breakers;
    }

    @Override
    public CircuitBreaker named(String name) {
        CircuitBreaker breaker = null;
        try {
            breaker = breakers.named(name);
        } catch (Throwable thrown) {
            dropped(name, thrown);
        }
        return new SafeCircuitBreaker(name, breaker);
    }

    @Override
    public @Nullable String doubt(String name) {
        try {
            return breakers.doubt(name);
        } catch (Throwable thrown) {
            dropped(name, thrown);
            return null;
        }
    }

    private void dropped(String name, Throwable thrown) {
        if (logged.size() < MOST_LOGGED && logged.add(name)) {
            LOG.error(
                    "Circuit breaker {} of {} throws; calls go on unguarded or uncounted, and what it throws from now on is"
                            + " dropped without a word",
                    name,
                    breakers,
                    thrown);
        }
    }

    private final class SafeCircuitBreaker implements CircuitBreaker {
        private final String name;

        /** Null when it cannot be had, or could not be asked: then it hears of no end. */
        private @Nullable CircuitBreaker breaker;

        SafeCircuitBreaker(String name, @Nullable CircuitBreaker breaker) {
            this.name = name;
            this.breaker = breaker;
        }

        @Override
        public String state() {
            CircuitBreaker known = breaker;
            try {
                return known == null ? "unknown" : known.state();
            } catch (Throwable thrown) {
                dropped(name, thrown);
                return "unknown";
            }
        }

        @Override
        public boolean tryAcquire() {
            CircuitBreaker known = breaker;
            try {
                return known == null || known.tryAcquire();
            } catch (Throwable thrown) {
                dropped(name, thrown);
                breaker = null;
                return true;
            }
        }

        @Override
        public void answered(int status, long nanos) {
            tell(known -> known.answered(status, nanos));
        }

        @Override
        public void failed(IOException failure, long nanos) {
            tell(known -> known.failed(failure, nanos));
        }

        @Override
        public void released() {
            tell(CircuitBreaker::released);
        }

        private void tell(Consumer<CircuitBreaker> end) {
            CircuitBreaker known = breaker;
            try {
                if (known != null) {
                    end.accept(known);
                }
            } catch (Throwable thrown) {
                dropped(name, thrown);
            }
        }
    }
}
