package io.inmesh.cli;

import io.inmesh.config.ConfigChecks;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigReader;
import io.inmesh.config.ConfigUpdate;
import io.inmesh.config.TextConfigSource;
import io.inmesh.config.UnsupportedFields;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Rule files named on the command line, read once.
 *
 * @param complete whether no rule is left out for an error and every file could be read
 */
record RuleFiles(MeshConfig config, List<ConfigProblem> problems, boolean complete) {
    /** The reader refuses texts long before; this bounds what is taken into memory to find that out. */
    private static final int MOST_BYTES = 64 * 1024 * 1024;

    static RuleFiles read(List<String> paths, UnsupportedFields unsupported, String namespace) {
        ConfigReader reader =
                ConfigReader.sensible().withUnsupported(unsupported).withDefaultNamespace(namespace);
        return new Reading(reader).read(paths);
    }

    private static final class Reading {
        private final ConfigReader reader;
        private final Map<String, String> texts = new LinkedHashMap<>();
        private final List<ConfigProblem> problems = new ArrayList<>();
        private int unreadable;

        Reading(ConfigReader reader) {
            this.reader = reader;
        }

        RuleFiles read(List<String> paths) {
            for (String path : paths) {
                if (path.equals("-")) {
                    take("-", () -> System.in);
                } else {
                    files(Path.of(path));
                }
            }
            return understood();
        }

        /** As a mesh would take the texts: an object that is written again replaces the one before. */
        private RuleFiles understood() {
            AtomicReference<ConfigUpdate> told = new AtomicReference<>();
            try (TextConfigSource source = new TextConfigSource("command line", reader, texts)) {
                source.watch(told::set);
            }
            ConfigUpdate update =
                    Objects.requireNonNull(told.get(), "a source tells its first update before watch returns");
            problems.addAll(update.problems());
            MeshConfig config = config(update);
            if (config == null) {
                return new RuleFiles(MeshConfig.EMPTY, List.copyOf(problems), false);
            }
            problems.addAll(ConfigChecks.check(config, WorkloadIdentity.DEFAULT.clusterDomain()));
            return new RuleFiles(config, List.copyOf(problems), unreadable == 0);
        }

        /** Null when something is left out for an error: checks across objects would then find what is there. */
        private static @Nullable MeshConfig config(ConfigUpdate update) {
            if (update instanceof ConfigUpdate.Valid valid) {
                return valid.config();
            }
            return update instanceof ConfigUpdate.Partial partial ? partial.config() : null;
        }

        private void files(Path path) {
            if (!Files.isDirectory(path)) {
                take(path.toString(), () -> Files.newInputStream(path));
                return;
            }
            try (Stream<Path> children = Files.list(path)) {
                children.filter(child -> isRuleFile(String.valueOf(child.getFileName())))
                        .sorted()
                        .forEach(child -> take(child.toString(), () -> Files.newInputStream(child)));
            } catch (IOException e) {
                unreadable(path.toString(), String.valueOf(e.getMessage()), "name a readable directory");
            }
        }

        /** The same files that a mesh would watch there: no hidden ones and none that editors leave behind. */
        private static boolean isRuleFile(String fileName) {
            String lower = fileName.toLowerCase(Locale.ROOT);
            boolean yaml = lower.endsWith(".yaml") || lower.endsWith(".yml");
            return yaml && !fileName.startsWith(".") && !fileName.startsWith("#") && !fileName.startsWith("~");
        }

        private interface Opening {
            InputStream open() throws IOException;
        }

        private void take(String name, Opening opening) {
            try (InputStream in = opening.open()) {
                byte[] bytes = in.readNBytes(MOST_BYTES + 1);
                if (bytes.length > MOST_BYTES) {
                    unreadable(name, "it has more than " + MOST_BYTES + " bytes", "split it into several files");
                    return;
                }
                texts.put(
                        name,
                        StandardCharsets.UTF_8
                                .newDecoder()
                                .decode(ByteBuffer.wrap(bytes))
                                .toString());
            } catch (CharacterCodingException e) {
                unreadable(name, "it is not UTF-8", "save it as UTF-8");
            } catch (NoSuchFileException e) {
                unreadable(name, "it does not exist", "name a YAML file or a directory of them");
            } catch (IOException e) {
                unreadable(name, String.valueOf(e.getMessage()), "name a readable YAML file or directory");
            }
        }

        private void unreadable(String name, String why, String fix) {
            unreadable++;
            problems.add(new ConfigProblem(
                    ConfigProblem.Severity.ERROR, new Origin(name, 0, 0), "", "cannot be read: " + why, fix));
        }
    }
}
