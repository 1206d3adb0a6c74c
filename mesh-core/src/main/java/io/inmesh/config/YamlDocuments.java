package io.inmesh.config;

import io.inmesh.config.Tree.Entry;
import io.inmesh.config.Tree.Kind;
import io.inmesh.config.Tree.Mapping;
import io.inmesh.config.Tree.Scalar;
import io.inmesh.config.Tree.Sequence;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Turns YAML 1.2 text into trees, a document at a time. Works on the event stream with a stack of its own, so that depth,
 * aliases and size are bounded here and nothing recurses on the input.
 */
final class YamlDocuments {
    /** Longest text that is read at all, in characters. */
    static final int LONGEST_TEXT = 16 * 1024 * 1024;

    /** Longest line; the scanner looks ahead a whole line, and needs room for it. */
    static final int LONGEST_LINE = 2 * 1024 * 1024;

    private static final int SMALLEST_BUFFER = 8 * 1024;

    /** Deepest nesting; Istio's own objects need about ten. */
    static final int DEEPEST = 100;

    /** Most nodes in a document, aliases written out; 10 000 rich routes need about half of it. */
    static final int MOST_NODES = 1_000_000;

    private final String source;
    private final ProblemList problems;
    private final Consumer<Tree> onDocument;

    private final Deque<Open> open = new ArrayDeque<>();
    private final Map<Anchor, Tree> anchors = new HashMap<>();
    private long nodes;
    private @Nullable Tree document;

    /** Whether the last scalar stood without quotes. */
    private boolean plain;

    YamlDocuments(String source, ProblemList problems, Consumer<Tree> onDocument) {
        this.source = source;
        this.problems = problems;
        this.onDocument = onDocument;
    }

    /** Hands every document to the consumer; ends at the first syntax error, which becomes a problem. */
    void read(String text) {
        if (text.length() > LONGEST_TEXT) {
            problems.error(
                    Place.root(source, 0, 0),
                    "the text has " + text.length() + " characters, more than the " + LONGEST_TEXT + " that are read",
                    "split it into several files");
            return;
        }
        int longestLine = longestLine(text);
        if (longestLine > LONGEST_LINE) {
            problems.error(
                    Place.root(source, 0, 0),
                    "a line has " + longestLine + " characters, more than the " + LONGEST_LINE + " that are read",
                    "break it into several lines");
            return;
        }
        LoadSettings settings = LoadSettings.builder()
                .setLabel(source)
                .setBufferSize(Math.max(SMALLEST_BUFFER, longestLine + 2))
                .setCodePointLimit(LONGEST_TEXT)
                .build();
        try {
            // Parse would do this, but its package is not exported to the module path.
            Parser events = new ParserImpl(settings, new StreamReader(settings, text));
            while (events.hasNext()) {
                if (!take(events.next())) {
                    return;
                }
            }
        } catch (MarkedYamlEngineException e) {
            syntaxError(e);
        } catch (ReaderException e) {
            Place place = placeOfIndex(text, e.getPosition());
            problems.error(
                    place,
                    String.format("the character U+%04X is not allowed in YAML", e.getCodePoint()),
                    "remove it, or write it as an escape in double quotes");
        } catch (YamlEngineException e) {
            problems.error(
                    Place.root(source, 0, 0), "this is not YAML: " + firstLine(e.getMessage()), "correct the syntax");
        }
    }

    private static int longestLine(String text) {
        int longest = 0;
        int start = 0;
        while (start <= text.length()) {
            int end = text.indexOf('\n', start);
            int stop = end < 0 ? text.length() : end;
            longest = Math.max(longest, stop - start);
            start = stop + 1;
        }
        return longest;
    }

    private boolean take(Event event) {
        switch (event.getEventId()) {
            case DocumentStart -> {
                open.clear();
                anchors.clear();
                nodes = 0;
                document = null;
                return true;
            }
            case DocumentEnd -> {
                if (document != null) {
                    onDocument.accept(document);
                }
                return !problems.isFull();
            }
            case Scalar -> {
                return takeScalar((ScalarEvent) event);
            }
            case SequenceStart -> {
                SequenceStartEvent start = (SequenceStartEvent) event;
                return push(new Open(false, start.getAnchor(), line(start), column(start)));
            }
            case MappingStart -> {
                MappingStartEvent start = (MappingStartEvent) event;
                return push(new Open(true, start.getAnchor(), line(start), column(start)));
            }
            case SequenceEnd, MappingEnd -> {
                Open done = open.pop();
                Tree tree = done.close(nodes);
                done.anchor.ifPresent(anchor -> anchors.put(anchor, tree));
                return place(tree);
            }
            case Alias -> {
                return takeAlias((AliasEvent) event);
            }
            default -> {
                return true;
            }
        }
    }

    private boolean takeScalar(ScalarEvent event) {
        Kind kind;
        Optional<String> tag = event.getTag();
        if (tag.isPresent()) {
            kind = switch (tag.get()) {
                case "!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:binary", "tag:yaml.org,2002:timestamp" ->
                    Kind.STRING;
                case "tag:yaml.org,2002:int",
                        "tag:yaml.org,2002:float",
                        "tag:yaml.org,2002:bool",
                        "tag:yaml.org,2002:null" -> ScalarKinds.ofPlain(event.getValue());
                default -> null;
            };
            if (kind == null) {
                problems.error(
                        place(event), "the tag " + Words.quote(tag.get()) + " is not known here", "remove the tag");
                return false;
            }
        } else {
            kind = event.getScalarStyle() == ScalarStyle.PLAIN ? ScalarKinds.ofPlain(event.getValue()) : Kind.STRING;
        }
        Scalar scalar = new Scalar(kind, event.getValue(), line(event), column(event));
        event.getAnchor().ifPresent(anchor -> anchors.put(anchor, scalar));
        plain = event.getScalarStyle() == ScalarStyle.PLAIN;
        return count(1, scalar.line(), scalar.column()) && place(scalar);
    }

    private boolean takeAlias(AliasEvent event) {
        Tree target = anchors.get(event.getAlias());
        if (target == null) {
            problems.error(
                    place(event),
                    "the alias *" + event.getAlias().getValue() + " refers to nothing that ends before it",
                    "write the value out");
            return false;
        }
        return count(target.size(), line(event), column(event)) && place(target);
    }

    /** Counts nodes, those behind an alias as often as it is used. */
    private boolean count(long more, int line, int column) {
        nodes += more;
        if (nodes <= MOST_NODES) {
            return true;
        }
        problems.error(
                Place.root(source, line, column),
                "the document has more than " + MOST_NODES + " values, aliases counted as often as they are used",
                "split it, and write aliased values out");
        return false;
    }

    private boolean push(Open collection) {
        if (open.size() >= DEEPEST) {
            problems.error(
                    Place.root(source, collection.line, collection.column),
                    "the document is nested more than " + DEEPEST + " deep",
                    "no object that InMesh reads is; look for a bracket or a dash too many");
            return false;
        }
        open.push(collection);
        collection.nodesBefore = nodes;
        return count(1, collection.line, collection.column);
    }

    /** Puts a finished node where it belongs. */
    private boolean place(Tree tree) {
        Open parent = open.peek();
        if (parent == null) {
            document = tree;
            return true;
        }
        if (!parent.mapping) {
            parent.items.add(tree);
            return true;
        }
        Scalar key = parent.key;
        if (key != null && parent.keyMerges) {
            parent.key = null;
            return merge(parent, tree);
        }
        if (key != null) {
            parent.entries.add(new Entry(key.text(), key.line(), key.column(), tree));
            parent.key = null;
            return true;
        }
        if (tree instanceof Scalar scalar && scalar.kind() != Kind.NULL) {
            parent.key = scalar;
            parent.keyMerges = plain && scalar.text().equals("<<");
            return true;
        }
        problems.error(
                Place.root(source, tree.line(), tree.column()),
                "a key must be a string, this is " + tree.words(),
                "write a field name before the colon; a value that begins with a brace needs quotes");
        return false;
    }

    /** YAML 1.1's {@code <<: *anchor}, which Kubernetes understands: fields of another map where there are none here. */
    private boolean merge(Open into, Tree tree) {
        List<Tree> maps = tree instanceof Sequence sequence ? sequence.items() : List.of(tree);
        for (Tree map : maps) {
            if (!(map instanceof Mapping mapping)) {
                problems.error(
                        Place.root(source, tree.line(), tree.column()),
                        "<< merges maps, this is " + map.words(),
                        "write << in quotes if it is a key");
                return false;
            }
            into.merged.add(mapping);
        }
        return true;
    }

    private void syntaxError(MarkedYamlEngineException e) {
        Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
        Place place = mark.map(m -> Place.root(source, m.getLine() + 1, m.getColumn() + 1))
                .orElseGet(() -> Place.root(source, 0, 0));
        String problem = e.getProblem() == null ? "it cannot be read" : firstLine(e.getProblem());
        String context = e.getContext() == null ? "" : " (" + firstLine(e.getContext()) + ")";
        problems.error(place, "this is not YAML: " + problem + context, "check indentation, quotes and brackets here");
    }

    private Place placeOfIndex(String text, int index) {
        int line = 1;
        int column = 1;
        int end = Math.min(index, text.length());
        for (int i = 0; i < end; i++) {
            if (text.charAt(i) == '\n') {
                line++;
                column = 1;
            } else {
                column++;
            }
        }
        return Place.root(source, line, column);
    }

    private Place place(Event event) {
        return Place.root(source, line(event), column(event));
    }

    private static int line(Event event) {
        return event.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }

    private static int column(Event event) {
        return event.getStartMark().map(mark -> mark.getColumn() + 1).orElse(0);
    }

    private static String firstLine(@Nullable String text) {
        if (text == null) {
            return "it cannot be read";
        }
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }

    /** A collection whose end has not been seen. */
    private static final class Open {
        final boolean mapping;
        final Optional<Anchor> anchor;
        final int line;
        final int column;
        final List<Tree> items = new ArrayList<>();
        final List<Entry> entries = new ArrayList<>();
        long nodesBefore;

        @Nullable
        Scalar key;

        boolean keyMerges;
        final List<Mapping> merged = new ArrayList<>();

        Open(boolean mapping, Optional<Anchor> anchor, int line, int column) {
            this.mapping = mapping;
            this.anchor = anchor;
            this.line = line;
            this.column = column;
        }

        private void addMerged() {
            if (merged.isEmpty()) {
                return;
            }
            Set<String> given = new HashSet<>();
            entries.forEach(entry -> given.add(entry.key()));
            for (Mapping other : merged) {
                for (Entry entry : other.entries()) {
                    if (given.add(entry.key())) {
                        entries.add(entry);
                    }
                }
            }
        }

        Tree close(long nodesNow) {
            long size = nodesNow - nodesBefore;
            addMerged();
            return mapping ? new Mapping(entries, line, column, size) : new Sequence(items, line, column, size);
        }
    }
}
