package io.inmesh;

import io.inmesh.internal.control.ControlLoop;
import io.inmesh.internal.engine.UnknownHosts;
import io.inmesh.internal.snapshot.MeshSnapshot;
import java.io.InterruptedIOException;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Has the control loop ask sources about hosts that calls name. */
final class CalledHosts implements UnknownHosts {
    private final ControlLoop control;

    CalledHosts(ControlLoop control) {
        this.control = control;
    }

    @Override
    public void passed(String authority) {
        control.called(authority);
    }

    @Override
    public Set<String> unreachable(String service) {
        return control.unreachable(service);
    }

    @Override
    public MeshSnapshot refused(String authority, BooleanSupplier canceled) throws InterruptedIOException {
        try {
            return control.answered(authority, canceled);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            InterruptedIOException failure =
                    new InterruptedIOException("interrupted while waiting for what is known about " + authority);
            failure.initCause(interrupted);
            throw failure;
        }
    }
}
