package io.inmesh.spring.boot.gateway;

class TomcatPortsTest extends PortsContract {
    TomcatPortsTest() {
        super("Tomcat");
    }
}
