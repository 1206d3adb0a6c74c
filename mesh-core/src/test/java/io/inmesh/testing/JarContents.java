package io.inmesh.testing;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a jar holds, read without loading a class of it. Packages and classes have dots, resources slashes. */
public final class JarContents {
    private static final String CLASS = ".class";

    private final Map<String, byte[]> entries = new TreeMap<>();
    private final JavaClasses classes;

    private JarContents(JarFile jar) throws IOException {
        for (JarEntry entry : Collections.list(jar.entries())) {
            if (!entry.isDirectory()) {
                try (InputStream bytes = jar.getInputStream(entry)) {
                    entries.put(entry.getName(), bytes.readAllBytes());
                }
            }
        }
        classes = new ClassFileImporter().importJar(jar);
    }

    /** Reads a jar whole. */
    public static JarContents of(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            return new JarContents(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** All classes. */
    public Set<String> classes() {
        return entries.keySet().stream()
                .filter(name -> name.endsWith(CLASS))
                .map(name -> name.substring(0, name.length() - CLASS.length()).replace('/', '.'))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** All else. */
    public List<String> resources() {
        return entries.keySet().stream().filter(name -> !name.endsWith(CLASS)).toList();
    }

    /** A resource, empty if there is none. */
    public String text(String name) {
        byte[] bytes = entries.get(name);
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * Every constant of a class file that names a class of the given packages, be it as class, in a descriptor or as a text
     * that is nothing but a name: {@code file: constant}.
     */
    public List<String> constantsThatName(String... packages) {
        String any = Stream.of(packages)
                .map(name -> name.replace(".", "[./]"))
                .collect(Collectors.joining("|", "(", ")[./]\\w"));
        Pattern inDescriptor = Pattern.compile("(^|[L(;\\[<])" + any);
        Pattern asText = Pattern.compile("\\[*L?" + any + "[\\w./$]*;?");
        List<String> found = new ArrayList<>();
        entries.forEach((name, bytes) -> {
            if (name.endsWith(CLASS)) {
                Constants constants = Constants.of(bytes);
                Stream.concat(
                                constants.descriptors().stream()
                                        .filter(text ->
                                                inDescriptor.matcher(text).find()),
                                constants.texts().stream()
                                        .filter(text -> asText.matcher(text).matches()))
                        .forEach(text -> found.add(name + ": " + text));
            }
        });
        return found;
    }

    /** Classes below a package that some class needs and that are not there. */
    public Set<String> missingBelow(String prefix) {
        Set<String> there = classes();
        return classes.stream()
                .filter(type -> there.contains(type.getName()))
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .map(dependency ->
                        dependency.getTargetClass().getBaseComponentType().getName())
                .filter(name -> name.startsWith(prefix) && !there.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What users of the public types outside of a package see of types of that package. */
    public List<String> publicMembersThatShow(String prefix) {
        Set<String> there = classes();
        return classes.stream()
                .filter(type ->
                        there.contains(type.getName()) && !type.getName().startsWith(prefix))
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .flatMap(JarContents::visible)
                .filter(shown -> shown.contains(prefix))
                .toList();
    }

    private static Stream<String> visible(JavaClass type) {
        Stream<String> parents = Stream.concat(type.getRawSuperclass().stream(), type.getRawInterfaces().stream())
                .map(parent -> type.getName() + " is " + parent.getName());
        Stream<String> members = type.getMembers().stream()
                .filter(member -> member.getModifiers().contains(JavaModifier.PUBLIC)
                        || member.getModifiers().contains(JavaModifier.PROTECTED))
                .map(JarContents::signature);
        return Stream.concat(parents, members);
    }

    private static String signature(JavaMember member) {
        List<JavaClass> types = new ArrayList<>();
        if (member instanceof JavaCodeUnit code) {
            types.add(code.getRawReturnType());
            types.addAll(code.getRawParameterTypes());
        } else if (member instanceof JavaField field) {
            types.add(field.getRawType());
        }
        return member.getFullName() + " with "
                + types.stream().map(JavaClass::getName).collect(Collectors.joining(", "));
    }

    /** What the constant pool has. Annotations are left out, Kotlin's own metadata above all. */
    private record Constants(List<String> descriptors, List<String> texts) {
        static Constants of(byte[] classFile) {
            Map<Integer, String> all = new TreeMap<>();
            List<Integer> descriptors = new ArrayList<>();
            List<Integer> texts = new ArrayList<>();
            try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(classFile))) {
                in.skipNBytes(8);
                int count = in.readUnsignedShort();
                for (int index = 1; index < count; index++) {
                    int tag = in.readUnsignedByte();
                    switch (tag) {
                        case 1 -> all.put(index, in.readUTF());
                        case 5, 6 -> {
                            in.skipNBytes(8);
                            index++;
                        }
                        case 7, 16 -> descriptors.add(in.readUnsignedShort());
                        case 8 -> texts.add(in.readUnsignedShort());
                        case 12 -> {
                            in.skipNBytes(2);
                            descriptors.add(in.readUnsignedShort());
                        }
                        case 19, 20 -> in.skipNBytes(2);
                        case 15 -> in.skipNBytes(3);
                        default -> in.skipNBytes(4);
                    }
                }
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
            return new Constants(
                    descriptors.stream().map(all::get).toList(),
                    texts.stream().map(all::get).toList());
        }
    }
}
