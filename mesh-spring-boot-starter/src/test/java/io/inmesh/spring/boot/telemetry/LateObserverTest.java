package io.inmesh.spring.boot.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.observe.MeshObserver;
import java.lang.reflect.Method;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LateObserverTest {
    @Test
    void handsOnAllThatAnObserverHears() {
        Class<?> late = Arrays.stream(LateObserver.class.getDeclaredClasses())
                .filter(MeshObserver.class::isAssignableFrom)
                .findFirst()
                .orElseThrow();

        assertThat(late.getDeclaredMethods())
                .extracting(Method::getName)
                .contains(Arrays.stream(MeshObserver.class.getMethods())
                        .map(Method::getName)
                        .toArray(String[]::new));
    }
}
