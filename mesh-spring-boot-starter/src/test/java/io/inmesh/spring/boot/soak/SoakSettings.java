package io.inmesh.spring.boot.soak;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/**
 * What is set from outside, as system properties.
 *
 * @param duration {@code soak.seconds}, of all rounds together
 * @param seed {@code soak.seed}; what a caller draws depends on it alone, what meets what does not
 * @param disturbances {@code soak.disturbances}, with commas; all unless told
 * @param virtualThreads {@code soak.virtual-threads}; true where Java has them unless told
 */
record SoakSettings(Duration duration, long seed, Set<Disturbance> disturbances, boolean virtualThreads) {
    private static final int FIRST_JAVA_WITH_VIRTUAL_THREADS = 21;

    static SoakSettings read() {
        String disturbances = System.getProperty("soak.disturbances");
        return new SoakSettings(
                Duration.ofSeconds(Long.getLong("soak.seconds", 4)),
                Long.getLong("soak.seed", 17),
                disturbances == null ? EnumSet.allOf(Disturbance.class) : parse(disturbances),
                Boolean.parseBoolean(System.getProperty(
                        "soak.virtual-threads",
                        String.valueOf(Runtime.version().feature() >= FIRST_JAVA_WITH_VIRTUAL_THREADS))));
    }

    /** The same for another time. */
    SoakSettings lasting(Duration other) {
        return new SoakSettings(other, seed, disturbances, virtualThreads);
    }

    private static Set<Disturbance> parse(String names) {
        Set<Disturbance> disturbances = EnumSet.noneOf(Disturbance.class);
        Arrays.stream(names.split(",", -1))
                .filter(name -> !name.isBlank())
                .map(name -> Disturbance.valueOf(name.trim().toUpperCase(Locale.ROOT)))
                .forEach(disturbances::add);
        return disturbances;
    }

    /** Makes the threads that call. */
    ThreadFactory threads() {
        if (!virtualThreads) {
            return Executors.defaultThreadFactory();
        }
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Method factory = Class.forName("java.lang.Thread$Builder").getMethod("factory");
            return (ThreadFactory) factory.invoke(builder);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java has no virtual threads", e);
        }
    }
}
