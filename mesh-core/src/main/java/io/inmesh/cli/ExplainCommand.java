package io.inmesh.cli;

import io.inmesh.Mesh;
import io.inmesh.cli.findings.FindingText;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigUpdate;
import io.inmesh.config.RuleUser;
import io.inmesh.config.UnsupportedFields;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.internal.time.PerThreadRandom;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code explain --config PATH...}. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = {
            "Tells for each request where it would go and why; sends nothing.",
            "Reads one JSON object a line: {\"id\",\"method\",\"url\",\"headers\":{name: value or [values]},"
                    + "\"random\":N}; answers with one JSON object a line, in order."
        })
final class ExplainCommand implements Callable<Integer> {
    @Option(
            names = "--config",
            required = true,
            arity = "1..*",
            paramLabel = "PATH",
            description = "A YAML file or a directory of them.")
    private List<String> config = List.of();

    @Option(names = "--namespace", defaultValue = "default", description = "Namespace of the caller.")
    private String namespace = "default";

    @Option(names = "--labels", split = ",", paramLabel = "K=V", description = "Labels of the caller.")
    private Map<String, String> labels = new LinkedHashMap<>();

    @Option(
            names = "--requests",
            defaultValue = "-",
            paramLabel = "FILE",
            description = "Requests, one JSON object a line; - is standard input.")
    private String requests = "-";

    @Option(
            names = "--unsupported",
            defaultValue = "sensible",
            description = {
                "What fields are that Istio knows and InMesh does not execute:",
                "refuse-all (errors), sensible (errors or warnings by what is lost without them; default), warn."
            })
    private UnsupportedFields unsupported = UnsupportedFields.SENSIBLE;

    @Option(
            names = "--gateway",
            paramLabel = "PORT",
            description = {
                "Requests come in at a gateway, at this port (port.number of a Gateway's server),",
                "instead of being calls of an application. Policies are not judged."
            })
    private @Nullable Integer gateway;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        var line = Objects.requireNonNull(spec).commandLine();
        ConfigReader reader = ConfigReader.sensible()
                .withUnsupported(unsupported)
                .forUser(gateway == null ? RuleUser.CALLER : RuleUser.GATEWAY);
        RuleFiles rules = RuleFiles.read(config, reader, namespace, true, List.of());
        Set<ConfigProblem> told = new HashSet<>();
        tell(rules.problems(), told, line.getErr());
        if (!rules.complete()) {
            return 1;
        }
        WorkloadIdentity self = WorkloadIdentity.DEFAULT.with(namespace, labels);
        Mesh.Builder builder = Mesh.builder()
                .config(new FixedConfig(new ConfigUpdate.Valid(rules.config(), List.of())))
                .circuitBreakers(name -> ApplicationBreaker.INSTANCE)
                .self(self);
        ManifestEndpoints services = new ManifestEndpoints(rules.manifests(), rules.config(), self.clusterDomain());
        if (!services.isEmpty()) {
            builder.endpoints(services);
        }
        try (Mesh mesh = (gateway == null ? builder : builder.gateway()).build();
                BufferedReader in = open()) {
            tell(mesh.status().problems(), told, line.getErr());
            Integer port = gateway;
            ExplainSession session = new ExplainSession(
                    port == null ? mesh::explain : (request, draws) -> mesh.explainAtGateway(port, request, draws),
                    PerThreadRandom.INSTANCE);
            answer(session, in, line.getOut());
        }
        return 0;
    }

    /** Each problem once: the mesh finds some of those of the files again. */
    private static void tell(List<ConfigProblem> problems, Set<ConfigProblem> told, PrintWriter err) {
        for (ConfigProblem problem : problems) {
            if (told.add(problem)) {
                err.println(FindingText.line(problem));
            }
        }
    }

    private BufferedReader open() throws IOException {
        InputStream in = requests.equals("-") ? System.in : Files.newInputStream(Path.of(requests));
        return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    private static void answer(ExplainSession session, BufferedReader in, PrintWriter out) throws IOException {
        for (String request = in.readLine(); request != null; request = in.readLine()) {
            if (!request.isBlank()) {
                out.println(session.answer(request));
            }
        }
    }
}
