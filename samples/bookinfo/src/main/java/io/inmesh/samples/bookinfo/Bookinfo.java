package io.inmesh.samples.bookinfo;

import io.inmesh.samples.bookinfo.gateway.GatewayApplication;
import io.inmesh.samples.bookinfo.web.ActuatorUnobserved;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * All of bookinfo in one JVM: six ordinary Spring Boot applications, each with a port and a mesh of its own, and a gateway
 * in front of them where it is asked for.
 */
public final class Bookinfo implements AutoCloseable {
    private static final List<Instance> START_ORDER = List.of(
            Instance.RATINGS_V1,
            Instance.DETAILS_V1,
            Instance.REVIEWS_V1,
            Instance.REVIEWS_V2,
            Instance.REVIEWS_V3,
            Instance.PRODUCTPAGE_V1);

    private static final String GATEWAY = "gateway";

    private final Settings settings;
    private final Ports ports;
    private final ServicesFile services;
    private @Nullable PrometheusFile prometheus;
    private final Map<Instance, ConfigurableApplicationContext> running = new EnumMap<>(Instance.class);
    private @Nullable ConfigurableApplicationContext gateway;

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
            Integer gatewayPort = settings.gatewayPort();
            if (gatewayPort != null) {
                Ports.requireFree(gatewayPort, "the gateway", "choose another port with --gateway=N");
                if (settings.traces() != null) {
                    Ports.requireFree(
                            settings.gatewayMetricsPort(), "the gateway's metrics", "choose other ports with --port=N");
                }
            }
            START_ORDER.forEach(bookinfo::run);
            if (gatewayPort != null) {
                bookinfo.gateway = bookinfo.runGateway(gatewayPort);
            }
            if (settings.traces() != null) {
                bookinfo.prometheus = PrometheusFile.with(bookinfo.ports, bookinfo.gatewayMetricsPort());
            }
            return bookinfo;
        } catch (PortInUseException taken) {
            bookinfo.close();
            throw new Settings.Refused("Port " + taken.getPort() + " on 127.0.0.1 was taken while bookinfo started;"
                    + " choose other ports with --port=N and --gateway=N");
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
                            if (instance == Instance.PRODUCTPAGE_V1 && settings.gatewayPort() == null) {
                                context.getBeanFactory().registerSingleton("ruleConsole", new RuleConsole());
                            }
                            context.getBeanFactory().registerSingleton("actuatorUnobserved", new ActuatorUnobserved());
                        })
                        .run(arguments(
                                instance.instanceName(),
                                instance.service(),
                                "--server.port=" + ports.of(instance),
                                "--mesh.labels.app=" + instance.service(),
                                "--mesh.labels.version=" + instance.version())));
    }

    private String[] arguments(String name, String service, String... own) {
        List<String> arguments = new ArrayList<>(List.of(own));
        arguments.addAll(List.of(
                "--spring.application.name=" + name,
                "--spring.profiles.active=" + name + (settings.traces() == null ? "" : ",observe"),
                "--mesh.namespace=default",
                "--mesh.kubernetes.enabled=false",
                "--mesh.config.locations[0]=" + services.location(),
                "--mesh.config.locations[1]=" + settings.rules().toUri()));
        URI traces = settings.traces();
        if (traces != null) {
            arguments.addAll(List.of(
                    "--management.opentelemetry.tracing.export.otlp.endpoint=" + traces.resolve("/v1/traces"),
                    "--management.opentelemetry.resource-attributes.service.name=" + service));
        }
        if (traces != null && service.equals(GATEWAY)) {
            // All paths of its own port lead elsewhere.
            arguments.add("--management.server.port=" + settings.gatewayMetricsPort());
        }
        return arguments.toArray(String[]::new);
    }

    /** Knows more of the rules than any service, and so tells the user of them. */
    private ConfigurableApplicationContext runGateway(int port) {
        return new SpringApplicationBuilder(GatewayApplication.class)
                .initializers(context -> {
                    context.getBeanFactory().registerSingleton("ruleConsole", new RuleConsole());
                    context.getBeanFactory().registerSingleton("actuatorUnobserved", new ActuatorUnobserved());
                })
                .run(arguments(
                        GATEWAY,
                        GATEWAY,
                        "--server.port=" + port,
                        "--mesh.gateway.ports." + port + "=" + Settings.DEFAULT_GATEWAY_PORT,
                        "--mesh.labels.istio=ingressgateway",
                        "--mesh.labels.app=" + GATEWAY,
                        "--mesh.config.locations[2]=classpath:bookinfo-gateway.yaml"));
    }

    /** Where the gateway tells its metrics; null when there is no gateway. */
    @Nullable
    Integer gatewayMetricsPort() {
        return gateway == null ? null : gateway.getEnvironment().getProperty("local.management.port", Integer.class);
    }

    /** Prometheus's configuration; null when nothing is observed. */
    @Nullable
    Path prometheusFile() {
        return prometheus == null ? null : prometheus.file();
    }

    /** Where people find the page: at the gateway, if there is one. */
    URI page() {
        URI front = front();
        return (front == null ? at(Instance.PRODUCTPAGE_V1) : front).resolve("/productpage");
    }

    /** Where the gateway listens; null when there is none. */
    @Nullable
    URI front() {
        return gateway instanceof WebServerApplicationContext web
                ? URI.create("http://127.0.0.1:"
                        + Objects.requireNonNull(web.getWebServer()).getPort())
                : null;
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
                %s  Rules     %s
                            is watched: drop Istio rule files there, then reload the page.
                  Try       cp %s %s
                            and sign in as jason: black stars for him, none for everybody else.
                  Mesh      %s
                            which rules are in force, and what is wrong with one that is refused
                  Services  %s
                %s  Stop      Ctrl-C

                """,
                page(),
                front() == null
                        ? ""
                        : "            through the gateway, by Istio's bookinfo-gateway.yaml; it knows no other path than"
                                + "\n            /productpage, /static, /login, /logout and /api/v1/products\n",
                settings.rules(),
                example,
                settings.rules(),
                at(Instance.PRODUCTPAGE_V1).resolve("/actuator/mesh"),
                ports.byInstance().entrySet().stream()
                        .map(port -> port.getKey().instanceName() + " :" + port.getValue())
                        .collect(Collectors.joining(", ")),
                prometheus == null ? "" : """
                          Metrics   prometheus --config.file=%s --enable-feature=exemplar-storage
                                    and then http://127.0.0.1:9090/graph, for example istio_requests_total
                          Traces    go to %s, and are dropped in silence while nobody listens there;
                                    with Jaeger there, see http://127.0.0.1:16686
                        """.formatted(prometheus.file(), settings.traces()));
        out.flush();
    }

    /** Stops all services, what people see first. */
    @Override
    public void close() {
        if (gateway != null) {
            gateway.close();
            gateway = null;
        }
        for (int i = START_ORDER.size() - 1; i >= 0; i--) {
            ConfigurableApplicationContext context = running.remove(START_ORDER.get(i));
            if (context != null) {
                context.close();
            }
        }
        services.close();
        if (prometheus != null) {
            prometheus.close();
            prometheus = null;
        }
    }
}
