package io.inmesh.cli.clients;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a Kotlin class into which functions were inlined. Their instructions have lines behind the end of the file;
 * the part {@code KotlinDebug} of the attribute SourceDebugExtension says from which line each comes:
 * {@code 27#1:51,3} for line 27 in place of 51 to 53.
 */
final class InlinedLines {
    private static final String PART = "*S KotlinDebug";
    private static final Pattern LINES = Pattern.compile("(?m)^(\\d{1,9})#\\d+:(\\d{1,9})(?:,(\\d{1,9}))?$");

    private InlinedLines() {}

    /** @param map text of the attribute; null where a class has none */
    static int called(int line, @Nullable String map) {
        int part = map == null ? -1 : map.indexOf(PART);
        if (map == null || part < 0) {
            return line;
        }
        Matcher lines = LINES.matcher(map.substring(part));
        while (lines.find()) {
            int first = Integer.parseInt(lines.group(2));
            int count = lines.group(3) == null ? 1 : Integer.parseInt(lines.group(3));
            if (line >= first && line < first + count) {
                return Integer.parseInt(lines.group(1));
            }
        }
        return line;
    }
}
