package io.inmesh.internal.text;

import io.inmesh.config.ConfigCheck;
import io.inmesh.internal.text.Tree.Entry;
import io.inmesh.internal.text.Tree.Kind;
import io.inmesh.internal.text.Tree.Mapping;
import io.inmesh.internal.text.Tree.Scalar;
import io.inmesh.internal.text.Tree.Sequence;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
public final class YamlDocuments {
    /** Longest text that is read at all, in characters. */
    public static final int LONGEST_TEXT = 16 * 1024 * 1024;

    /** Longest line; the scanner looks ahead a whole line, and needs room for it. */
    static final int LONGEST_LINE = 2 * 1024 * 1024;

    static final int SMALLEST_BUFFER = 8 * 1024;

    /** Deepest nesting; rule objects need about ten. */
    static final int DEEPEST = 100;

    /** Most nodes in a document, aliases written out; 10 000 rich routes need about half of it. */
    static final int MOST_NODES = 1_000_000;

    private final String source;
    private final ProblemList problems;
    private final Consumer<Tree> onDocument;

    private final Deque<OpenCollection> open = new ArrayDeque<>();
    private final Map<Anchor, Tree> anchors = new HashMap<>();
    private long nodes;
    private @Nullable Tree document;

    /** Whether the last scalar stood without quotes. */
    private boolean plain;

    public YamlDocuments(String source, ProblemList problems, Consumer<Tree> onDocument) {
        this.source = source;
        this.problems = problems;
        this.onDocument = onDocument;
    }

    /** Hands every document to the consumer; ends at the first syntax error, which becomes a problem. */
    public void read(String text) {
        if (text.length() > LONGEST_TEXT) {
            problems.error(
                    ConfigCheck.UNREADABLE,
                    Place.root(source, 0, 0),
                    "the text has " + text.length() + " characters, more than the " + LONGEST_TEXT + " that are read",
                    "split it into several files");
            return;
        }
        int longestLine = longestLine(text);
        if (longestLine > LONGEST_LINE) {
            problems.error(
                    ConfigCheck.UNREADABLE,
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
                    ConfigCheck.UNREADABLE,
                    place,
                    String.format("the character U+%04X is not allowed in YAML", e.getCodePoint()),
                    "remove it, or write it as an escape in double quotes");
        } catch (YamlEngineException e) {
            problems.error(
                    ConfigCheck.UNREADABLE,
                    Place.root(source, 0, 0),
                    "this is not YAML: " + firstLine(e.getMessage()),
                    "correct the syntax");
        }
    }

    static int longestLine(String text) {
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
                if (problems.isHopeless()) {
                    problems.stopped(
                            place(event),
                            "the text has " + ProblemList.MOST + " errors up to here; nothing is read from here on",
                            "mend them, then look at the rest");
                    return false;
                }
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
                return true;
            }
            case Scalar -> {
                return takeScalar((ScalarEvent) event);
            }
            case SequenceStart -> {
                SequenceStartEvent start = (SequenceStartEvent) event;
                return push(new OpenCollection(false, start.getAnchor(), line(start), column(start)));
            }
            case MappingStart -> {
                MappingStartEvent start = (MappingStartEvent) event;
                OpenCollection mapping = new OpenCollection(true, start.getAnchor(), line(start), column(start));
                mapping.isBarePair = start.isFlow() && index(start.getStartMark()) == index(start.getEndMark());
                return push(mapping);
            }
            case SequenceEnd, MappingEnd -> {
                OpenCollection done = open.pop();
                Tree tree = done.endsInColon ? done.textWithColon() : done.close(nodes);
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
                        ConfigCheck.UNREADABLE,
                        place(event),
                        "this value has a tag that is not known here",
                        "remove the tag, or put a value that begins with ! in quotes");
                return false;
            }
        } else {
            kind = event.getScalarStyle() == ScalarStyle.PLAIN ? ScalarKinds.ofPlain(event.getValue()) : Kind.STRING;
        }
        Scalar scalar = new Scalar(kind, event.getValue(), line(event), column(event));
        event.getAnchor().ifPresent(anchor -> anchors.put(anchor, scalar));
        plain = event.getScalarStyle() == ScalarStyle.PLAIN;
        noteColon(event);
        return count(1, scalar.line(), scalar.column()) && place(scalar);
    }

    /**
     * {@code [2001:db8::]}: a colon right before a comma or bracket ends a key in YAML 1.2, and is text to Kubernetes'
     * reader.
     */
    private void noteColon(ScalarEvent value) {
        OpenCollection pair = open.peek();
        if (pair == null || !pair.isBarePair || pair.key == null || !pair.keyPlain || !plain) {
            return;
        }
        boolean nothing = value.getValue().isEmpty()
                && value.getAnchor().isEmpty()
                && value.getTag().isEmpty();
        int next = value.getStartMark().map(YamlDocuments::characterAt).orElse(-1);
        pair.endsInColon = nothing && (next == ',' || next == ']');
    }

    private static int characterAt(Mark mark) {
        int[] buffer = mark.getBuffer();
        return mark.getPointer() < buffer.length ? buffer[mark.getPointer()] : -1;
    }

    private static int index(Optional<Mark> mark) {
        return mark.map(Mark::getIndex).orElse(-1);
    }

    private boolean takeAlias(AliasEvent event) {
        Tree target = anchors.get(event.getAlias());
        if (target == null) {
            problems.error(
                    ConfigCheck.UNREADABLE,
                    place(event),
                    "this is an alias, and nothing of its name ends before it",
                    "write the value out, in quotes if it begins with *");
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
                ConfigCheck.UNREADABLE,
                Place.root(source, line, column),
                "the document has more than " + MOST_NODES + " values, aliases counted as often as they are used",
                "split it, and write aliased values out");
        return false;
    }

    private boolean push(OpenCollection collection) {
        if (open.size() >= DEEPEST) {
            problems.error(
                    ConfigCheck.UNREADABLE,
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
        OpenCollection parent = open.peek();
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
            parent.entries.add(new Entry(key.text(), key.kind(), key.line(), key.column(), tree));
            parent.key = null;
            return true;
        }
        if (tree instanceof Scalar scalar && scalar.kind() != Kind.NULL) {
            parent.key = scalar;
            parent.keyPlain = plain;
            parent.keyMerges = plain && scalar.text().equals("<<");
            return true;
        }
        problems.error(
                ConfigCheck.UNREADABLE,
                Place.root(source, tree.line(), tree.column()),
                "a key must be a string, this is " + tree.words(),
                tree instanceof Scalar scalar && !scalar.text().isEmpty()
                        ? "put it in quotes: " + MessageText.quote(scalar.text())
                        : "write a field name before the colon; a value that begins with a brace needs quotes");
        return false;
    }

    /** YAML 1.1's {@code <<: *anchor}, which Kubernetes understands: fields of another map where there are none here. */
    private boolean merge(OpenCollection into, Tree tree) {
        List<Tree> maps = tree instanceof Sequence sequence ? sequence.items() : List.of(tree);
        for (Tree map : maps) {
            if (!(map instanceof Mapping mapping)) {
                problems.error(
                        ConfigCheck.UNREADABLE,
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
        String problem = e.getProblem() == null ? "it cannot be read" : withoutValue(firstLine(e.getProblem()));
        String context = e.getContext() == null ? "" : " (" + firstLine(e.getContext()) + ")";
        boolean colon = mark.map(YamlDocuments::characterAt).orElse(-1) == ':';
        problems.error(
                ConfigCheck.UNREADABLE,
                place,
                "this is not YAML: " + problem + context,
                colon
                        ? "check the indentation; a value that begins or ends with a colon, such as \"::1\", needs quotes"
                        : "check indentation, quotes and brackets here");
    }

    /** What is written may be a secret, and some of the parser's sentences end with it. */
    private static String withoutValue(String problem) {
        int token = problem.indexOf("but got <");
        int end = token < 0 ? -1 : problem.indexOf('>', token);
        int handle = problem.indexOf("tag handle ");
        return end >= 0
                ? problem.substring(0, end + 1)
                : handle >= 0 ? problem.substring(0, handle) + "tag handle" : problem;
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
}
