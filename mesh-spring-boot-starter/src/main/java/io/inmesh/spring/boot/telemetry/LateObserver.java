package io.inmesh.spring.boot.telemetry;

import io.inmesh.Mesh;
import io.inmesh.config.ConfigProblem;
import io.inmesh.event.Ejection;
import io.inmesh.observe.CallObservation;
import io.inmesh.observe.EndedCopy;
import io.inmesh.observe.MeshObserver;
import io.inmesh.observe.StartedCall;
import io.inmesh.spring.boot.MeshBuilderCustomizer;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * An observer that is made once all beans are: what it needs may itself be made with a client of the mesh. Calls of beans that
 * are being made are not observed.
 */
final class LateObserver implements MeshBuilderCustomizer, SmartInitializingSingleton {
    private final Supplier<MeshObserver> maker;
    private volatile MeshObserver made = MeshObserver.NONE;

    /**
     * Has made nothing.
     *
     * @param maker of what is made once
     */
    LateObserver(Supplier<MeshObserver> maker) {
        this.maker = maker;
    }

    @Override
    public void customize(Mesh.Builder builder) {
        builder.observer(new Late());
    }

    @Override
    public void afterSingletonsInstantiated() {
        made = maker.get();
    }

    private final class Late implements MeshObserver {
        @Override
        public void snapshotPublished(long version) {
            made.snapshotPublished(version);
        }

        @Override
        public CallObservation callStarted(StartedCall call) {
            return made.callStarted(call);
        }

        @Override
        public void copyEnded(EndedCopy copy) {
            made.copyEnded(copy);
        }

        @Override
        public void hostEjected(Ejection ejection) {
            made.hostEjected(ejection);
        }

        @Override
        public void hostReadmitted(Ejection ejection) {
            made.hostReadmitted(ejection);
        }

        @Override
        public void configRejected(String source, List<ConfigProblem> problems) {
            made.configRejected(source, problems);
        }

        @Override
        public void problemsChanged(List<ConfigProblem> problems) {
            made.problemsChanged(problems);
        }

        @Override
        public String toString() {
            return made.toString();
        }
    }
}
