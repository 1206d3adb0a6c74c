package io.inmesh.spring.boot;

import io.inmesh.config.ConfigSource;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.config.source.FileConfigSource;
import io.inmesh.config.source.TextConfigSource;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.ResourcePatternResolver;

/** Turns {@code mesh.config.locations} into sources of rules. */
final class RuleLocations {
    private static final String PATH = "mesh.config.locations";
    private static final String OPTIONAL = "optional:";
    private static final String CLASS_PATH = "classpath:";
    private static final String ALL_CLASS_PATH = "classpath*:";
    private static final String FILE = "file:";
    static final List<String> ENDINGS = List.of("*.yaml", "*.yml");

    private final ResourcePatternResolver resources;
    private final ConfigReader reader;
    private final PropertyProblems problems;
    private final Map<String, String> emptyPlaces = new LinkedHashMap<>();

    RuleLocations(ResourcePatternResolver resources, ConfigReader reader, PropertyProblems problems) {
        this.resources = resources;
        this.reader = reader;
        this.problems = problems;
    }

    /** The sources, in the order of the locations; none for a location that is optional and empty. */
    List<ConfigSource> sources(MeshProperties.Config config) {
        List<ConfigSource> sources = new ArrayList<>();
        for (int i = 0; i < config.locations().size(); i++) {
            String written = config.locations().get(i).strip();
            boolean optional = written.startsWith(OPTIONAL);
            String location = optional ? written.substring(OPTIONAL.length()) : written;
            ConfigSource source = source(location, optional, config.watch(), PATH + "[" + i + "]");
            if (source != null) {
                sources.add(source);
            }
        }
        return sources;
    }

    private @Nullable ConfigSource source(String location, boolean optional, boolean watch, String path) {
        if (location.startsWith(CLASS_PATH) || location.startsWith(ALL_CLASS_PATH)) {
            return classPath(location, optional, path);
        }
        String file = location.startsWith(FILE) ? location.substring(FILE.length()) : location;
        if (file.isEmpty() || file.indexOf('*') >= 0 || isOtherUrl(location)) {
            problems.error(
                    path,
                    "'" + MessageText.shorten(location) + "' is no place of rule files",
                    "write classpath:folder/, classpath*:folder/, file:/folder/ or the path of one file");
            return null;
        }
        FileConfigSource.Builder builder =
                FileConfigSource.builder(path(location, file)).reader(reader);
        FileConfigSource source = (optional ? builder.optional() : builder).build();
        return watch ? source : new FixedConfigSource(source.name(), source.read(), source.whyEmpty());
    }

    private static String whyEmpty(String location) {
        String rest = location.substring(location.indexOf(':') + 1);
        return "no rule file there on the class path; in a project that is src/main/resources/" + rest;
    }

    /** Locations on the class path at which there is nothing, with the reason. */
    Map<String, String> emptyPlaces() {
        return emptyPlaces;
    }

    private static boolean isOtherUrl(String location) {
        return !location.startsWith(FILE) && location.indexOf("://") > 0;
    }

    private static Path path(String location, String file) {
        return location.startsWith(FILE + "///") ? Path.of(URI.create(location)) : Path.of(file);
    }

    private @Nullable ConfigSource classPath(String location, boolean optional, String path) {
        try {
            Map<String, String> texts = texts(location);
            if (!texts.isEmpty()) {
                return isFolder(location)
                        ? TextConfigSource.ofFolder(location, reader, texts)
                        : new TextConfigSource(location, reader, texts);
            }
            if (!optional) {
                problems.error(
                        path,
                        "there is no rule file at " + location,
                        "correct the location, or write 'optional:' in front of it");
            }
            emptyPlaces.put(location, whyEmpty(location));
        } catch (IOException e) {
            problems.error(path, location + " cannot be read: " + e.getMessage(), "");
        }
        return null;
    }

    private static boolean isFolder(String location) {
        return location.endsWith("/") || location.endsWith(":");
    }

    private Map<String, String> texts(String location) throws IOException {
        String prefix = location.substring(0, location.indexOf(':') + 1);
        String rest = location.substring(prefix.length());
        List<Resource> found = new ArrayList<>();
        if (isFolder(location)) {
            for (String ending : ENDINGS) {
                found.addAll(resources(location + ending));
            }
        } else {
            found.addAll(resources(location));
        }
        found.sort(Comparator.comparing(resource -> String.valueOf(resource.getFilename())));
        String folder = CLASS_PATH + rest.substring(0, rest.lastIndexOf('/') + 1);
        Map<String, String> texts = new LinkedHashMap<>();
        for (Resource resource : found) {
            String name = folder + Objects.requireNonNullElse(resource.getFilename(), "");
            String text = resource.getContentAsString(StandardCharsets.UTF_8);
            texts.put(texts.containsKey(name) ? name + " in " + resource.getURL() : name, text);
        }
        return texts;
    }

    private List<Resource> resources(String pattern) throws IOException {
        try {
            return java.util.Arrays.stream(resources.getResources(pattern))
                    .filter(Resource::exists)
                    .toList();
        } catch (FileNotFoundException e) {
            // What Spring says of a pattern below a folder that is not there.
            return List.of();
        }
    }
}
