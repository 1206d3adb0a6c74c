package io.inmesh.cli;

import io.inmesh.config.ConfigChecks;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigReader;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.DestinationRule;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.Origin;
import io.inmesh.model.ServiceEntry;
import io.inmesh.model.VirtualService;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Rule files named on the command line, read once. */
record RuleFiles(MeshConfig config, List<ConfigProblem> problems) {
    /** What to do with fields that Istio knows and InMesh does not execute. */
    enum Unsupported {
        REFUSE,
        WARN
    }

    static RuleFiles read(List<String> paths, Unsupported unsupported, String namespace) {
        ConfigReader reader = ConfigReader.strict().withDefaultNamespace(namespace);
        return new Reading(unsupported == Unsupported.WARN ? reader.lenient() : reader).read(paths);
    }

    private static final class Reading {
        private final ConfigReader reader;
        private final List<ConfigObject> objects = new ArrayList<>();
        private final List<ConfigProblem> problems = new ArrayList<>();

        Reading(ConfigReader reader) {
            this.reader = reader;
        }

        RuleFiles read(List<String> paths) {
            for (String path : paths) {
                if (path.equals("-")) {
                    take("-", () -> new String(System.in.readAllBytes(), StandardCharsets.UTF_8));
                } else {
                    files(Path.of(path));
                }
            }
            MeshConfig config =
                    new MeshConfig(of(VirtualService.class), of(DestinationRule.class), of(ServiceEntry.class));
            problems.addAll(ConfigChecks.check(config, WorkloadIdentity.DEFAULT.clusterDomain()));
            return new RuleFiles(config, List.copyOf(problems));
        }

        private <T extends ConfigObject> List<T> of(Class<T> type) {
            return objects.stream().filter(type::isInstance).map(type::cast).toList();
        }

        private void files(Path path) {
            if (!Files.isDirectory(path)) {
                take(path.toString(), () -> Files.readString(path));
                return;
            }
            try (Stream<Path> children = Files.list(path)) {
                children.filter(child -> child.toString().endsWith(".yaml")
                                || child.toString().endsWith(".yml"))
                        .sorted()
                        .forEach(child -> take(child.toString(), () -> Files.readString(child)));
            } catch (IOException e) {
                unreadable(path.toString(), e);
            }
        }

        private interface Text {
            String read() throws IOException;
        }

        private void take(String name, Text text) {
            try {
                ConfigReader.Result result = reader.read(name, text.read());
                objects.addAll(result.objects());
                problems.addAll(result.problems());
            } catch (IOException e) {
                unreadable(name, e);
            }
        }

        private void unreadable(String name, IOException failure) {
            problems.add(new ConfigProblem(
                    ConfigProblem.Severity.ERROR,
                    new Origin(name, 0, 0),
                    "",
                    "cannot be read: " + failure,
                    "name a readable YAML file or directory"));
        }
    }
}
