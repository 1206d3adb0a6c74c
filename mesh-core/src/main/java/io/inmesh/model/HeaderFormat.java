package io.inmesh.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Value of a header edit: text with Envoy's commands, such as {@code id=%REQ(x-request-id)%}. {@code %%} is a per cent
 * sign.
 *
 * @param parts in order; no two texts beside each other
 */
public record HeaderFormat(List<Part> parts) {
    /** Commands of Envoy's that InMesh does not execute, besides those that begin with one of the prefixes below. */
    private static final Set<String> ENVOYS = Set.of(
            "START_TIME_LOCAL",
            "EMIT_TIME",
            "EMIT_TIME_LOCAL",
            "BYTES_RECEIVED",
            "BYTES_SENT",
            "BYTES_RETRANSMITTED",
            "PACKETS_RETRANSMITTED",
            "RESPONSE_CODE_DETAILS",
            "RESPONSE_FLAGS",
            "RESPONSE_FLAGS_LONG",
            "CONNECTION_TERMINATION_DETAILS",
            "DURATION",
            "COMMON_DURATION",
            "REQUEST_DURATION",
            "REQUEST_TX_DURATION",
            "RESPONSE_DURATION",
            "RESPONSE_TX_DURATION",
            "ROUNDTRIP_DURATION",
            "VIRTUAL_CLUSTER_NAME",
            "VIRTUAL_HOST_NAME",
            "ACCESS_LOG_TYPE",
            "CONNECTION_ID",
            "STREAM_ID",
            "TRACE_ID",
            "SPAN_ID",
            "UNIQUE_ID",
            "GRPC_STATUS",
            "GRPC_STATUS_NUMBER",
            "FILTER_CHAIN_NAME",
            "FILTER_STATE",
            "TRAILER",
            "RESPONSE_TRAILER",
            "REQ_WITHOUT_QUERY",
            "PATH",
            "QUERY_PARAM",
            "QUERY_PARAMS",
            "LOCAL_REPLY_BODY",
            "METADATA",
            "DYNAMIC_METADATA",
            "CLUSTER_METADATA",
            "PER_REQUEST_STATE",
            "REQUESTED_SERVER_NAME",
            "ENVIRONMENT",
            "TLS_JA3_FINGERPRINT",
            "TLS_JA4_FINGERPRINT",
            "CUSTOM_FLAGS",
            "COALESCE",
            "CEL",
            "TYPED_CEL");

    private static final List<String> ENVOYS_PREFIXES = List.of("DOWNSTREAM_", "UPSTREAM_");

    public HeaderFormat {
        parts = List.copyOf(parts);
    }

    /** A piece of the value. */
    public sealed interface Part permits Text, Command, NotExecuted {}

    /** What stands for itself. */
    public record Text(String text) implements Part {}

    /**
     * A command that InMesh executes.
     *
     * @param argument what stands in parentheses, null without
     * @param limit most characters of the result, {@link Integer#MAX_VALUE} when none is given
     */
    public record Command(Operator operator, @Nullable String argument, int limit) implements Part {
        /** For an operator that reads a header: the name of that header. */
        public String header() {
            String names = names();
            int mark = names.indexOf('?');
            return mark < 0 ? names : names.substring(0, mark);
        }

        /** The header that is read where {@link #header()} is missing; empty for none. */
        public String otherHeader() {
            String names = names();
            return names.substring(Math.min(names.length(), header().length() + 1));
        }

        private String names() {
            return argument == null ? "" : argument;
        }

        /** For {@link Operator#START_TIME}: how the time is written. */
        public TimeFormat timeFormat() {
            return argument == null ? TimeFormat.DEFAULT : TimeFormat.of(argument);
        }
    }

    /**
     * A command of Envoy's that InMesh does not execute.
     *
     * @param written without the per cent signs
     * @param why a sentence without full stop
     */
    public record NotExecuted(String written, String why) implements Part {}

    /** Commands that InMesh executes. */
    public enum Operator {
        /** {@code REQ(NAME?OTHER)}: header of the request, or another where it is missing. */
        REQ(true),
        /** The newer name of {@link #REQ}. */
        REQUEST_HEADER(true),
        /** {@code RESP(NAME?OTHER)}: header of the response; nothing in edits of the request. */
        RESP(true),
        /** The newer name of {@link #RESP}. */
        RESPONSE_HEADER(true),
        /** When the call began; the argument is a {@link TimeFormat}. */
        START_TIME(false),
        /** Status of the response; nothing in edits of the request. */
        RESPONSE_CODE(false),
        /** Protocol of the call as the application makes it. */
        PROTOCOL(false),
        /** Name of the route. */
        ROUTE_NAME(false),
        /** Name of the cluster that is called. */
        UPSTREAM_CLUSTER(false),
        /** Name of this machine or pod. */
        HOSTNAME(false),
        /** Address of the caller, which is this very process. */
        DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT(false),
        /** The same: there is no proxy between. */
        DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT(false);

        private final boolean needsArgument;

        Operator(boolean needsArgument) {
            this.needsArgument = needsArgument;
        }
    }

    /**
     * Reads a value by the grammar of Istio's validation and the commands of Envoy.
     *
     * @throws HeaderFormatException when Istio or Envoy would refuse it
     */
    public static HeaderFormat parse(String text) {
        List<Part> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            boolean doubled = text.startsWith("%%", at);
            if (c != '%' || doubled) {
                literal.append(c);
                at += doubled ? 2 : 1;
                continue;
            }
            HeaderCommandScanner scanner = new HeaderCommandScanner(text, at + 1);
            if (!literal.isEmpty()) {
                parts.add(new Text(literal.toString()));
                literal.setLength(0);
            }
            parts.add(part(scanner));
            at = scanner.end();
        }
        if (!literal.isEmpty()) {
            parts.add(new Text(literal.toString()));
        }
        return new HeaderFormat(parts);
    }

    /** The commands that InMesh does not execute. */
    public List<NotExecuted> notExecuted() {
        return parts.stream()
                .filter(NotExecuted.class::isInstance)
                .map(NotExecuted.class::cast)
                .toList();
    }

    private static Part part(HeaderCommandScanner scanner) {
        String name = scanner.name();
        String argument = scanner.argument();
        for (Operator operator : Operator.values()) {
            if (operator.name().equals(name)) {
                return command(operator, argument, scanner);
            }
        }
        if (ENVOYS.contains(name) || ENVOYS_PREFIXES.stream().anyMatch(name::startsWith)) {
            return new NotExecuted(scanner.written(), "it is not executed by this version of InMesh");
        }
        throw new HeaderFormatException(
                "%" + shortened(name) + "% is no command of Envoy's, which refuses it", scanner.position());
    }

    private static Part command(Operator operator, @Nullable String argument, HeaderCommandScanner scanner) {
        if (operator.needsArgument && (argument == null || argument.isBlank())) {
            throw new HeaderFormatException(
                    "%" + operator + "% needs the name of a header in parentheses", scanner.position());
        }
        if (!operator.needsArgument && argument != null && operator != Operator.START_TIME) {
            throw new HeaderFormatException("%" + operator + "% has nothing in parentheses", scanner.position());
        }
        if (operator == Operator.START_TIME && argument != null) {
            try {
                TimeFormat.of(argument);
            } catch (IllegalArgumentException e) {
                return new NotExecuted(scanner.written(), String.valueOf(e.getMessage()));
            }
        }
        return new Command(operator, argument, scanner.limit());
    }

    private static String shortened(String name) {
        return name.length() <= 40 ? name : name.substring(0, 40) + "…";
    }
}
