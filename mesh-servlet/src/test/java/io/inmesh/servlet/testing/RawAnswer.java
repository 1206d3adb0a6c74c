package io.inmesh.servlet.testing;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An answer as it came over the connection.
 *
 * @param status of the status line
 * @param statusLine as sent
 * @param headerLines as sent, in order
 * @param body each byte one character, without the framing of chunks
 * @param trailerLines after the last chunk
 */
public record RawAnswer(
        int status, String statusLine, List<String> headerLines, String body, List<String> trailerLines) {
    public RawAnswer {
        headerLines = List.copyOf(headerLines);
        trailerLines = List.copyOf(trailerLines);
    }

    /** The values of all lines of that name, in order. */
    public List<String> headers(String name) {
        String start = name.toLowerCase(Locale.ROOT) + ":";
        return headerLines.stream()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
                .map(line -> line.substring(start.length()).strip())
                .toList();
    }

    /** The first value; null when there is none. */
    public @Nullable String header(String name) {
        List<String> values = headers(name);
        return values.isEmpty() ? null : values.get(0);
    }
}
