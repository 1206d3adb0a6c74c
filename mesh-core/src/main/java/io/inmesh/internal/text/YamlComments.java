package io.inmesh.internal.text;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.comments.CommentType;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.scanner.ScannerImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.tokens.CommentToken;
import org.snakeyaml.engine.v2.tokens.Token;

/** Comments of YAML texts, and what they stand at. */
public final class YamlComments {
    private final List<Found> found = new ArrayList<>();
    private final TreeSet<Integer> lines = new TreeSet<>();
    private final TreeSet<Integer> documents = new TreeSet<>();
    private boolean begun;
    private int last;

    private YamlComments() {}

    /**
     * A comment.
     *
     * @param text without the {@code #}
     * @param line 1-based, as is the column
     * @param firstLine of what it is about: its own line behind a value; else the next line that has a value, or the whole
     *     next document where it stands before one
     * @param lastLine the last of them; before the first where nothing follows
     */
    public record Comment(String text, int line, int column, int firstLine, int lastLine) {}

    private record Found(String text, int line, int column) {}

    /** The comments in order, up to the first place that is no YAML. */
    public static List<Comment> of(String text) {
        YamlComments comments = new YamlComments();
        LoadSettings settings = LoadSettings.builder()
                .setParseComments(true)
                .setBufferSize(Math.max(YamlDocuments.SMALLEST_BUFFER, YamlDocuments.longestLine(text) + 2))
                .setCodePointLimit(YamlDocuments.LONGEST_TEXT)
                .build();
        try {
            ScannerImpl scanner = new ScannerImpl(settings, new StreamReader(settings, text));
            while (scanner.hasNext()) {
                comments.take(scanner.next());
            }
        } catch (YamlEngineException e) {
            // Told where the text is read as rules.
        }
        return comments.found.stream().map(comments::withTarget).toList();
    }

    private void take(Token token) {
        int line = token.getStartMark().map(Mark::getLine).orElse(-1) + 1;
        switch (token.getTokenId()) {
            case Comment -> {
                CommentToken comment = (CommentToken) token;
                if (comment.getCommentType() != CommentType.BLANK_LINE) {
                    int column = token.getStartMark().map(Mark::getColumn).orElse(-1) + 1;
                    found.add(new Found(comment.getValue(), line, column));
                }
            }
            case DocumentStart, DocumentEnd -> begun = false;
            case Scalar,
                    Alias,
                    Anchor,
                    Tag,
                    BlockEntry,
                    FlowSequenceStart,
                    FlowSequenceEnd,
                    FlowMappingStart,
                    FlowMappingEnd -> {
                lines.add(line);
                if (!begun) {
                    documents.add(line);
                    begun = true;
                }
                last = line;
            }
            default -> {
                // Marks that have no text of their own, or stand on a line with one that has.
            }
        }
    }

    private Comment withTarget(Found comment) {
        int line = comment.line();
        if (lines.contains(line)) {
            return new Comment(comment.text(), line, comment.column(), line, line);
        }
        Integer next = lines.higher(line);
        if (next == null) {
            return new Comment(comment.text(), line, comment.column(), line + 1, line);
        }
        if (!documents.contains(next)) {
            return new Comment(comment.text(), line, comment.column(), next, next);
        }
        Integer after = documents.higher(next);
        Integer end = after == null ? Integer.valueOf(last) : lines.lower(after);
        return new Comment(comment.text(), line, comment.column(), next, end == null ? next : end);
    }
}
