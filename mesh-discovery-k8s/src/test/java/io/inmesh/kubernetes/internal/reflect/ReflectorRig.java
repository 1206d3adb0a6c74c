package io.inmesh.kubernetes.internal.reflect;

import static io.inmesh.kubernetes.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.kubernetes.internal.api.ApiServer;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import io.inmesh.kubernetes.internal.time.Timing;
import io.inmesh.kubernetes.testing.Fault;
import io.inmesh.kubernetes.testing.ScriptedApiServer;
import io.inmesh.kubernetes.testing.SkippingTiming;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;

/** A reflector of {@link Thing}s, a scripted server, and what a listener makes of it. */
final class ReflectorRig implements AutoCloseable {
    final SkippingTiming timing = new SkippingTiming(42);
    final ScriptedApiServer server = ScriptedApiServer.start(timing::nanoTime);
    final ApiServer api = new ApiServer(server.clients(), timing);
    final View view = new View();
    private final Map<String, String> truth = new ConcurrentSkipListMap<>();
    private Reflector<Thing> reflector;

    /** Whether the server offers WatchLists. */
    static ReflectorRig with(boolean watchLists) {
        ReflectorRig rig = new ReflectorRig();
        if (!watchLists) {
            rig.server.next(
                    ScriptedApiServer.Verb.WATCH_LIST, Fault.status(422, "Invalid", "sendInitialEvents is forbidden"));
        }
        return rig;
    }

    /** The same, with objects {@code t0} and so on, and a reflector that knows them and watches. */
    static ReflectorRig watching(boolean watchLists, int objects, ReflectorSettings settings) {
        ReflectorRig rig = with(watchLists);
        rig.putMany(objects);
        rig.start(settings);
        rig.seesTruth();
        rig.watches();
        rig.server.clearRequests();
        return rig;
    }

    /** Lists that were asked for; pages after the first belong to the same one. */
    long lists() {
        return server.requests().stream()
                .filter(request -> request.verb() != ScriptedApiServer.Verb.WATCH
                        && request.query("continue").isEmpty())
                .count();
    }

    /** Starts a reflector whose pauses cost no time; of the objects expected, another has told already. */
    ReflectorRig start(ReflectorSettings settings, String... expected) {
        Set<ObjectKey> keys = Arrays.stream(expected)
                .map(name -> new ObjectKey("default", name))
                .collect(Collectors.toSet());
        reflector = Reflector.start(api, Thing.ALL, keys, settings, timing, view);
        return this;
    }

    ReflectorRig start(ReflectorSettings settings, Timing clock) {
        reflector = Reflector.start(api, Thing.ALL, settings, clock, view);
        return this;
    }

    ReflectorStatus status() {
        return reflector.status();
    }

    ReflectorStatus.Counts counts() {
        return status().counts();
    }

    void closeReflector() {
        reflector.close();
    }

    void put(String name, String value) {
        truth.put(name, value);
        server.put(Thing.PATH, Thing.json(name, value));
    }

    void putMany(int number) {
        for (int i = 0; i < number; i++) {
            put("t" + i, "v" + i);
        }
    }

    void delete(String name) {
        truth.remove(name);
        server.delete(Thing.PATH, "default", name);
    }

    void deleteIfThere(String name) {
        if (truth.containsKey(name)) {
            delete(name);
        }
    }

    /** The server and the truth as they are, to come back to. */
    Runnable backup() {
        Runnable objects = server.backup();
        Map<String, String> then = truth();
        return () -> {
            objects.run();
            truth.clear();
            truth.putAll(then);
        };
    }

    /** Changes and deletes of which no watch hears. */
    void changeSilently(String changed, String deleted) {
        truth.put(changed, "silent");
        server.putSilently(Thing.PATH, Thing.json(changed, "silent"));
        truth.remove(deleted);
        server.deleteSilently(Thing.PATH, "default", deleted);
    }

    void forget(String name) {
        truth.remove(name);
    }

    Map<String, String> truth() {
        return new TreeMap<>(truth);
    }

    /** Waits until the listener knows what is true and the watch stands. */
    void seesTruth() {
        eventually(() -> assertThat(view.values()).isEqualTo(truth));
    }

    void watches() {
        watches(reflector);
    }

    void watches(Reflector<Thing> one) {
        eventually(() -> assertThat(one.status().state()).isEqualTo(ReflectorStatus.State.WATCHING));
        eventually(() -> assertThat(server.openWatches()).isEqualTo(1));
    }

    /** Stops the server, and waits until the reflector has read all that it was sent before. */
    void stopAndHearTheRest() {
        server.stop();
        long failures = counts().failures();
        // The first may be that of the connection that was there; whoever makes another has read that one to its end.
        eventually(() -> assertThat(counts().failures()).isGreaterThan(failures + 1));
    }

    /** Waits until the reflector's version is one that the server has. */
    void isNotAheadOfTheServer() {
        eventually(() -> {
            String version = status().resourceVersion();
            assertThat(version.isEmpty() ? 0 : Long.parseLong(version))
                    .isLessThanOrEqualTo(Long.parseLong(server.version()));
        });
    }

    @Override
    public void close() {
        if (reflector != null) {
            reflector.close();
        }
        api.close();
        server.close();
    }
}
