package io.inmesh.spring.boot;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains {@link MeshPlatformException}. */
final class MeshPlatformFailureAnalyzer extends AbstractFailureAnalyzer<MeshPlatformException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, MeshPlatformException cause) {
        return new FailureAnalysis(cause.problem().text() + ".", cause.problem().remedy(), cause);
    }
}
