package io.inmesh.telemetry.trace;

import io.inmesh.call.HeaderField;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One attempt of a call, as the handlers of observations see it; what they inject goes out with the attempt. */
public final class AttemptContext extends SenderContext<List<HeaderField>> {
    private final int number;

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
}
