package io.inmesh.jmh.gateway;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Spring Cloud Gateway with nothing but its routes, which jmh/gateway/run writes. */
@SpringBootApplication
public class SpringCloudGateway {
    public static void main(String[] arguments) {
        SpringApplication.run(SpringCloudGateway.class, arguments);
    }
}
