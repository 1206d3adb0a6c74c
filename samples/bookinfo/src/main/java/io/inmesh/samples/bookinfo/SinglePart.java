package io.inmesh.samples.bookinfo;

import java.util.Objects;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * One part of bookinfo as it runs in a pod: who it is, where the others are and which rules hold is for its surroundings
 * to say, which the starter asks.
 */
final class SinglePart {
    private SinglePart() {}

    /** Starts the part; what is in {@code application-pod.yaml} can be set otherwise as always with Spring Boot. */
    static ConfigurableApplicationContext run(Instance part) {
        String pod = Objects.requireNonNullElse(System.getenv("POD_NAME"), part.instanceName());
        return new SpringApplicationBuilder(part.application())
                .run("--spring.application.name=" + pod, "--spring.profiles.active=pod," + part.instanceName());
    }
}
