package io.inmesh.samples.bookinfo.web;

import io.inmesh.event.ResponseFlag;
import io.inmesh.observe.CallObservation;
import io.inmesh.observe.EndedCall;
import io.inmesh.observe.MeshObserver;
import io.inmesh.observe.StartedCall;
import io.inmesh.observe.StartedCall.Handling;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRequest;
import org.springframework.web.client.RestClient;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;

/**
 * Keeps, with the request that is being answered, the calls that were made to answer it. Relies on calls being made on
 * the thread of the request, one after the other, as RestClient and InMesh do it.
 */
public final class OutgoingCalls implements RestClientCustomizer, MeshObserver {
    private static final String ATTRIBUTE = OutgoingCalls.class.getName();

    /** One call: what was asked, and, once it is over, what the mesh told about it. */
    static final class OutgoingCall {
        private final URI uri;
        private final HttpHeaders headers;
        private @Nullable Ended ended;

        private OutgoingCall(HttpRequest request) {
            this.uri = request.getURI();
            this.headers = request.getHeaders();
        }

        URI uri() {
            return uri;
        }

        HttpHeaders headers() {
            return headers;
        }

        /** Null while the mesh has not told: under way, given up, or unknown to the mesh. */
        @Nullable
        Ended ended() {
            return ended;
        }
    }

    /** How a call ended, as the mesh told it. */
    record Ended(
            @Nullable String cluster, int status, @Nullable ResponseFlag flag) {}

    @Override
    public void customize(RestClient.Builder builder) {
        builder.requestInitializer(request -> {
            RequestAttributes current = RequestContextHolder.getRequestAttributes();
            if (current != null) {
                calls(current).add(new OutgoingCall(request));
            }
        });
    }

    @Override
    public CallObservation callStarted(StartedCall call) {
        return call.handling() == Handling.PASSED_THROUGH
                ? CallObservation.NONE
                : new CallObservation() {
                    @Override
                    public void ended(EndedCall ended) {
                        note(new Ended(call.cluster(), ended.status(), ended.flag()));
                    }
                };
    }

    private static void note(Ended ended) {
        RequestAttributes current = RequestContextHolder.getRequestAttributes();
        if (current != null) {
            List<OutgoingCall> calls = calls(current);
            if (!calls.isEmpty()) {
                calls.get(calls.size() - 1).ended = ended;
            }
        }
    }

    static List<OutgoingCall> ofCurrentRequest() {
        return List.copyOf(calls(RequestContextHolder.currentRequestAttributes()));
    }

    @SuppressWarnings("unchecked")
    private static List<OutgoingCall> calls(RequestAttributes request) {
        Object calls = request.getAttribute(ATTRIBUTE, RequestAttributes.SCOPE_REQUEST);
        if (calls == null) {
            calls = new ArrayList<OutgoingCall>();
            request.setAttribute(ATTRIBUTE, calls, RequestAttributes.SCOPE_REQUEST);
        }
        return (List<OutgoingCall>) calls;
    }
}
