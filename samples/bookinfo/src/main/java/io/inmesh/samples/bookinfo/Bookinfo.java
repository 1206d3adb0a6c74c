package io.inmesh.samples.bookinfo;

import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.ConfigurableApplicationContext;

/** All of bookinfo in one JVM: six ordinary Spring Boot applications, each with a port and a mesh of its own. */
public final class Bookinfo implements AutoCloseable {
    private static final List<Instance> START_ORDER = List.of(
            Instance.RATINGS_V1,
            Instance.DETAILS_V1,
            Instance.REVIEWS_V1,
            Instance.REVIEWS_V2,
            Instance.REVIEWS_V3,
            Instance.PRODUCTPAGE_V1);

    private final Settings settings;
    private final Ports ports;
    private final ServicesFile services;
    private final Map<Instance, ConfigurableApplicationContext> running = new EnumMap<>(Instance.class);

    private Bookinfo(Settings settings) {
        this.settings = settings;
        this.ports = Ports.from(settings.firstPort());
        this.services = ServicesFile.with(ports);
    }

    /** Starts bookinfo and says where to look. */
    public static void main(String[] arguments) {
        List<String> words = List.of(arguments);
        if (words.contains("--help") || words.contains("-h")) {
            System.out.print(Settings.USAGE);
            return;
        }
        try {
            Instance only = Settings.only(words);
            if (only != null) {
                SinglePart.run(only);
                return;
            }
            Settings settings = Settings.parse(words);
            System.out.println("Starting six services; this takes some seconds.");
            Bookinfo bookinfo = start(settings);
            SpringApplication.getShutdownHandlers().add(bookinfo::close);
            bookinfo.announce(System.out);
        } catch (Settings.Refused refused) {
            System.err.println(refused.getMessage());
            System.exit(1);
        }
    }

    /**
     * Starts all services; returns when each of them answers.
     *
     * @throws Settings.Refused when a port is taken
     */
    static Bookinfo start(Settings settings) {
        Bookinfo bookinfo = new Bookinfo(settings);
        try {
            bookinfo.ports.requireFree();
            START_ORDER.forEach(bookinfo::run);
            return bookinfo;
        } catch (PortInUseException taken) {
            bookinfo.close();
            throw new Settings.Refused("Port " + taken.getPort() + " on 127.0.0.1 was taken while bookinfo started;"
                    + " choose other ports with --port=N");
        } catch (RuntimeException | Error failed) {
            bookinfo.close();
            throw failed;
        }
    }

    private void run(Instance instance) {
        // As arguments, so that nothing in the user's environment (SERVER_PORT, POD_NAMESPACE) beats them.
        running.put(
                instance,
                new SpringApplicationBuilder(instance.application())
                        .initializers(context -> {
                            if (instance == Instance.PRODUCTPAGE_V1) {
                                context.getBeanFactory().registerSingleton("ruleConsole", new RuleConsole());
                            }
                        })
                        .run(
                                "--spring.application.name=" + instance.instanceName(),
                                "--spring.profiles.active=" + instance.instanceName(),
                                "--server.port=" + ports.of(instance),
                                "--mesh.namespace=default",
                                "--mesh.kubernetes.enabled=false",
                                "--mesh.labels.app=" + instance.service(),
                                "--mesh.labels.version=" + instance.version(),
                                "--mesh.config.locations[0]=" + services.location(),
                                "--mesh.config.locations[1]=" + settings.rules().toUri()));
    }

    /** Where the page is. */
    URI page() {
        return at(Instance.PRODUCTPAGE_V1).resolve("/productpage");
    }

    /** Where an instance listens. */
    URI at(Instance instance) {
        return URI.create("http://127.0.0.1:" + ports.of(instance));
    }

    /** The application context of an instance. */
    ConfigurableApplicationContext context(Instance instance) {
        return Objects.requireNonNull(running.get(instance));
    }

    private void announce(PrintStream out) {
        Path library = settings.rules().resolveSibling("rules-library");
        String example = (Files.isDirectory(library) ? library : Path.of("samples", "bookinfo", "rules-library"))
                .resolve("virtual-service-reviews-test-v2.yaml")
                .toString();
        out.printf(
                """

                Bookinfo is running: six services in this JVM, routed by InMesh. No cluster, no sidecar.

                  Page      %s
                  Rules     %s
                            is watched: drop Istio rule files there, then reload the page.
                  Try       cp %s %s
                            and sign in as jason: black stars for him, none for everybody else.
                  Mesh      %s
                            which rules are in force, and what is wrong with one that is refused
                  Services  %s
                  Stop      Ctrl-C

                """,
                page(),
                settings.rules(),
                example,
                settings.rules(),
                at(Instance.PRODUCTPAGE_V1).resolve("/actuator/mesh"),
                ports.byInstance().entrySet().stream()
                        .map(port -> port.getKey().instanceName() + " :" + port.getValue())
                        .collect(Collectors.joining(", ")));
        out.flush();
    }

    /** Stops all services, the page first. */
    @Override
    public void close() {
        for (int i = START_ORDER.size() - 1; i >= 0; i--) {
            ConfigurableApplicationContext context = running.remove(START_ORDER.get(i));
            if (context != null) {
                context.close();
            }
        }
        services.close();
    }
}
