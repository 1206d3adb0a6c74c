package io.inmesh.spring.boot;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/** Takes the rule files of the default location, {@code classpath:mesh/}, into a native image. */
final class RuleHints implements RuntimeHintsRegistrar {
    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        for (String ending : RuleLocations.ENDINGS) {
            hints.resources().registerPattern("mesh/" + ending);
        }
    }
}
