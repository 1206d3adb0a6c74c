package io.inmesh.telemetry.trace;

import io.inmesh.call.HeaderField;
import io.micrometer.observation.ObservationView;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a call, as the handlers of observations see it; what they inject goes out with the attempt. Holds its parent
 * weakly, as {@link CallContext} does.
 */
public final class AttemptContext extends SenderContext<List<HeaderField>> {
    private final int number;
    private WeakReference<@Nullable ObservationView> parent = new WeakReference<>(null);

    AttemptContext(int number) {
        super(AttemptContext::set, Kind.CLIENT);
        this.number = number;
        setCarrier(new ArrayList<>(2));
    }

    private static void set(@Nullable List<HeaderField> carrier, String name, String value) {
        if (carrier != null) {
            carrier.removeIf(header -> header.name().equalsIgnoreCase(name));
            carrier.add(new HeaderField(name, value));
        }
    }

    /** What handlers have injected. */
    List<HeaderField> injected() {
        List<HeaderField> carrier = getCarrier();
        return carrier == null ? List.of() : carrier;
    }

    /** 1 for the first of the call. */
    public int number() {
        return number;
    }

    @Override
    public @Nullable ObservationView getParentObservation() {
        return parent.get();
    }

    @Override
    public void setParentObservation(@Nullable ObservationView newParent) {
        parent = new WeakReference<>(newParent);
    }
}
