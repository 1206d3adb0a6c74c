package io.inmesh.spring.boot.soak;

import org.junit.jupiter.api.Test;

/**
 * All clients at once against ten servers while everything goes wrong that does in a day. A few seconds of it run with
 * every build; more of it, or some of its trouble alone, as {@link SoakSettings} says:
 *
 * <pre>mvn -Dtest=SoakTest -Dsoak.seconds=120 -Dsoak.disturbances=cancel,restart ...</pre>
 */
class SoakTest {
    @Test
    void onlyCallsThatAreCutFailAndNothingIsLeftBehind() throws Exception {
        SoakRun.run(SoakSettings.read(), new ClientApplication());
    }
}
