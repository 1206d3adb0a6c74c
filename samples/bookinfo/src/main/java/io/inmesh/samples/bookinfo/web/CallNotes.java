package io.inmesh.samples.bookinfo.web;

import io.inmesh.Mesh;
import io.inmesh.explain.Explanation;
import io.inmesh.explain.Explanation.RouteVerdict;
import io.inmesh.inbound.InboundContext;
import io.inmesh.model.Origin;
import io.inmesh.samples.bookinfo.web.OutgoingCalls.Ended;
import io.inmesh.samples.bookinfo.web.OutgoingCalls.OutgoingCall;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.util.UriComponentsBuilder;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells which rule took each call that was made to answer the current request. The mesh explains the rule; where the
 * call went is what really happened, since an explanation would draw among weights anew.
 */
public final class CallNotes {
    /** Header in which a service hands its notes back to its caller. */
    public static final String HEADER = "x-bookinfo-calls";

    /** Header that says who is signed in. */
    public static final String END_USER = "end-user";

    private final Mesh mesh;
    private final String instance;
    private final JsonMapper json =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    /** Takes the mesh that the calls go through. */
    public CallNotes(Mesh mesh, @Value("${spring.application.name}") String instance) {
        this.mesh = mesh;
        this.instance = instance;
    }

    /** A note for each call, in order. */
    public List<CallNote> ofCurrentRequest() {
        return OutgoingCalls.ofCurrentRequest().stream().map(this::note).toList();
    }

    /** The notes as the value of a header. */
    public String toHeader(List<CallNote> notes) {
        return json.writeValueAsString(notes);
    }

    /** Notes from the value of a header; none when it is null or cannot be read. */
    public List<CallNote> fromHeader(@Nullable String value) {
        if (value == null) {
            return List.of();
        }
        try {
            return List.of(json.readValue(value, CallNote[].class));
        } catch (JacksonException unreadable) {
            return List.of();
        }
    }

    private CallNote note(OutgoingCall call) {
        Map<String, List<String>> headers = sent(call);
        Explanation explanation = mesh.explain("GET", call.uri().toString(), headers);
        Ended ended = call.ended();
        return new CallNote(
                instance,
                call.uri().toString(),
                rule(explanation),
                reason(explanation),
                ended == null || ended.cluster() == null ? "" : ended.cluster(),
                answer(ended),
                explain(call, headers));
    }

    /** What the call itself set, and what the mesh has carried over from the request that is being answered. */
    private static Map<String, List<String>> sent(OutgoingCall call) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        call.headers().forEach((name, values) -> headers.put(name, new ArrayList<>(values)));
        InboundContext carried = InboundContext.current();
        if (carried != null) {
            carried.headers().forEach(headers::putIfAbsent);
        }
        return headers;
    }

    /** At this very instance: its mesh took the call, and the name by which it was called leads to others too. */
    private static String explain(OutgoingCall call, Map<String, List<String>> headers) {
        HttpServletRequest request =
                ((ServletRequestAttributes) RequestContextHolder.currentRequestAttributes()).getRequest();
        UriComponentsBuilder link = UriComponentsBuilder.newInstance()
                .scheme("http")
                .host(request.getLocalAddr())
                .port(request.getLocalPort())
                .path("/actuator/mesh/explain")
                .queryParam("method", "GET")
                .queryParam("url", "{url}");
        List<String> user = headers.get(END_USER);
        return user == null
                ? link.encode().buildAndExpand(call.uri()).toUriString()
                : link.queryParam("header", "{header}")
                        .encode()
                        .buildAndExpand(call.uri(), END_USER + ":" + user.get(0))
                        .toUriString();
    }

    private static String rule(Explanation explanation) {
        String virtualService = explanation.virtualService();
        Origin origin = explanation.routeOrigin();
        if (virtualService == null) {
            return "no VirtualService";
        }
        return "VirtualService " + virtualService + (origin == null ? "" : " in " + fileName(origin));
    }

    private static String fileName(Origin origin) {
        Path name = Path.of(origin.source()).getFileName();
        return name + (origin.line() == 0 ? "" : ":" + origin.line());
    }

    private static String reason(Explanation explanation) {
        return explanation.routes().stream()
                .filter(RouteVerdict::matched)
                .map(RouteVerdict::reason)
                .findFirst()
                .orElse("");
    }

    private static String answer(@Nullable Ended ended) {
        if (ended == null) {
            return "no answer in time";
        }
        String status = ended.status() == 0 ? "no answer" : Integer.toString(ended.status());
        return ended.flag() == null
                ? status
                : status + " (" + ended.flag() + ", " + ended.flag().text() + ")";
    }
}
