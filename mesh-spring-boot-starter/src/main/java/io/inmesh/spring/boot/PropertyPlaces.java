package io.inmesh.spring.boot;

import io.inmesh.model.Origin;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.core.env.CommandLinePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;

/**
 * Where the properties under {@code mesh.} are written: by path, for the property itself and for everything above it.
 * Where several sources have a property, the one that counts.
 */
final class PropertyPlaces {
    private final Map<String, Origin> places = new HashMap<>();

    /** Remembers a place unless one of more weight is known. */
    void add(String path, Origin place) {
        places.putIfAbsent(path, place);
    }

    /**
     * The place of a property or of the first one below it; of the nearest known one above where there is none.
     *
     * @param path as {@link PropertyName#entry} and {@code [index]} build it
     */
    Origin of(String path) {
        for (String at = path; !at.isEmpty(); at = parent(at)) {
            Origin place = places.get(at);
            if (place != null) {
                return place;
            }
        }
        return Origin.NONE;
    }

    /** The place of one property of one source. */
    static Origin find(PropertySource<?> source, String name) {
        org.springframework.boot.origin.Origin found = OriginLookup.getOrigin(source, name);
        if (found instanceof TextResourceOrigin text && text.getResource() != null) {
            TextResourceOrigin.Location location = text.getLocation();
            return location == null
                    ? new Origin(file(text.getResource()), 0, 0)
                    : new Origin(file(text.getResource()), location.getLine() + 1, location.getColumn() + 1);
        }
        if (source instanceof SystemEnvironmentPropertySource) {
            return new Origin("environment variable " + name, 0, 0);
        }
        if (source.getName().equals(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME)) {
            return new Origin("system property " + name, 0, 0);
        }
        if (source instanceof CommandLinePropertySource) {
            return new Origin("command line argument --" + name, 0, 0);
        }
        return new Origin(source.getName(), 0, 0);
    }

    private static String file(Resource resource) {
        if (resource instanceof ClassPathResource classPath) {
            return classPath.getPath();
        }
        String name = resource.getFilename();
        return name == null ? resource.getDescription() : name;
    }

    private static String parent(String path) {
        if (path.endsWith("]")) {
            return path.substring(0, path.lastIndexOf('['));
        }
        int dot = path.lastIndexOf('.');
        return dot < 0 ? "" : path.substring(0, dot);
    }
}
