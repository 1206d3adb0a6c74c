package io.inmesh.kubernetes.internal.reflect;

import static io.inmesh.kubernetes.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.kubernetes.testing.Fault;
import io.inmesh.kubernetes.testing.ScriptedApiServer.Request;
import io.inmesh.kubernetes.testing.ScriptedApiServer.Verb;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the API server can tell wrongly or not at all: of C3 to C9 of the fault table. */
class ReflectorFaultsTest {
    private static final ReflectorSettings SETTINGS =
            ReflectorSettings.builder().pageSize(10).build();

    private ReflectorRig rig;

    @AfterEach
    void close() {
        rig.close();
    }

    private void begin(boolean watchLists, int objects) {
        rig = ReflectorRig.watching(watchLists, objects, SETTINGS);
    }

    enum Gone {
        HTTP_410,
        ERROR_EVENT,
        BARE_CLOSE
    }

    @ParameterizedTest
    @EnumSource
    void listsOnceWhenThePositionIsGone(Gone shape) {
        listsOnce(shape, true);
    }

    @ParameterizedTest
    @EnumSource
    void listsOnceWithoutWatchListsWhenThePositionIsGone(Gone shape) {
        listsOnce(shape, false);
    }

    private void listsOnce(Gone shape, boolean watchLists) {
        begin(watchLists, 25);

        switch (shape) {
            case HTTP_410 -> rig.server.next(Verb.WATCH, Fault.gone());
            case ERROR_EVENT -> rig.server.next(Verb.WATCH, Fault.goneEvent());
            case BARE_CLOSE -> List.of(1, 2, 3).forEach(time -> rig.server.next(Verb.WATCH, Fault.endAtOnce()));
        }
        rig.changeSilently("t3", "t4");
        rig.server.endWatches();

        rig.seesTruth();
        rig.watches();
        rig.put("t5", "heard");
        rig.seesTruth();
        assertThat(rig.lists()).isEqualTo(1);
        assertThat(rig.server.requests().stream()
                        .filter(request -> request.verb() != Verb.WATCH)
                        .map(request -> request.query("resourceVersion")))
                .as("a list that cannot be older than what is known")
                .containsOnly("");
        assertThat(rig.view.replacements()).isEqualTo(2);
        assertThat(rig.counts().gone()).isEqualTo(shape == Gone.BARE_CLOSE ? 0 : 1);
    }

    @Test
    void readsInOnePieceWhenThePagesTakeTooLong() {
        begin(false, 25);

        rig.server.next(Verb.WATCH, Fault.gone());
        rig.server.next(Verb.LIST, Fault.none());
        rig.server.next(Verb.LIST, Fault.gone());
        rig.changeSilently("t3", "t4");
        rig.server.endWatches();

        rig.seesTruth();
        rig.watches();
        List<Request> lists = rig.server.requests(Verb.LIST);
        assertThat(lists).extracting(list -> list.query("limit")).containsExactly("10", "10", "");
        assertThat(rig.counts().lists()).as("counted as one").isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void recoversWhenTheServerHasNotReachedTheVersion(boolean watchLists) {
        begin(watchLists, 25);

        rig.server.next(Verb.WATCH, Fault.tooLarge());
        rig.changeSilently("t3", "t4");
        Duration before = rig.timing.slept();
        rig.server.endWatches();

        rig.seesTruth();
        assertThat(rig.timing.slept().minus(before)).isLessThan(Duration.ofSeconds(35));
        assertThat(rig.lists()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void recoversWhenTheServerWentBackInTimeWithoutAWord(boolean watchLists) {
        rig = ReflectorRig.with(watchLists);
        rig.put("a", "1");
        Runnable restore = rig.server.backup();
        rig.put("b", "2");
        rig.start(SETTINGS);
        rig.seesTruth();
        rig.watches();
        rig.server.skipVersions(1000);
        rig.put("a", "3");
        rig.seesTruth();
        Duration before = rig.timing.slept();

        rig.server.stop();
        restore.run();
        rig.server.startAgain();
        rig.forget("b");
        rig.put("a", "1");

        rig.seesTruth();
        assertThat(rig.timing.slept().minus(before)).isLessThan(Duration.ofSeconds(35));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void keepsTheLastGoodStateOfWhatBecomesUnreadable(boolean watchLists) {
        rig = ReflectorRig.with(watchLists);
        rig.putMany(99);
        rig.server.put(Thing.PATH, Thing.json("x", "bad"));
        rig.start(SETTINGS);
        rig.seesTruth();
        rig.watches();
        assertThat(rig.counts().unreadable()).isEqualTo(1);

        rig.server.put(Thing.PATH, Thing.json("t1", "bad"));
        rig.put("t2", "after");
        rig.seesTruth();
        rig.server.compact();
        rig.server.skipVersions(1);
        rig.server.compact();
        rig.changeSilently("t3", "t4");
        rig.server.compact();
        rig.server.resetConnections();

        rig.seesTruth();
        assertThat(rig.view.values()).containsEntry("t1", "v1").doesNotContainKey("x");
        rig.put("t1", "good again");
        rig.put("x", "readable");
        rig.seesTruth();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"MODIFIED\",\"object\":{\"metadata\":{\"namespace\":\"default\",\"name\":\"t1\",\"reso\n",
                "{\"type\":\"MODIFIED\",\"object\":{\"metadata\":7}}\n",
                "{\"type\":\"SHOUTED\",\"object\":{\"metadata\":{\"name\":\"t1\"}}}\n",
                "{\"type\":\"MODIFIED\"}\n",
                "{}\n",
                "[]\n",
                "\u0000\ufffd nonsense\n"
            })
    void goesOnAfterABrokenLineAndReadsItAllAgain(String line) {
        begin(true, 99);

        rig.server.putSilently(Thing.PATH, Thing.json("t1", "missed"));
        rig.server.say(Thing.PATH, line);
        eventually(() -> assertThat(rig.counts().unreadable()).isEqualTo(1));
        rig.put("t2", "after");
        eventually(() -> assertThat(rig.view.values()).containsEntry("t2", "after"));
        assertThat(rig.server.requests()).as("the same watch goes on").isEmpty();

        eventually(() -> assertThat(rig.view.values()).containsEntry("t1", "missed"));
        assertThat(rig.lists()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void countsWhatIsReadInPartOnceForEachVersion(boolean watchLists) {
        rig = ReflectorRig.with(watchLists);
        rig.putMany(3);
        rig.put("t1", "half");
        rig.start(SETTINGS);
        rig.seesTruth();
        rig.watches();
        assertThat(rig.counts().unreadable()).isEqualTo(1);

        rig.put("t2", "half");
        rig.seesTruth();
        assertThat(rig.counts().unreadable()).isEqualTo(2);
    }

    @Test
    void toleratesWhatItDoesNotKnow() {
        begin(true, 3);
        String big = "x".repeat(1 << 20);

        rig.server.put(
                Thing.PATH,
                "{\"new\": [{\"deep\": [null]}], \"metadata\": {\"namespace\": \"default\", \"name\": \"t1\", \"labels\":"
                        + " {\"big\": \"" + big + "\"}, \"future\": {\"x\": 1}}, \"value\": \"new\"}");

        eventually(() -> assertThat(rig.view.values()).containsEntry("t1", "new"));
        assertThat(rig.counts().unreadable()).isZero();
        assertThat(rig.server.requests()).isEmpty();
    }

    @Test
    void survivesALineThatNeverEnds() {
        begin(true, 3);

        rig.server.say(Thing.PATH, "x".repeat(20 << 20) + "\n");
        rig.put("t1", "after");

        rig.seesTruth();
        eventually(() -> assertThat(rig.counts().unreadable()).isEqualTo(1));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noticesADeleteThatItMissed(boolean watchLists) {
        begin(watchLists, 25);

        rig.server.stop();
        rig.delete("t7");
        rig.server.compact();
        rig.server.startAgain();

        rig.seesTruth();
        assertThat(rig.lists()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void doesNotBelieveASuddenLossAtOnce(int left) {
        begin(false, 25);

        rig.server.next(Verb.WATCH, Fault.gone());
        rig.server.next(Verb.LIST, Fault.shortList(left));
        rig.changeSilently("t3", "t4");
        rig.server.endWatches();

        rig.seesTruth();
        assertThat(rig.counts().shrinkDoubted()).isEqualTo(1);
        assertThat(rig.view.sizes()).as("never fewer than there are").allMatch(size -> size >= 24);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void believesALossThatASecondListConfirms(boolean watchLists) {
        begin(watchLists, 25);
        long since = rig.timing.nanoTime();

        for (int i = 0; i < 25; i++) {
            rig.forget("t" + i);
            rig.server.deleteSilently(Thing.PATH, "default", "t" + i);
        }
        rig.server.next(Verb.WATCH, Fault.gone());
        rig.server.endWatches();

        rig.seesTruth();
        Duration jitter = watchLists ? Duration.ZERO : SETTINGS.relistJitter();
        assertThat(Duration.ofNanos(rig.timing.nanoTime() - since).minus(jitter))
                .isLessThan(Duration.ofSeconds(10));
        assertThat(rig.counts().shrinkDoubted()).isEqualTo(1);
    }

    @Test
    void believesEveryDeleteThatTheWatchTells() {
        begin(true, 25);

        for (int i = 0; i < 25; i++) {
            rig.delete("t" + i);
        }

        rig.seesTruth();
        assertThat(rig.server.requests()).isEmpty();
    }

    @Test
    void countsWhatTheWatchNeverTold() {
        rig = ReflectorRig.watching(
                true,
                25,
                ReflectorSettings.builder()
                        .watchTimeout(Duration.ofSeconds(1))
                        .safetyRelist(Duration.ofMillis(500))
                        .build());

        rig.server.deleteSilently(Thing.PATH, "default", "t7");
        rig.forget("t7");

        rig.seesTruth();
        assertThat(rig.counts().drift()).isEqualTo(1);
        assertThat(rig.server.requests(Verb.LIST))
                .extracting(list -> list.query("resourceVersionMatch"))
                .containsOnly("Exact");
    }
}
