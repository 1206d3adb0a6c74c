package io.inmesh.internal.route;

import io.inmesh.call.HeaderField;
import io.inmesh.call.RequestHead;
import io.inmesh.model.HeaderFormat;
import io.inmesh.model.HeaderFormat.Command;
import io.inmesh.model.HeaderFormat.Operator;
import io.inmesh.model.HeaderFormat.Part;
import io.inmesh.model.HeaderFormat.Text;
import io.inmesh.model.HeaderFormatException;
import io.inmesh.model.TimeFormat;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Value of a header edit, ready to be computed for a call. */
final class HeaderValue {
    private final List<Piece> pieces;
    private final boolean readsTime;

    private HeaderValue(List<Piece> pieces, boolean readsTime) {
        this.pieces = List.copyOf(pieces);
        this.readsTime = readsTime;
    }

    /**
     * What the commands read.
     *
     * @param status 0 in edits of the request
     * @param start when the call began
     */
    record Context(RequestHead head, String originalPath, int status, String route, String cluster, Instant start) {}

    /** One text or command. */
    @FunctionalInterface
    private interface Piece {
        String of(Context context, List<HeaderField> edited);
    }

    /** The value of this text; null when it is none, or has a command that InMesh does not execute. */
    static @Nullable HeaderValue of(String text) {
        List<Part> parts;
        try {
            parts = HeaderFormat.parse(text).parts();
        } catch (HeaderFormatException e) {
            return null;
        }
        List<Piece> pieces = new ArrayList<>();
        boolean readsTime = false;
        for (Part part : parts) {
            if (part instanceof Text literal) {
                pieces.add((context, edited) -> literal.text());
            } else if (part instanceof Command command) {
                pieces.add(limited(piece(command), command.limit()));
                readsTime |= command.operator() == Operator.START_TIME;
            } else {
                return null;
            }
        }
        return new HeaderValue(pieces, readsTime);
    }

    private static Piece limited(Piece piece, int limit) {
        if (limit == Integer.MAX_VALUE) {
            return piece;
        }
        return (context, edited) -> {
            String value = piece.of(context, edited);
            return value.substring(0, Math.min(value.length(), limit));
        };
    }

    private static Piece piece(Command command) {
        String name = command.header();
        String other = command.otherHeader();
        return switch (command.operator()) {
            case REQ, REQUEST_HEADER -> (context, edited) -> either(requestField(context, name), other, context);
            case RESP, RESPONSE_HEADER ->
                (context, edited) -> {
                    String value = responseField(context, edited, name);
                    return value.isEmpty() ? responseField(context, edited, other) : value;
                };
            case START_TIME -> {
                TimeFormat format = command.timeFormat();
                yield (context, edited) -> format.format(context.start());
            }
            case RESPONSE_CODE -> (context, edited) -> context.status() == 0 ? "" : Integer.toString(context.status());
            case PROTOCOL -> (context, edited) -> context.head().protocol();
            case ROUTE_NAME -> (context, edited) -> context.route();
            case UPSTREAM_CLUSTER -> (context, edited) -> context.cluster();
            case HOSTNAME -> (context, edited) -> LocalHostName.get();
            case DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT, DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT ->
                (context, edited) -> context.head().callerAddress();
        };
    }

    /** Whether the value depends on when the call began. */
    boolean readsTime() {
        return readsTime;
    }

    /**
     * The value; empty means that the header is not to be written.
     *
     * @param edited headers of the message that is edited, as they are now
     */
    String evaluate(Context context, List<HeaderField> edited) {
        if (pieces.size() == 1) {
            return pieces.get(0).of(context, edited);
        }
        StringBuilder out = new StringBuilder();
        for (Piece piece : pieces) {
            out.append(piece.of(context, edited));
        }
        return out.toString();
    }

    private static String either(String value, String other, Context context) {
        return value.isEmpty() && !other.isEmpty() ? requestField(context, other) : value;
    }

    private static String requestField(Context context, String name) {
        RequestHead head = context.head();
        switch (name.toLowerCase(Locale.ROOT)) {
            case ":method":
                return head.method();
            case ":scheme":
                return head.scheme();
            case ":authority", "host":
                return head.authority();
            case ":path":
                return context.originalPath();
            default:
                StringBuilder joined = new StringBuilder();
                boolean found = false;
                for (int i = 0; i < head.headerCount(); i++) {
                    if (name.equalsIgnoreCase(head.headerName(i))) {
                        joined.append(found ? "," : "").append(head.headerValue(i));
                        found = true;
                    }
                }
                return joined.toString();
        }
    }

    private static String responseField(Context context, List<HeaderField> edited, String name) {
        if (context.status() == 0) {
            return "";
        }
        if (name.equals(":status")) {
            return Integer.toString(context.status());
        }
        StringBuilder joined = new StringBuilder();
        boolean found = false;
        for (HeaderField field : edited) {
            if (name.equalsIgnoreCase(field.name())) {
                joined.append(found ? "," : "").append(field.value());
                found = true;
            }
        }
        return joined.toString();
    }
}
