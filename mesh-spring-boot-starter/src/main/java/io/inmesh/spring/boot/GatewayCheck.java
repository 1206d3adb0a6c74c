package io.inmesh.spring.boot;

import io.inmesh.spring.boot.gateway.FurtherPort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/** Finds values under {@code mesh.gateway} with which no gateway can be made. */
final class GatewayCheck {
    private static final String PREFIX = "mesh.gateway.";
    private static final String PORTS = PREFIX + "ports";
    private static final String TLS = PREFIX + "tls";
    private static final String OWN_PORT = "server.port";
    private static final String CONTEXT_PATH = "server.servlet.context-path";
    private static final int DEFAULT_OWN_PORT = 8080;
    private static final int MOST = 65_535;
    private static final Duration SHORTEST = Duration.ofMillis(1);

    /** What OkHttp can count. */
    private static final Duration LONGEST = Duration.ofDays(24);

    private final PropertyProblems problems;

    GatewayCheck(PropertyProblems problems) {
        this.problems = problems;
    }

    /** What is no port and no TLS of one. */
    void settings(GatewayProperties properties) {
        atLeast(0, properties.trustedHops(), "trusted-hops", "proxies");
        atLeast(1, properties.maxCalls(), "max-calls", "requests");
        size(properties.maxBodySize(), Long.MAX_VALUE, "max-body-size");
        size(properties.retryBodySize(), Integer.MAX_VALUE, "retry-body-size");
        Duration idle = properties.idleTimeout();
        if (idle.compareTo(SHORTEST) < 0 || idle.compareTo(LONGEST) > 0) {
            problems.error(
                    PREFIX + "idle-timeout", "this is no timeout", "write a duration such as 5m, from 1ms to 24d");
        }
        String server = properties.serverHeader();
        if (server != null && !server.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            problems.error(
                    PREFIX + "server-header",
                    "a header cannot hold this",
                    "write printable characters of ASCII, or 'none' for no header");
        }
    }

    private void atLeast(int least, int number, String name, String what) {
        if (number < least) {
            problems.error(PREFIX + name, number + " is not a number of " + what, "write " + least + " or more");
        }
    }

    private void size(@Nullable DataSize size, long most, String name) {
        if (size != null && (size.isNegative() || size.toBytes() > most)) {
            problems.error(PREFIX + name, "this is no size", "write one such as 64KB or 10MB");
        }
    }

    /** The ports, those that make no sense left out. */
    GatewayPorts ports(GatewayProperties properties, Environment environment, @Nullable SslBundles bundles) {
        contextPath(environment);
        int own = environment.getProperty(OWN_PORT, Integer.class, DEFAULT_OWN_PORT);
        Map<Integer, Integer> numbers = new TreeMap<>();
        properties.ports().forEach((container, gateway) -> {
            String path = PropertyName.entry(PORTS, container);
            int number = containerPort(container, own, path);
            problems.portInRange(gateway, path);
            if (number >= 0) {
                numbers.put(number, gateway);
            }
        });
        properties.tls().keySet().stream()
                .filter(port -> !properties.ports().containsKey(port))
                .forEach(port -> noSuchPort(port, own));
        List<FurtherPort> further = new ArrayList<>();
        for (int number : numbers.keySet()) {
            GatewayProperties.Tls tls = properties.tls().get(String.valueOf(number));
            if (number != own) {
                further.add(new FurtherPort(number, tls == null ? null : tls(number, tls, bundles)));
            } else if (tls != null) {
                ofOwnPort(number);
            }
        }
        return new GatewayPorts(own, numbers, further);
    }

    private int containerPort(String written, int own, String path) {
        int port = written.matches("\\d{1,5}") ? Integer.parseInt(written) : -1;
        if ((port < 1 && port != own) || port > MOST) {
            problems.error(
                    path,
                    "'" + written + "' is not a port of the container",
                    "write the container's port first and the Gateway's behind it, such as 8080: 80");
            return -1;
        }
        return port;
    }

    private void noSuchPort(String port, int own) {
        if (port.equals(String.valueOf(own))) {
            ofOwnPort(own);
        } else {
            problems.error(
                    PropertyName.entry(TLS, port),
                    "there is no such port",
                    "add it to " + PORTS + ", such as " + port + ": 443");
        }
    }

    private void ofOwnPort(int own) {
        problems.error(
                PropertyName.entry(TLS, String.valueOf(own)),
                "this is the container's own port, whose TLS is Spring Boot's",
                "write server.ssl.bundle and server.ssl.client-auth in its place");
    }

    private FurtherPort.@Nullable Tls tls(int port, GatewayProperties.Tls tls, @Nullable SslBundles bundles) {
        String path = PropertyName.entry(TLS, String.valueOf(port)) + ".bundle";
        String name = tls.bundle();
        if (!StringUtils.hasText(name)) {
            problems.error(path, "missing", "write the name of a bundle of spring.ssl.bundle");
            return null;
        }
        if (bundles == null) {
            problems.error(path, "there are no SSL bundles here", "have Spring Boot's SslAutoConfiguration in force");
            return null;
        }
        try {
            bundles.getBundle(name);
        } catch (NoSuchSslBundleException absent) {
            problems.error(
                    path,
                    "there is no SSL bundle '" + name + "'",
                    "define it, such as by spring.ssl.bundle.pem." + name + ".keystore.certificate and .private-key");
            return null;
        }
        return new FurtherPort.Tls(bundles, name, tls.clientCertificates());
    }

    private void contextPath(Environment environment) {
        String path = environment.getProperty(CONTEXT_PATH);
        if (StringUtils.hasText(path) && !path.equals("/")) {
            problems.error(CONTEXT_PATH, "is " + path + ", but a gateway has all paths", "remove it");
        }
    }
}
