package io.inmesh.kubernetes.internal.reflect;

import io.inmesh.kubernetes.testing.Fault;
import io.inmesh.kubernetes.testing.ScriptedApiServer.Verb;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/** Whatever an API server does, and in whatever order: in the end the listener knows what is true. */
class ReflectorPropertyTest {

    /** One thing that the server does. */
    enum Deed {
        PUT,
        PUT_ANOTHER,
        DELETE,
        CHANGE_SILENTLY_AND_COMPACT,
        COMPACT,
        RESET,
        END_WATCHES,
        RESTART,
        RESTORE,
        GONE_EVENT,
        GONE_HTTP,
        TOO_LARGE,
        BUSY,
        FORBIDDEN,
        NOT_SERVED,
        BARE_CLOSE,
        CUT_WATCH,
        SHORT_LIST,
        CUT_LIST,
        NO_LIST,
        BROKEN_LINE,
        UNREADABLE_AND_BACK
    }

    @Provide
    Arbitrary<List<Deed>> deeds() {
        return Arbitraries.of(Deed.class).list().ofMinSize(1).ofMaxSize(12);
    }

    @Property(tries = 40, shrinking = ShrinkingMode.BOUNDED)
    void seesTheTruthInTheEnd(@ForAll("deeds") List<Deed> deeds, @ForAll boolean watchLists) {
        ReflectorSettings settings = ReflectorSettings.builder()
                .pageSize(2)
                .probation(Duration.ofSeconds(1))
                .build();
        try (ReflectorRig rig = ReflectorRig.with(watchLists)) {
            rig.putMany(6);
            Runnable restore = rig.backup();
            rig.start(settings);
            int number = 0;
            for (Deed deed : deeds) {
                act(rig, deed, number++, restore);
            }
            rig.server.heal();
            rig.put("last", "word");
            rig.seesTruth();
        }
    }

    private static void act(ReflectorRig rig, Deed deed, int number, Runnable restore) {
        String name = "t" + number % 6;
        switch (deed) {
            case PUT -> rig.put(name, "value " + number);
            case PUT_ANOTHER -> rig.put("another" + number, "value");
            case DELETE -> rig.deleteIfThere(name);
            case CHANGE_SILENTLY_AND_COMPACT -> {
                rig.server.stop();
                rig.put(name, "silent " + number);
                rig.deleteIfThere("t" + (number + 1) % 6);
                rig.server.compact();
                rig.server.startAgain();
            }
            case COMPACT -> rig.server.compact();
            case RESET -> rig.server.resetConnections();
            case END_WATCHES -> rig.server.endWatches();
            case RESTART -> {
                rig.server.stop();
                rig.server.startAgain();
            }
            case RESTORE -> {
                // Versions that are used a second time before anybody looks cannot be told from the first ones.
                rig.stopAndHearTheRest();
                restore.run();
                rig.server.startAgain();
                rig.isNotAheadOfTheServer();
            }
            case GONE_EVENT -> fail(rig, Verb.WATCH, Fault.goneEvent());
            case GONE_HTTP -> fail(rig, Verb.WATCH, Fault.gone());
            case TOO_LARGE -> fail(rig, Verb.WATCH, Fault.tooLarge());
            case BUSY -> fail(rig, Verb.WATCH, Fault.status(429, "", "busy").retryAfter("7"));
            case FORBIDDEN -> fail(rig, Verb.WATCH, Fault.status(403, "Forbidden", "not now"));
            case NOT_SERVED -> fail(rig, Verb.WATCH_LIST, Fault.status(404, "NotFound", "not yet"));
            case BARE_CLOSE -> fail(rig, Verb.WATCH, Fault.endAtOnce());
            case CUT_WATCH -> fail(rig, Verb.WATCH, Fault.cut("{\"type\":\"ADDED\",\"obj"));
            case SHORT_LIST -> rig.server.next(Verb.LIST, Fault.shortList(1));
            case CUT_LIST -> rig.server.next(Verb.LIST, Fault.cut("{\"items\":[{\"metadata\":{\"name\":"));
            case NO_LIST -> rig.server.next(Verb.LIST, Fault.raw("<html>welcome</html>"));
            case BROKEN_LINE -> rig.server.say(Thing.PATH, "{\"type\":\"DELETED\",\"object\":{\"meta\n");
            case UNREADABLE_AND_BACK -> {
                rig.server.put(Thing.PATH, Thing.json(name, "bad"));
                rig.put(name, "good " + number);
            }
        }
    }

    private static void fail(ReflectorRig rig, Verb verb, Fault fault) {
        rig.server.next(verb, fault);
        rig.server.endWatches();
    }
}
