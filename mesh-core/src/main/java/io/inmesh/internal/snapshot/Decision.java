package io.inmesh.internal.snapshot;

import io.inmesh.call.RouteGate;
import io.inmesh.call.SyntheticResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is to happen to a request. */
public sealed interface Decision {
    /** The host is not known, or is to be called by its own name: the call goes out as if there were no mesh. */
    record PassThrough() implements Decision {
        static final PassThrough INSTANCE = new PassThrough();
    }

    /**
     * The host is not known at the port and the mesh allows only known ones.
     *
     * @param ports at which the host is known, in order; mostly none
     */
    record Blocked(String authority, int port, List<Integer> ports) implements Decision {}

    /** {@code 80, 9080 or 9443}. */
    static String words(List<Integer> ports) {
        List<String> words = ports.stream().map(String::valueOf).toList();
        int last = words.size() - 1;
        return last == 0 ? words.get(0) : String.join(", ", words.subList(0, last)) + " or " + words.get(last);
    }

    /** The host has rules and none matches. */
    record NoRoute(String virtualService, String host) implements Decision {}

    /**
     * No rule gives a gateway the host.
     *
     * @param port at which the request came in
     * @param served whether a Gateway has a server there
     */
    record NoHost(String authority, int port, boolean served) implements Decision {}

    /** Refused by who has the last word before a request is forwarded. */
    record Refused(RouteGate.Refusal refusal, String virtualService, String route) implements Decision {}

    /**
     * A redirect or direct response; response edits are applied already.
     *
     * @param location null unless it is a redirect
     */
    record Answer(
            SyntheticResponse response,
            String virtualService,
            String route,
            @Nullable String location) implements Decision {}

    /** To be sent to a cluster, after the faults of the plan. */
    record Forward(CallPlan plan) implements Decision {}
}
