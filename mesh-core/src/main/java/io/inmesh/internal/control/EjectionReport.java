package io.inmesh.internal.control;

import io.inmesh.event.Ejection;
import io.inmesh.internal.cluster.ClusterSurroundings;
import io.inmesh.internal.time.ControlThread;
import io.inmesh.internal.time.TimeSource;
import io.inmesh.observe.MeshObserver;
import java.time.Duration;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the log and observers of ejections, in order and on the control thread, so that no call waits for them. */
record EjectionReport(ControlThread thread, Duration balancingWindow, MeshObserver observer)
        implements ClusterSurroundings {
    private static final Logger LOG = LoggerFactory.getLogger(EjectionReport.class);

    @Override
    public TimeSource time() {
        return thread.time();
    }

    @Override
    public Future<?> after(long nanos, Runnable task) {
        return thread.after(nanos, task);
    }

    @Override
    public long mergeNanos() {
        return balancingWindow.toNanos();
    }

    @Override
    public void ejected(Ejection ejection) {
        thread.executor().execute(() -> {
            LOG.warn(
                    "{} of {} is ejected because of {}; it gets no calls before {}",
                    ejection.endpoint().hostPort(),
                    ejection.cluster(),
                    ejection.because(),
                    ejection.until());
            observer.hostEjected(ejection);
        });
    }

    @Override
    public void readmitted(Ejection ejection) {
        thread.executor().execute(() -> {
            LOG.info(
                    "{} of {} is not ejected any more; it was because of {}",
                    ejection.endpoint().hostPort(),
                    ejection.cluster(),
                    ejection.because());
            observer.hostReadmitted(ejection);
        });
    }
}
