package io.inmesh.samples.orders;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** An ordinary Spring MVC application. That the starter is on its class path is all that it has to do with InMesh. */
@SpringBootApplication
public class OrdersApplication {

    /** Starts the application, which runs until the process ends. */
    public static void main(String[] arguments) {
        start(arguments);
    }

    static ConfigurableApplicationContext start(String... arguments) {
        return SpringApplication.run(OrdersApplication.class, arguments);
    }
}
