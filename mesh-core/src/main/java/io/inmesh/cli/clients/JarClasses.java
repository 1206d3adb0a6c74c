package io.inmesh.cli.clients;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The classes of a jar or folder. Of a jar whose manifest says {@code Multi-Release} the newest version of each class counts,
 * of any other those that are for all versions of Java.
 */
final class JarClasses {
    private static final String MANIFEST = "META-INF/MANIFEST.MF";
    private static final Pattern RELEASE = Pattern.compile("META-INF/versions/(\\d{1,4})/(.+)");

    private record Version(int release, ClassFile file) {}

    private final Map<String, ClassFile> plain = new LinkedHashMap<>();
    private final Map<String, Version> newest = new LinkedHashMap<>();
    private boolean hasReleases;

    /** Whether an entry of the name is to be added. */
    boolean wants(String name) {
        return name.equals(MANIFEST) || (name.endsWith(".class") && !name.endsWith("module-info.class"));
    }

    void add(String name, ClassFile file) throws IOException {
        if (name.equals(MANIFEST)) {
            Attributes attributes = new Manifest(new ByteArrayInputStream(file.bytes())).getMainAttributes();
            hasReleases = "true".equalsIgnoreCase(attributes.getValue(Attributes.Name.MULTI_RELEASE));
            return;
        }
        Matcher version = RELEASE.matcher(name);
        if (!version.matches()) {
            plain.put(name, file);
            return;
        }
        Version found = new Version(Integer.parseInt(version.group(1)), file);
        newest.merge(version.group(2), found, (one, other) -> one.release() > other.release() ? one : other);
    }

    List<ClassFile> classes() {
        Map<String, ClassFile> all = new LinkedHashMap<>(plain);
        if (hasReleases) {
            newest.forEach((name, version) -> all.put(name, version.file()));
        }
        return List.copyOf(all.values());
    }
}
