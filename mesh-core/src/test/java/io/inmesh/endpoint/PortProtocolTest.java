package io.inmesh.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortProtocolTest {
    @ParameterizedTest
    @CsvSource({
        "80, http, TCP, '', HTTP",
        "80, http-web, TCP, '', HTTP",
        "80, HTTP2-x, TCP, '', HTTP2",
        "80, grpc-web, TCP, '', GRPC-WEB",
        "80, grpc-web-x, TCP, '', GRPC-WEB",
        "80, grpc-x, TCP, '', GRPC",
        "80, grpcx, TCP, '', ''",
        "80, https, TCP, '', HTTPS",
        "80, tls-x, TCP, '', TLS",
        "80, tcp-x, TCP, '', TCP",
        "80, mongo, TCP, '', MONGO",
        "80, mysql, TCP, '', MYSQL",
        "80, redis, TCP, '', REDIS",
        "80, http_proxy, TCP, '', HTTP_PROXY",
        "80, udp-x, TCP, '', TCP",
        "53, http, UDP, '', UDP",
        "80, web, TCP, '', ''",
        "80, '', TCP, '', ''",
        "3306, db, TCP, '', TCP",
        "27017, '', TCP, '', TCP",
        "3306, http, TCP, '', HTTP",
        "80, http, TCP, grpc, GRPC",
        "80, http, TCP, HTTP2, HTTP2",
        "80, tcp, TCP, kubernetes.io/h2c, HTTP2",
        "80, tcp, TCP, kubernetes.io/ws, HTTP",
        "80, tcp, TCP, kubernetes.io/wss, HTTPS",
        "80, http, TCP, example.com/odd, ''",
        "80, http, TCP, kubernetes.io/future, ''"
    })
    void readsAPortAsIstioDoes(int port, String name, String transport, String appProtocol, String expected) {
        assertThat(PortProtocol.of(port, name, transport, appProtocol)).isEqualTo(expected);
    }
}
