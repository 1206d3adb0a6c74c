package io.inmesh.spring.boot.gateway;

import org.junit.jupiter.api.Tag;

@Tag("jetty")
class JettyPortsTest extends PortsContract {
    JettyPortsTest() {
        super("Jetty");
    }
}
