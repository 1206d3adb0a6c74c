package io.inmesh.internal.engine;

import io.inmesh.call.Attempt;
import io.inmesh.call.Exchange;
import io.inmesh.call.RequestHead;
import io.inmesh.call.SyntheticResponse;
import io.inmesh.call.TransportAttempt;
import io.inmesh.event.Outcome;
import java.io.IOException;

/** A copy's exchange, which counts as cancelled once a deadline has fired, and remembers the status of its answer. */
final class LimitedExchange<R> implements Exchange<R> {
    private final Exchange<R> exchange;
    private final Deadline deadline;
    private int status;

    LimitedExchange(Exchange<R> exchange, Deadline deadline) {
        this.exchange = exchange;
        this.deadline = deadline;
    }

    /** Of the answer; 0 as long as there is none. */
    int status() {
        return status;
    }

    @Override
    public RequestHead head() {
        return exchange.head();
    }

    @Override
    public boolean replayable() {
        return exchange.replayable();
    }

    @Override
    public boolean canceled() {
        return deadline.fired();
    }

    @Override
    public R passThrough() throws IOException {
        return exchange.passThrough();
    }

    @Override
    public Outcome classifyFailure(IOException failure) {
        return exchange.classifyFailure(failure);
    }

    @Override
    public R synthesize(SyntheticResponse response) {
        return exchange.synthesize(response);
    }

    @Override
    public TransportAttempt<R> attempt(Attempt attempt) {
        TransportAttempt<R> made = exchange.attempt(attempt);
        deadline.covers(made);
        return made;
    }

    @Override
    public Outcome classify(R response) {
        Outcome outcome = exchange.classify(response);
        status = outcome.status();
        return outcome;
    }
}
