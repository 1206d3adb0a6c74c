package io.inmesh.spring.boot;

import io.inmesh.config.ConfigException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains {@link ConfigException}. */
final class MeshConfigFailureAnalyzer extends AbstractFailureAnalyzer<ConfigException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, ConfigException cause) {
        return new FailureAnalysis(
                FailureText.description("The rules of the mesh are not valid", cause.problems()),
                "Correct the places above; each arrow says how. The application does not start while rules that are"
                        + " written for it have errors; with mesh.config.fail-fast=false it starts with what is good of them."
                        + " Rules with fields that InMesh does not execute can be used without them:"
                        + " mesh.config.unsupported=warn.",
                cause);
    }
}
