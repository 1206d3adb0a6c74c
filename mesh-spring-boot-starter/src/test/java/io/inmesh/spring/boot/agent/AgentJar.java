package io.inmesh.spring.boot.agent;

import io.inmesh.agent.MeshAgent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;

/** Jars with agents, made of classes on the class path of the tests. */
final class AgentJar {
    /** What the jar of the mesh's agent is made of. */
    static final List<Path> CONTENTS = List.of(source(MeshAgent.class), source(ClassReader.class));

    private AgentJar() {}

    /** The agent with its library, as the build puts them together but for the library's packages. */
    static Path ofTheMesh(Path folder) {
        return write(folder.resolve("mesh-agent.jar"), MeshAgent.class.getName(), CONTENTS);
    }

    /** A jar that only names an agent, whose class is on the class path. */
    static Path of(Class<?> agent, Path folder) {
        return write(folder.resolve(agent.getSimpleName() + ".jar"), agent.getName(), List.of());
    }

    /** The folder or jar that a class comes from. */
    static Path source(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path write(Path jar, String agent, List<Path> contents) {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.IMPLEMENTATION_VERSION, "TEST");
        attributes.putValue("Premain-Class", agent);
        attributes.putValue("Can-Retransform-Classes", "true");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            for (Path one : contents) {
                add(out, one);
            }
            return jar;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void add(JarOutputStream out, Path source) throws IOException {
        if (Files.isDirectory(source)) {
            addClasses(out, source);
            return;
        }
        try (FileSystem opened = FileSystems.newFileSystem(source)) {
            addClasses(out, opened.getPath("/"));
        }
    }

    private static void addClasses(JarOutputStream out, Path root) throws IOException {
        TreeMap<String, Path> classes = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root)) {
            all.filter(file -> file.toString().endsWith(".class"))
                    .filter(file -> !file.toString().contains("-info"))
                    .forEach(
                            file -> classes.put(root.relativize(file).toString().replace('\\', '/'), file));
        }
        for (var one : classes.entrySet()) {
            out.putNextEntry(new JarEntry(one.getKey()));
            out.write(Files.readAllBytes(one.getValue()));
            out.closeEntry();
        }
    }
}
