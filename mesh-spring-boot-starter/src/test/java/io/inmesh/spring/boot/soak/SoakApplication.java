package io.inmesh.spring.boot.soak;

import java.util.List;
import org.springframework.context.ConfigurableApplicationContext;

/** An application that is soaked: one that calls the services of a fleet, or one that passes calls on to them. */
interface SoakApplication {
    /** Sets what holds for the whole JVM while the application is there. */
    default void prepare(SystemProperties properties) {}

    /** Starts it with the fleet's rules and the report among its beans. */
    ConfigurableApplicationContext start(SoakFleet fleet, SoakReport report, SoakSettings settings);

    /** All ways to call; another way is another element. */
    List<SoakClient> clients(ConfigurableApplicationContext application, SoakFleet fleet);
}
