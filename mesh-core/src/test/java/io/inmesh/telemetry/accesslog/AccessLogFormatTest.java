package io.inmesh.telemetry.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever strangers send, an entry is one line that is read as what it is. */
class AccessLogFormatTest {
    private static final List<String> NAMES = List.of(
            "start_time",
            "method",
            "path",
            "protocol",
            "response_code",
            "response_flags",
            "response_code_details",
            "connection_termination_details",
            "upstream_transport_failure_reason",
            "bytes_received",
            "bytes_sent",
            "duration",
            "upstream_service_time",
            "x_forwarded_for",
            "user_agent",
            "request_id",
            "authority",
            "upstream_host",
            "upstream_cluster",
            "upstream_local_address",
            "downstream_local_address",
            "downstream_remote_address",
            "requested_server_name",
            "route_name");

    /** What stands in brackets, in quotes or between blanks; an escape is two characters. */
    private static List<String> columns(String line) {
        List<String> columns = new ArrayList<>();
        int start = 0;
        boolean quoted = false;
        for (int i = 0; i <= line.length(); i++) {
            if (i == line.length() || (line.charAt(i) == ' ' && !quoted)) {
                columns.add(line.substring(start, i));
                start = i + 1;
            } else if (line.charAt(i) == '"') {
                quoted = !quoted;
            } else if (line.charAt(i) == '\\') {
                i++;
            }
        }
        assertThat(quoted).isFalse();
        return columns;
    }

    private static AccessLogEntry entry(String value) {
        return AccessLogEntry.builder(AccessLogEntry.Direction.OUTBOUND, Instant.parse("2026-01-02T03:04:05.006Z"))
                .method(value)
                .path(value)
                .protocol(value)
                .responseCode(503)
                .responseFlags("UF")
                .responseCodeDetails(value)
                .upstreamTransportFailureReason(value)
                .bytesReceived(1)
                .durationNanos(2_999_999)
                .forwardedFor(value)
                .userAgent(value)
                .requestId(value)
                .authority(value)
                .upstreamHost(value)
                .upstreamCluster(value)
                .downstreamRemoteAddress(value)
                .routeName(value)
                .build();
    }

    @Provide
    Arbitrary<String> hostile() {
        Arbitrary<String> pieces = Arbitraries.of(
                "\r\n[2026-01-02T03:04:05.006Z] \"GET / HTTP/1.1\" 200",
                "\" 200 - ",
                "\\",
                "\\\"",
                "\u0000",
                "\u001b[2J",
                "\u2028",
                "\u2029",
                "\u0085",
                "\u202e",
                "\ud800",
                "\udc00x",
                "\ud83d\ude00",
                "\u00e4\u20ac",
                "{}",
                "${jndi:x}",
                " ");
        Arbitrary<String> any = Arbitraries.strings().all().ofMaxLength(40);
        return Arbitraries.frequencyOf(
                        net.jqwik.api.Tuple.of(2, pieces),
                        net.jqwik.api.Tuple.of(1, any),
                        net.jqwik.api.Tuple.of(1, Arbitraries.strings().ascii().ofLength(3000)))
                .list()
                .ofMinSize(1)
                .ofMaxSize(5)
                .map(list -> String.join("", list));
    }

    private static JsonObject parsed(String line) throws IOException {
        try (JsonReader reader = new JsonReader(new StringReader(line))) {
            reader.setStrictness(Strictness.STRICT);
            JsonObject object = JsonParser.parseReader(reader).getAsJsonObject();
            assertThat(reader.peek()).isEqualTo(com.google.gson.stream.JsonToken.END_DOCUMENT);
            return object;
        }
    }

    private static void isOneSafeLine(String line) {
        assertThat(line.codePoints()).allMatch(c -> c >= ' ' && c != 0x7f && !isUnsafe(c));
        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(line)).isTrue();
        assertThat(line.length()).isLessThan(14 * (6 * SafeText.LONGEST + 100));
    }

    private static boolean isUnsafe(int c) {
        int type = Character.getType(c);
        return type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || type == Character.SURROGATE;
    }

    @Property(tries = 300)
    void jsonIsReadAsWhatItWasMadeOf(@ForAll("hostile") String value) throws IOException {
        String line = AccessLogFormat.JSON.line(entry(value));

        isOneSafeLine(line);
        JsonObject read = parsed(line);
        assertThat(List.copyOf(read.keySet())).isEqualTo(NAMES);
        assertThat(read.get("path").getAsString()).isEqualTo(expected(value));
        assertThat(read.get("route_name").getAsString()).isEqualTo(expected(value));
    }

    /** All of it, but for halves of characters, up to the longest. */
    private static String expected(String value) {
        String cut = value.length() > SafeText.LONGEST ? whole(value, SafeText.LONGEST) + SafeText.CUT : value;
        StringBuilder text = new StringBuilder();
        cut.codePoints().forEach(c -> text.appendCodePoint(c >= 0xd800 && c <= 0xdfff ? 0xfffd : c));
        return text.toString();
    }

    private static String whole(String value, int length) {
        boolean within =
                Character.isHighSurrogate(value.charAt(length - 1)) && Character.isLowSurrogate(value.charAt(length));
        return value.substring(0, within ? length + 1 : length);
    }

    @Property(tries = 300)
    void textHasItsColumnsWhateverIsInThem(@ForAll("hostile") String value) {
        String line = AccessLogFormat.TEXT.line(entry(value));

        isOneSafeLine(line);
        List<String> columns = columns(line);
        assertThat(columns).hasSize(NAMES.size() - 2);
        assertThat(columns.get(0)).isEqualTo("[2026-01-02T03:04:05.006Z]");
        assertThat(columns.get(2)).isEqualTo("503");
        assertThat(columns.get(1)).startsWith("\"").endsWith("\"");
        assertThat(columns.get(1).split(" ", -1)).hasSize(3);
        assertThat(columns.get(6)).startsWith("\"").endsWith("\"");
    }

    @Example
    void numbersAreNumbersAndWhatIsNotKnownIsNull() throws IOException {
        JsonObject read = parsed(AccessLogFormat.JSON.line(entry("x")));
        assertThat(read.get("response_code").getAsJsonPrimitive().isNumber()).isTrue();
        assertThat(read.get("duration")).hasToString("2");
        assertThat(read.get("bytes_received")).hasToString("1");
        assertThat(read.get("bytes_sent").isJsonNull()).isTrue();
        assertThat(read.get("upstream_service_time").isJsonNull()).isTrue();
        assertThat(read.get("upstream_local_address").isJsonNull()).isTrue();
        assertThat(read.get("start_time").getAsString()).isEqualTo("2026-01-02T03:04:05.006Z");
        assertThat(parsed(AccessLogFormat.JSON.line(
                                AccessLogEntry.builder(AccessLogEntry.Direction.INBOUND, Instant.EPOCH)
                                        .build()))
                        .get("response_flags")
                        .getAsString())
                .isEqualTo("-");
    }
}
