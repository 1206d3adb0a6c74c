package io.inmesh.testing;

import io.inmesh.call.Attempt;
import io.inmesh.call.Exchange;
import io.inmesh.call.RequestHead;
import io.inmesh.call.SyntheticResponse;
import io.inmesh.call.TransportAttempt;
import io.inmesh.event.Outcome;
import io.inmesh.testing.ScriptedExchange.Reply;
import java.io.IOException;

/** A copy of a scripted exchange; its answers are closed where they are delivered. */
final class ScriptedCopy implements Exchange<Reply> {
    private final ScriptedExchange original;

    ScriptedCopy(ScriptedExchange original) {
        this.original = original;
    }

    @Override
    public RequestHead head() {
        return original.head();
    }

    @Override
    public boolean replayable() {
        return true;
    }

    @Override
    public boolean canceled() {
        return false;
    }

    @Override
    public Reply passThrough() {
        throw new AssertionError("a copy was passed through");
    }

    @Override
    public Outcome classifyFailure(IOException failure) {
        return original.classifyFailure(failure);
    }

    @Override
    public Reply synthesize(SyntheticResponse response) {
        throw new AssertionError("a copy was answered");
    }

    @Override
    public TransportAttempt<Reply> attempt(Attempt attempt) {
        return original.attemptOfCopy(attempt);
    }

    @Override
    public Outcome classify(Reply response) {
        return original.classify(response);
    }
}
