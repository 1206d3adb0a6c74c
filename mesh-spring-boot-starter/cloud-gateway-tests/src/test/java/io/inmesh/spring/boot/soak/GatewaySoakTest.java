package io.inmesh.spring.boot.soak;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;

/** The soak of {@link SoakTest} with gateways between the callers and the mesh, half of its time for each. */
class GatewaySoakTest {
    @ParameterizedTest
    @EnumSource(
            value = WebApplicationType.class,
            names = {"REACTIVE", "SERVLET"})
    void onlyCallsThatAreCutFailAndNothingIsLeftBehind(WebApplicationType type) throws Exception {
        SoakSettings settings = SoakSettings.read();
        Duration half = settings.duration().dividedBy(2);

        SoakRun.run(settings.lasting(half), new GatewayApplication(type));
    }
}
