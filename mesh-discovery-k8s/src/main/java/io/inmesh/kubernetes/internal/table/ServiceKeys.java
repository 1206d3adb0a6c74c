package io.inmesh.kubernetes.internal.table;

import io.inmesh.endpoint.ServiceName;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which Service a full name means. Thread-safe. */
final class ServiceKeys {
    private static final String LABEL = "([a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)";

    private final Pattern form;

    ServiceKeys(String clusterDomain) {
        form = Pattern.compile(LABEL + "\\." + LABEL + "\\.svc\\." + Pattern.quote(clusterDomain));
    }

    /** Null when it cannot be the name of a Service of this cluster. */
    @Nullable
    ObjectKey of(ServiceName name) {
        Matcher parts = form.matcher(name.host());
        return parts.matches() ? new ObjectKey(parts.group(2), parts.group(1)) : null;
    }
}
