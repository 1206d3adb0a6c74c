package io.inmesh.samples.gateway;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** A Spring Boot application with nothing of its own: application.yaml says that it is a gateway. */
@SpringBootApplication
public class GatewayApplication {

    /** Starts the gateway, which runs until the process ends. */
    public static void main(String[] arguments) {
        start(arguments);
    }

    static ConfigurableApplicationContext start(String... arguments) {
        return SpringApplication.run(GatewayApplication.class, arguments);
    }
}
