package io.inmesh.jmh.call;

import io.inmesh.observe.CallObservation;
import io.inmesh.observe.MeshObserver;
import io.inmesh.observe.StartedCall;

/** Hears of every call to its end, and does nothing with it. */
final class IdleObserver implements MeshObserver {
    private static final CallObservation IDLE = new CallObservation() {};

    @Override
    public CallObservation callStarted(StartedCall call) {
        return IDLE;
    }
}
