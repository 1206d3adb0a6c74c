package io.inmesh.spring.boot;

import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/** Matches where {@code mesh.kubernetes.enabled} says so, and where nothing says anything inside a pod. */
final class OnKubernetesCondition extends SpringBootCondition {
    static final String ENABLED = "mesh.kubernetes.enabled";

    private final Path root;

    OnKubernetesCondition() {
        this(Path.of("/"));
    }

    /** Looks for the service account below {@code root}. */
    OnKubernetesCondition(Path root) {
        this.root = root;
    }

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        return outcome(context.getEnvironment());
    }

    ConditionOutcome outcome(Environment environment) {
        ConditionMessage.Builder message = ConditionMessage.forCondition("Kubernetes");
        Boolean enabled;
        try {
            enabled = environment.getProperty(ENABLED, Boolean.class);
        } catch (ConversionException unreadable) {
            // The check of all properties refuses it with its place.
            return ConditionOutcome.noMatch(message.because(ENABLED + " is neither true nor false"));
        }
        if (enabled != null) {
            return new ConditionOutcome(enabled, message.because(ENABLED + " is " + enabled));
        }
        // Both, because neither alone means that there is an API server to talk to and a right to do so.
        boolean told = StringUtils.hasText(environment.getProperty("KUBERNETES_SERVICE_HOST"));
        boolean mounted = Files.isRegularFile(root.resolve("var/run/secrets/kubernetes.io/serviceaccount/token"));
        return new ConditionOutcome(
                told && mounted,
                message.because(
                        !told
                                ? "there is no variable KUBERNETES_SERVICE_HOST"
                                : mounted ? "this is a pod with a service account" : "no service account is mounted"));
    }
}
