package io.inmesh.spring.boot;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains {@link MeshPropertiesException}. */
final class MeshPropertiesFailureAnalyzer extends AbstractFailureAnalyzer<MeshPropertiesException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, MeshPropertiesException cause) {
        return new FailureAnalysis(
                FailureText.description("Properties under 'mesh.' would not do what they say", cause.problems()),
                "Correct the places above; each arrow says how. InMesh does not start with a property that would be"
                        + " dropped, because a rule without its condition takes every call.",
                cause);
    }
}
