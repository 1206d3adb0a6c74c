package io.inmesh.servlet.internal.answer;

import io.inmesh.call.HeaderField;
import io.inmesh.call.SyntheticResponse;
import io.inmesh.event.ResponseFlag;
import io.inmesh.servlet.internal.observed.ObservedRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes what the gateway answers by itself: as a problem (RFC 9457) to whoever asks for JSON, else as plain text. */
public final class FaultAnswers {
    /** Header with the flag of an answer. */
    public static final String FLAG_HEADER = "x-inmesh-response-flags";

    private final ServerHeader serverHeader;
    private final boolean flags;

    /**
     * Makes a writer.
     *
     * @param flags whether answers tell their flag, in {@link #FLAG_HEADER} and in a problem
     */
    public FaultAnswers(ServerHeader serverHeader, boolean flags) {
        this.serverHeader = serverHeader;
        this.flags = flags;
    }

    /**
     * Answers, unless something has been sent already.
     *
     * @param requestId null when there is none
     * @return false when it was too late
     * @throws IOException when the client is gone
     */
    public boolean write(
            GatewayFault fault, HttpServletRequest request, HttpServletResponse response, @Nullable String requestId)
            throws IOException {
        ObservedRequest.flagged(request, ResponseFlag.valueOf(fault.flag()));
        if (response.isCommitted()) {
            return false;
        }
        response.reset();
        response.setStatus(fault.status());
        for (HeaderField field : fault.headers()) {
            response.addHeader(field.name(), field.value());
        }
        serverHeader.apply(response);
        if (flags) {
            response.setHeader(FLAG_HEADER, fault.flag());
        }
        boolean json = wantsJson(Collections.list(request.getHeaders("Accept")));
        byte[] bytes = body(fault, json, requestId);
        response.setHeader("Content-Type", contentType(json));
        response.setContentLength(bytes.length);
        if (!request.getMethod().equals("HEAD")) {
            response.getOutputStream().write(bytes);
        }
        return true;
    }

    /** The same answer for whoever cannot write it himself. */
    public SyntheticResponse response(GatewayFault fault, HttpServletRequest request, @Nullable String requestId) {
        ObservedRequest.flagged(request, ResponseFlag.valueOf(fault.flag()));
        boolean json = wantsJson(Collections.list(request.getHeaders("Accept")));
        List<HeaderField> headers = new ArrayList<>(fault.headers());
        headers.add(new HeaderField("content-type", contentType(json)));
        if (flags) {
            headers.add(new HeaderField(FLAG_HEADER, fault.flag()));
        }
        return new SyntheticResponse(fault.status(), headers, body(fault, json, requestId));
    }

    private byte[] body(GatewayFault fault, boolean json, @Nullable String requestId) {
        return (json ? problem(fault, requestId) : fault.text()).getBytes(StandardCharsets.UTF_8);
    }

    private static String contentType(boolean json) {
        return json ? "application/problem+json" : "text/plain;charset=utf-8";
    }

    /** A type that is named, and not one by a wildcard, which every browser and command line sends. */
    static boolean wantsJson(List<String> accept) {
        for (String value : accept) {
            for (String range : value.toLowerCase(Locale.ROOT).split(",", -1)) {
                String[] parts = range.split(";", -1);
                String type = parts[0].strip();
                if ((type.equals("application/json") || type.equals("application/problem+json")) && !isRefused(parts)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isRefused(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            if (parts[i].strip().matches("q=0(\\.0*)?")) {
                return true;
            }
        }
        return false;
    }

    private String problem(GatewayFault fault, @Nullable String requestId) {
        StringBuilder json = new StringBuilder(128);
        json.append("{\"type\":\"about:blank\",\"title\":");
        text(json, ReasonPhrases.of(fault.status()));
        json.append(",\"status\":").append(fault.status()).append(",\"detail\":");
        text(json, fault.text());
        if (requestId != null) {
            json.append(",\"requestId\":");
            text(json, requestId);
        }
        if (flags) {
            json.append(",\"responseFlags\":");
            text(json, fault.flag());
        }
        return json.append('}').toString();
    }

    private static void text(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ' || c == '<' || c == '>' || c == '&') {
                json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }
}
