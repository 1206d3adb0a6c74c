package io.inmesh.kubernetes.internal.reflect;

import static io.inmesh.kubernetes.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.kubernetes.internal.api.ApiServer;
import io.inmesh.kubernetes.internal.time.Timing;
import io.inmesh.kubernetes.testing.ScriptedApiServer;
import io.inmesh.kubernetes.testing.ScriptedApiServer.Verb;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReflectorTest {
    private final ScriptedApiServer server = ScriptedApiServer.start();
    private final ApiServer api = new ApiServer(server.clients());
    private final View view = new View();
    private Reflector<Thing> reflector;

    @AfterEach
    void close() {
        if (reflector != null) {
            reflector.close();
        }
        api.close();
        server.close();
    }

    private void start(Selection<Thing> selection, ReflectorSettings settings) {
        reflector = Reflector.start(api, selection, settings, Timing.system(), view);
    }

    private void sees(Map<String, String> values) {
        eventually(() -> assertThat(view.values()).isEqualTo(values));
    }

    @Test
    void beginsWithAWatchListWhereTheServerOffersIt() {
        server.put(Thing.PATH, Thing.json("a", "1"));

        start(Thing.ALL, ReflectorSettings.DEFAULT);
        sees(Map.of("a", "1"));
        server.put(Thing.PATH, Thing.json("b", "2"));
        sees(Map.of("a", "1", "b", "2"));
        server.put(Thing.PATH, Thing.json("a", "3"));
        server.delete(Thing.PATH, "default", "b");
        sees(Map.of("a", "3"));

        assertThat(view.replacements()).isEqualTo(1);
        assertThat(server.requests())
                .extracting(ScriptedApiServer.Request::verb)
                .containsExactly(Verb.WATCH_LIST);
    }

    @Test
    void listsAndWatchesWhereTheServerKnowsNoWatchLists() {
        server.offersWatchLists(false);
        for (int i = 0; i < 25; i++) {
            server.put(Thing.PATH, Thing.json("t" + i, "1"));
        }

        start(
                Thing.ALL,
                ReflectorSettings.builder()
                        .listTimeout(java.time.Duration.ofMillis(600))
                        .pageSize(10)
                        .build());
        eventually(() -> assertThat(view.values()).hasSize(25));
        server.delete(Thing.PATH, "default", "t7");
        eventually(() -> assertThat(view.values()).hasSize(24));

        assertThat(server.requests())
                .extracting(ScriptedApiServer.Request::verb)
                // What the server has not answered in time is tried again, a list as well as a watch list.
                .startsWith(Verb.WATCH_LIST)
                .filteredOn(verb -> verb != Verb.WATCH_LIST)
                .startsWith(Verb.LIST)
                .endsWith(Verb.WATCH)
                .filteredOn(verb -> verb != Verb.LIST)
                .containsExactly(Verb.WATCH);
    }
}
