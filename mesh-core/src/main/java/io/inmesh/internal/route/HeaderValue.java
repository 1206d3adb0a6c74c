package io.inmesh.internal.route;

import io.inmesh.call.RequestHead;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Value of a header edit with Envoy's substitution commands. {@code %%} is a per cent sign; a command that InMesh does
 * not know, and a lone per cent sign, stand for themselves.
 */
final class HeaderValue {
    private final Object[] parts;

    private HeaderValue(Object[] parts) {
        this.parts = parts;
    }

    /** What the commands read. */
    record Context(RequestHead head, String originalPath, int status, String route, String cluster) {}

    private enum Command {
        RESPONSE_CODE,
        PROTOCOL,
        DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT,
        ROUTE_NAME,
        UPSTREAM_CLUSTER
    }

    private record RequestHeader(String name, String alternative, int limit) {}

    static HeaderValue of(String text) {
        List<Object> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c != '%') {
                literal.append(c);
                i++;
                continue;
            }
            if (text.startsWith("%%", i)) {
                literal.append('%');
                i += 2;
                continue;
            }
            int end = text.indexOf('%', i + 1);
            @Nullable Object command = end < 0 ? null : command(text.substring(i + 1, end));
            if (command == null) {
                literal.append('%');
                i++;
                continue;
            }
            if (!literal.isEmpty()) {
                parts.add(literal.toString());
                literal.setLength(0);
            }
            parts.add(command);
            i = end + 1;
        }
        if (!literal.isEmpty() || parts.isEmpty()) {
            parts.add(literal.toString());
        }
        return new HeaderValue(parts.toArray());
    }

    private static @Nullable Object command(String text) {
        if (text.startsWith("REQ(")) {
            int close = text.indexOf(')');
            if (close < 0) {
                return null;
            }
            String names = text.substring(4, close);
            int alternative = names.indexOf('?');
            int limit = Integer.MAX_VALUE;
            if (close + 1 < text.length()) {
                if (!text.substring(close + 1).matches(":[0-9]{1,6}")) {
                    return null;
                }
                limit = Integer.parseInt(text.substring(close + 2));
            }
            return new RequestHeader(
                    alternative < 0 ? names : names.substring(0, alternative),
                    alternative < 0 ? "" : names.substring(alternative + 1),
                    limit);
        }
        for (Command command : Command.values()) {
            if (command.name().equals(text)) {
                return command;
            }
        }
        return null;
    }

    /** The value; empty means that the header is not to be written. */
    String evaluate(Context context) {
        if (parts.length == 1 && parts[0] instanceof String literal) {
            return literal;
        }
        StringBuilder out = new StringBuilder();
        for (Object part : parts) {
            if (part instanceof String literal) {
                out.append(literal);
            } else if (part instanceof RequestHeader header) {
                String value = field(context, header.name());
                if (value.isEmpty() && !header.alternative().isEmpty()) {
                    value = field(context, header.alternative());
                }
                out.append(value, 0, Math.min(value.length(), header.limit()));
            } else if (part instanceof Command command) {
                out.append(
                        switch (command) {
                            case RESPONSE_CODE -> context.status() == 0 ? "" : Integer.toString(context.status());
                            case PROTOCOL -> "HTTP/1.1";
                            // The caller is this very process.
                            case DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT -> "127.0.0.1";
                            case ROUTE_NAME -> context.route();
                            case UPSTREAM_CLUSTER -> context.cluster();
                        });
            }
        }
        return out.toString();
    }

    private static String field(Context context, String name) {
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
}
