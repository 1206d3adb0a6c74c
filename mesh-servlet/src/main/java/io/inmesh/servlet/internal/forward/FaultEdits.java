package io.inmesh.servlet.internal.forward;

import io.inmesh.call.HeaderField;
import io.inmesh.call.ResponseEdits;
import io.inmesh.servlet.internal.answer.GatewayFault;
import io.inmesh.servlet.internal.request.HeaderText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a route does with the headers of an answer that the gateway gives because no server did. */
public final class FaultEdits {
    private FaultEdits() {}

    /** The fault as the client is to see it. What describes its body and its connection stays the gateway's. */
    public static GatewayFault edited(GatewayFault fault, ResponseEdits edits) {
        HopByHop hopByHop = HopByHop.of(List.of());
        List<HeaderField> own = fault.headers();
        List<HeaderField> connection = own.stream()
                .filter(field -> hopByHop.contains(field.name().toLowerCase(Locale.ROOT)))
                .toList();
        List<HeaderField> edited = new ArrayList<>(connection);
        for (HeaderField field : edits.apply(fault.status(), own)) {
            if (!hopByHop.contains(field.name().toLowerCase(Locale.ROOT))) {
                edited.add(new HeaderField(field.name(), HeaderText.toContainer(field.value())));
            }
        }
        return new GatewayFault(fault.status(), fault.flag(), fault.text(), edited);
    }
}
