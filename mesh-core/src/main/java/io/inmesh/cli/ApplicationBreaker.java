package io.inmesh.cli;

import io.inmesh.call.CircuitBreaker;
import java.io.IOException;

/** Stands for circuit breakers that only the application has; the command line makes no calls. */
final class ApplicationBreaker implements CircuitBreaker {
    static final ApplicationBreaker INSTANCE = new ApplicationBreaker();

    private ApplicationBreaker() {}

    @Override
    public String state() {
        return "known to the application alone";
    }

    @Override
    public boolean tryAcquire() {
        return true;
    }

    @Override
    public void answered(int status, long nanos) {}

    @Override
    public void failed(IOException failure, long nanos) {}

    @Override
    public void released() {}
}
