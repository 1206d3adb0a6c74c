package io.inmesh.samples.bookinfo;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the user may choose.
 *
 * @param firstPort of six in a row, the first for the page; 0 takes six that are free
 * @param rules absolute path of the folder that is watched for rule files
 * @param gatewayPort where a gateway listens; 0 for any port that is free, null for no gateway
 * @param traces where traces are sent, by OTLP over HTTP, without a path; null for no traces and no metrics
 */
record Settings(
        int firstPort,
        Path rules,
        @Nullable Integer gatewayPort,
        @Nullable URI traces) {
    static final int DEFAULT_PORT = 9080;

    /** As Jaeger and every other collector of OTLP listens. */
    static final URI DEFAULT_TRACES = URI.create("http://127.0.0.1:4318");

    /** As the Gateway of Istio's file says. */
    static final int DEFAULT_GATEWAY_PORT = 8080;

    static final String USAGE = """
            java -jar bookinfo.jar [--port=N] [--rules=DIR] [--gateway[=N]] [--observe[=URL]]
            java -jar bookinfo.jar --only=NAME

              --port=N       first of six ports in a row on 127.0.0.1, the first for the page; default 9080, 0 for any
              --rules=DIR    folder that is watched for Istio rule files; default samples/bookinfo/rules
              --gateway[=N]  a gateway in front, on port N of 127.0.0.1, by Istio's bookinfo-gateway.yaml; 8080 without
                             N, 0 for any
              --observe[=URL]  metrics for Prometheus, and traces to Jaeger at URL; http://127.0.0.1:4318 without URL
              --only=NAME    one part by itself, as in a pod: port 9080 on all addresses, rules from the cluster; NAME
                             is productpage-v1, details-v1, reviews-v1, reviews-v2, reviews-v3 or ratings-v1
            """;

    private static final String ONLY = "--only=";

    private static final int HIGHEST_PORT = 65_535;

    /** Of the first of the ports in a row. */
    private static final int HIGHEST_FIRST_PORT = HIGHEST_PORT - Instance.values().length + 1;

    /** Thrown when what the user said cannot be done; the message says what to do instead. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    /**
     * Reads the command line.
     *
     * @throws Refused when it cannot be read
     */
    static Settings parse(List<String> arguments) {
        int port = DEFAULT_PORT;
        Path rules = null;
        Integer gatewayPort = null;
        URI traces = null;
        for (String argument : arguments) {
            if (argument.startsWith("--port=")) {
                port = port(argument, HIGHEST_FIRST_PORT);
            } else if (argument.equals("--gateway")) {
                gatewayPort = DEFAULT_GATEWAY_PORT;
            } else if (argument.startsWith("--gateway=")) {
                gatewayPort = port(argument, HIGHEST_PORT);
            } else if (argument.equals("--observe")) {
                traces = DEFAULT_TRACES;
            } else if (argument.startsWith("--observe=")) {
                traces = collector(argument);
            } else if (argument.startsWith("--rules=")) {
                rules = Path.of(argument.substring("--rules=".length()));
            } else {
                throw new Refused("Unknown argument " + argument + System.lineSeparator() + USAGE);
            }
        }
        Path folder = (rules == null ? defaultRules() : rules).toAbsolutePath().normalize();
        if (!Files.isDirectory(folder)) {
            throw new Refused("There is no folder " + folder + " to watch for rules; make it, or name another with"
                    + " --rules=DIR");
        }
        Settings settings = new Settings(port, folder, gatewayPort, traces);
        settings.requireOwnPortForGateway();
        return settings;
    }

    /**
     * The part that is to run by itself; null for all of them.
     *
     * @throws Refused when there is no such part, or when it is asked for along with something else
     */
    static @Nullable Instance only(List<String> arguments) {
        if (arguments.stream().noneMatch(argument -> argument.startsWith(ONLY))) {
            return null;
        }
        String name = arguments
                .get(0)
                .substring(Math.min(ONLY.length(), arguments.get(0).length()));
        return Stream.of(Instance.values())
                .filter(instance -> arguments.size() == 1 && name.equals(instance.instanceName()))
                .findFirst()
                .orElseThrow(() -> new Refused(
                        "--only takes the name of one part and stands alone" + System.lineSeparator() + USAGE));
    }

    /**
     * Where the gateway tells its metrics, as all paths of its own port lead elsewhere: the port after the six; 0 for any
     * port that is free.
     */
    int gatewayMetricsPort() {
        return firstPort == 0 ? 0 : firstPort + Instance.values().length;
    }

    private void requireOwnPortForGateway() {
        if (gatewayPort == null || firstPort == 0) {
            return;
        }
        int last = gatewayMetricsPort() - (traces == null ? 1 : 0);
        if (gatewayPort >= firstPort && gatewayPort <= last) {
            throw new Refused("Port " + gatewayPort + " is both the gateway's and one of those from " + firstPort
                    + " to " + last + "; choose others with --gateway=N or --port=N");
        }
        if (last > HIGHEST_PORT) {
            throw new Refused("With --gateway and --observe there are seven ports in a row, and from " + firstPort
                    + " there are none; choose another one with --port=N");
        }
    }

    private static URI collector(String argument) {
        try {
            URI uri = new URI(argument.substring(argument.indexOf('=') + 1));
            if (List.of("http", "https").contains(Objects.requireNonNullElse(uri.getScheme(), ""))
                    && uri.getHost() != null
                    && List.of("", "/").contains(Objects.requireNonNullElse(uri.getPath(), ""))) {
                return uri;
            }
        } catch (URISyntaxException notOne) {
            throw new Refused(argument + " is not a URL: " + notOne.getMessage());
        }
        throw new Refused(argument + " is not a URL without a path, such as --observe=" + DEFAULT_TRACES);
    }

    private static int port(String argument, int highest) {
        try {
            int port = Integer.parseInt(argument.substring(argument.indexOf('=') + 1));
            if (port >= 0 && port <= highest) {
                return port;
            }
        } catch (NumberFormatException notANumber) {
            throw new Refused(argument + " is not a number");
        }
        throw new Refused(argument + " is not between 0 and " + highest);
    }

    private static Path defaultRules() {
        return beside("rules")
                .orElseThrow(() -> new Refused(
                        "Cannot find samples/bookinfo/rules from here; name a folder for rules with --rules=DIR"));
    }

    /**
     * A folder beside the sample's sources, wherever it is started: in the repository, in its own folder, or by its jar.
     * Empty when there is none.
     */
    static Optional<Path> beside(String folder) {
        return Stream.of(Path.of("samples", "bookinfo", folder), Path.of(folder), besideBuild(folder))
                .filter(Files::isDirectory)
                .findFirst();
    }

    private static Path besideBuild(String folder) {
        CodeSource code = Settings.class.getProtectionDomain().getCodeSource();
        try {
            Path built = Path.of(code.getLocation().toURI());
            return built.resolveSibling("../" + folder).normalize();
        } catch (URISyntaxException | IllegalArgumentException | java.nio.file.FileSystemNotFoundException notAFile) {
            return Path.of(folder);
        }
    }
}
