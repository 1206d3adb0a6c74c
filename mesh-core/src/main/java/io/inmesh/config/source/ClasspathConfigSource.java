package io.inmesh.config.source;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigSource;
import io.inmesh.config.ConfigUpdate;
import io.inmesh.internal.text.YamlDocuments;
import io.inmesh.model.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * Rules on the class path: one file, or all {@code *.yaml} and {@code *.yml} right below a folder, in directories and
 * jars alike. Read once, not watched.
 *
 * <p>Thread-safe.
 */
public final class ClasspathConfigSource implements ConfigSource {
    private final String location;
    private final ClassLoader loader;
    private final ConfigReader reader;

    /**
     * Makes a source.
     *
     * @param location such as {@code mesh/} (a folder ends in a slash) or {@code mesh/reviews.yaml}, without leading
     *     slash
     */
    public ClasspathConfigSource(String location, ClassLoader loader, ConfigReader reader) {
        this.location = location.startsWith("/") ? location.substring(1) : location;
        this.loader = loader;
        this.reader = reader;
    }

    @Override
    public AutoCloseable watch(Consumer<ConfigUpdate> onUpdate) {
        onUpdate.accept(read());
        return () -> {};
    }

    @Override
    public String name() {
        return "classpath:" + location;
    }

    @Override
    public void close() {}

    /** Reads the rules now. */
    public ConfigUpdate read() {
        RuleTexts rules = new RuleTexts();
        Map<String, URL> files = new TreeMap<>();
        try {
            boolean folder = location.isEmpty() || location.endsWith("/");
            for (URL url : Collections.list(loader.getResources(location))) {
                if (folder) {
                    files.putAll(filesBelow(url));
                } else {
                    files.putIfAbsent(location, url);
                }
            }
            for (Map.Entry<String, URL> file : files.entrySet()) {
                String name = "classpath:" + file.getKey();
                String text = text(file.getValue());
                rules.add(folder ? FoundFiles.read(reader, name, text) : reader.read(name, text), 0);
            }
            if (files.isEmpty()) {
                problem(rules, "there is no rule file on the class path", "correct the location, or add a .yaml file");
            }
        } catch (IOException | URISyntaxException e) {
            problem(rules, "the class path cannot be read: " + e.getMessage(), "correct the location");
        }
        return rules.update();
    }

    private void problem(RuleTexts rules, String message, String fix) {
        rules.add(
                reader.unread(
                        new ConfigProblem(ConfigProblem.Severity.ERROR, new Origin(name(), 0, 0), "", message, fix)),
                0);
    }

    private Map<String, URL> filesBelow(URL folder) throws IOException, URISyntaxException {
        Map<String, URL> files = new TreeMap<>();
        if (folder.getProtocol().equals("file")) {
            try (Stream<Path> children = Files.list(Path.of(folder.toURI()))) {
                for (Path child : (Iterable<Path>) children::iterator) {
                    String fileName = String.valueOf(child.getFileName());
                    if (FoundFiles.isRuleFile(fileName) && Files.isRegularFile(child)) {
                        files.put(location + fileName, child.toUri().toURL());
                    }
                }
            }
            return files;
        }
        URLConnection connection = folder.openConnection();
        if (connection instanceof JarURLConnection jar) {
            String prefix = jar.getEntryName() == null ? "" : jar.getEntryName();
            JarFile file = jar.getJarFile();
            for (JarEntry entry : Collections.list(file.entries())) {
                String rest =
                        entry.getName().startsWith(prefix) ? entry.getName().substring(prefix.length()) : "/";
                if (rest.indexOf('/') < 0 && FoundFiles.isRuleFile(rest)) {
                    files.put(location + rest, new URI(folder + rest).toURL());
                }
            }
        }
        return files;
    }

    private static String text(URL url) throws IOException {
        URLConnection connection = url.openConnection();
        connection.setUseCaches(false);
        try (InputStream in = connection.getInputStream()) {
            return new String(in.readNBytes(YamlDocuments.LONGEST_TEXT + 1), StandardCharsets.UTF_8);
        }
    }
}
