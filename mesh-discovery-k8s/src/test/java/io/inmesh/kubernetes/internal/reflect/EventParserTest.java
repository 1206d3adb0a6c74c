package io.inmesh.kubernetes.internal.reflect;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.inmesh.kubernetes.internal.resource.EndpointSlice;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import io.inmesh.kubernetes.internal.resource.Resources;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventParserTest {
    private static final ObjectKey A = new ObjectKey("default", "a");

    private final EventParser<Thing> parser = new EventParser<>(Thing.TYPE.reader());

    private WatchEvent<Thing> parse(String line) {
        byte[] bytes = (line + "what an earlier, longer line has left").getBytes(StandardCharsets.UTF_8);
        return parser.parse(bytes, line.getBytes(StandardCharsets.UTF_8).length);
    }

    private static String event(String type, String object) {
        return "{\"type\":\"" + type + "\",\"object\":" + object + "}";
    }

    private static String added(String name) {
        return event("ADDED", Thing.json(name, "v1"));
    }

    private void readsTheNextLine() {
        assertThat(parse(added("next")))
                .asInstanceOf(InstanceOfAssertFactories.type(WatchEvent.Applied.class))
                .satisfies(next -> assertThat(next.object().key().name()).isEqualTo("next"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ADDED", "MODIFIED"})
    void readsAnObjectWhereverItsTypeStands(String type) {
        WatchEvent<Thing> typeFirst = parse(event(type, Thing.json("a", "v1")));
        WatchEvent<Thing> typeLast =
                parse("{\"object\":" + Thing.json("a", "v1") + ",\"more\":[{}],\"type\":\"" + type + "\"}");

        assertThat(typeFirst).isInstanceOf(WatchEvent.Applied.class).isEqualTo(typeLast);
        readsTheNextLine();
    }

    @Test
    void readsOfWhatIsGoneOnlyWhichItIs() {
        assertThat(parse(event("DELETED", Thing.json("a", "bad")))).isEqualTo(new WatchEvent.Deleted<Thing>(A, ""));
    }

    @Test
    void knowsTheBookmarkThatEndsTheInitialEvents() {
        String bookmark = "{\"metadata\":{\"resourceVersion\":\"7\",\"annotations\":{%s}}}";

        assertThat(parse(event("BOOKMARK", bookmark.formatted(""))))
                .isEqualTo(new WatchEvent.Bookmark<Thing>("7", false));
        assertThat(parse(event("BOOKMARK", bookmark.formatted("\"k8s.io/initial-events-end\":\"true\""))))
                .isEqualTo(new WatchEvent.Bookmark<Thing>("7", true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"namespace\":\"default\",\"name\":\"a\"},\"value\":|end-of-input",
                "{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"namespace\":\"default\",\"name\":\"a\"},\"value\":nul}}|'nul'",
                "{\"object\":{\"metadata\":{\"namespace\":\"default\",\"name\":\"a\"}}}|it has no type",
                "{\"type\":\"DREAMT\",\"object\":{\"metadata\":{\"namespace\":\"default\",\"name\":\"a\"}}}|its type is \"DREAMT\"",
                "{\"object\":{\"metadata\":{\"namespace\":\"default\",\"name\":\"a\"}},\"type\":7}|it has no type",
                "{\"object\":{\"metadata\":{\"namespace\":\"default\",\"name\":\"a\"}},\"type\":\"ADDED\"|end-of-input",
            })
    void aBrokenLineCostsNothingButItself(String line, String reason) {
        assertThat(parse(line))
                .asInstanceOf(InstanceOfAssertFactories.type(WatchEvent.Unreadable.class))
                .satisfies(event -> {
                    assertThat(event.key()).isEqualTo(A);
                    assertThat(event.broken()).isTrue();
                    assertThat(event.reason()).contains(reason);
                });
        readsTheNextLine();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "7",
                "{\"type\":\"ADDED\"}",
                "}",
                "\u0000",
                "<html>",
                "{\"type\":\"ADDED\",\"object\":null}"
            })
    void aLineWithoutAnObjectIsNobodys(String line) {
        assertThat(parse(line))
                .asInstanceOf(InstanceOfAssertFactories.type(WatchEvent.Unreadable.class))
                .satisfies(event -> {
                    assertThat(event.key()).isEqualTo(new ObjectKey("", ""));
                    assertThat(event.broken()).isTrue();
                });
        readsTheNextLine();
    }

    @Test
    void anObjectThatMakesNoSenseIsNamed() {
        assertThat(parse(event("MODIFIED", Thing.json("a", "bad"))))
                .isEqualTo(new WatchEvent.Unreadable<Thing>(A, false, "its value is bad"));
        readsTheNextLine();
    }

    @Test
    void whatIsBehindTheEventIsForgotten() {
        assertThat(parse(added("a") + " {\"type\":\"ADDED\"" + "x".repeat(20_000)))
                .isInstanceOf(WatchEvent.Applied.class);
        readsTheNextLine();
    }

    /** As managed fields have them: an owner's uid, a pod's address. */
    private static byte[][] linesOfUniqueNames(int count, int length) {
        byte[][] lines = new byte[count][];
        for (int i = 0; i < count; i++) {
            String name = "k:{\\\"uid\\\":\\\"%08x-7c1e-4b7a-9f0b-5d2e8a6b4c10\\\"}".formatted(i) + "x".repeat(length);
            lines[i] = event("MODIFIED", "{\"metadata\":{\"name\":\"a\"},\"x\":{\"" + name + "\":{}}}")
                    .getBytes(StandardCharsets.UTF_8);
        }
        return lines;
    }

    @Test
    void namesThatNeverComeAgainCostLittle() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        byte[][] lines = linesOfUniqueNames(20_000, 0);
        long before = threads.getCurrentThreadAllocatedBytes();

        for (byte[] line : lines) {
            assertThat(parser.parse(line, line.length)).isInstanceOf(WatchEvent.Applied.class);
        }

        // A table of the names seen that was copied for each new one would take 64 KiB a line and more.
        assertThat((threads.getCurrentThreadAllocatedBytes() - before) / lines.length)
                .isLessThan(4096);
    }

    @Test
    void namesThatNeverComeAgainAreNotKept() {
        byte[] line = linesOfUniqueNames(1, 1 << 20)[0];
        List<WeakReference<EventParser<Thing>>> parsers = new ArrayList<>();
        long before = usedAfterCollection();

        for (int i = 0; i < 100; i++) {
            line[60] = (byte) ('a' + i % 26);
            line[61] = (byte) ('a' + i / 26);
            assertThat(parser.parse(line, line.length)).isInstanceOf(WatchEvent.Applied.class);
            EventParser<Thing> other = new EventParser<>(Thing.TYPE.reader());
            assertThat(other.parse(line, line.length)).isInstanceOf(WatchEvent.Applied.class);
            parsers.add(new WeakReference<>(other));
        }

        // 100 MiB of names of this parser and as many of others, of which this one may hold those of 2 MiB of lines.
        assertThat(usedAfterCollection() - before).isLessThan(60L << 20);
        assertThat(parsers).allSatisfy(gone -> assertThat(gone.get()).isNull());
    }

    private static long usedAfterCollection() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** What is not UTF-8 is replaced, wherever it stands. */
    @Test
    void anOddByteSpoilsNothing() {
        byte[] line = event("ADDED", "{\"metadata\":{\"name\":\"a\"},\"other\":\"?\"}")
                .getBytes(StandardCharsets.UTF_8);
        line[new String(line, StandardCharsets.UTF_8).indexOf('?')] = (byte) 0xff;

        assertThat(parser.parse(line, line.length)).isInstanceOf(WatchEvent.Applied.class);
    }

    /** With a reader as it is used, which says itself that there is no name. */
    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "{\"metadata\":{}}", "7"})
    void anObjectWithoutANameHasToBeReadAgain(String object) {
        EventParser<EndpointSlice> slices = new EventParser<>(Resources.ENDPOINT_SLICES.reader());
        byte[] line = event("MODIFIED", object).getBytes(StandardCharsets.UTF_8);

        assertThat(slices.parse(line, line.length))
                .asInstanceOf(InstanceOfAssertFactories.type(WatchEvent.Unreadable.class))
                .satisfies(event -> assertThat(event.broken()).isTrue());
    }
}
