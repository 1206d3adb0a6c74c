package io.inmesh.samples.bookinfo;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the user may choose.
 *
 * @param firstPort of six in a row, the first for the page; 0 takes six that are free
 * @param rules absolute path of the folder that is watched for rule files
 * @param gatewayPort where a gateway listens; 0 for any port that is free, null for no gateway
 */
record Settings(int firstPort, Path rules, @Nullable Integer gatewayPort) {
    static final int DEFAULT_PORT = 9080;

    /** As the Gateway of Istio's file says. */
    static final int DEFAULT_GATEWAY_PORT = 8080;

    static final String USAGE = """
            java -jar bookinfo.jar [--port=N] [--rules=DIR] [--gateway[=N]]
            java -jar bookinfo.jar --only=NAME

              --port=N       first of six ports in a row on 127.0.0.1, the first for the page; default 9080, 0 for any
              --rules=DIR    folder that is watched for Istio rule files; default samples/bookinfo/rules
              --gateway[=N]  a gateway in front, on port N of 127.0.0.1, by Istio's bookinfo-gateway.yaml; 8080 without
                             N, 0 for any
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
        for (String argument : arguments) {
            if (argument.startsWith("--port=")) {
                port = port(argument, HIGHEST_FIRST_PORT);
            } else if (argument.equals("--gateway")) {
                gatewayPort = DEFAULT_GATEWAY_PORT;
            } else if (argument.startsWith("--gateway=")) {
                gatewayPort = port(argument, HIGHEST_PORT);
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
        Settings settings = new Settings(port, folder, gatewayPort);
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

    private void requireOwnPortForGateway() {
        if (gatewayPort != null
                && firstPort != 0
                && gatewayPort >= firstPort
                && gatewayPort < firstPort + Instance.values().length) {
            throw new Refused("Port " + gatewayPort + " is both the gateway's and one of the six from " + firstPort
                    + "; choose others with --gateway=N or --port=N");
        }
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

    /** Beside the sample's sources, wherever it is started: in the repository, in its own folder, or by its jar. */
    private static Path defaultRules() {
        return Stream.of(Path.of("samples", "bookinfo", "rules"), Path.of("rules"), besideBuild())
                .filter(Files::isDirectory)
                .findFirst()
                .orElseThrow(() -> new Refused(
                        "Cannot find samples/bookinfo/rules from here; name a folder for rules with --rules=DIR"));
    }

    private static Path besideBuild() {
        CodeSource code = Settings.class.getProtectionDomain().getCodeSource();
        try {
            Path built = Path.of(code.getLocation().toURI());
            return built.resolveSibling("../rules").normalize();
        } catch (URISyntaxException | IllegalArgumentException | java.nio.file.FileSystemNotFoundException notAFile) {
            return Path.of("rules");
        }
    }
}
