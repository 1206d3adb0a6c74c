package io.inmesh.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.asm.ClassReader;
import org.springframework.asm.ClassVisitor;
import org.springframework.asm.FieldVisitor;
import org.springframework.asm.Handle;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;

/**
 * Every method and field of Spring that the starter's classes name exists in the oldest Spring that it runs on, with the
 * very signature that they were compiled against. Rooms for what only some lines have are left out.
 */
class OldestSpringTest {
    private static final Path CLASSES = Path.of("target", "classes");
    private static final Path OLDER = Path.of("target", "older");
    private static final List<String> ROOMS =
            List.of("io/inmesh/spring/boot/four/", "io/inmesh/spring/boot/actuate/", "io/inmesh/spring/boot/cloud/");

    /** Reached only by what newer lines of Spring do. */
    private static final Set<String> GUARDED =
            Set.of("org/springframework/http/client/ClientHttpRequest getAttributes()Ljava/util/Map;");

    private final Map<String, Optional<Members>> known = new ConcurrentHashMap<>();

    private record Members(Set<String> names, List<String> parents) {}

    @Test
    void hasAllThatIsCalled() throws IOException {
        Set<String> missing = new TreeSet<>();
        int[] looked = {0};
        try (Stream<Path> files = Files.walk(CLASSES);
                URLClassLoader oldest = oldest()) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".class")).toList()) {
                String name = CLASSES.relativize(file).toString().replace('\\', '/');
                if (ROOMS.stream().noneMatch(name::startsWith)) {
                    new ClassReader(Files.readAllBytes(file)).accept(new References(oldest, name, missing, looked), 0);
                }
            }
        }
        assertThat(looked[0]).isGreaterThan(200);
        assertThat(missing).isEmpty();
    }

    private static URLClassLoader oldest() throws IOException {
        try (Stream<Path> jars = Files.list(OLDER)) {
            URL[] urls = jars.map(Path::toUri)
                    .map(uri -> {
                        try {
                            return uri.toURL();
                        } catch (MalformedURLException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .toArray(URL[]::new);
            return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
        }
    }

    /** Whether a class, or one above it, has a member; of classes that are not Spring's nothing is asked. */
    private boolean has(ClassLoader oldest, String owner, String member) {
        if (!owner.startsWith("org/springframework/")) {
            return ofJava(owner, member);
        }
        Optional<Members> members = known.computeIfAbsent(owner, name -> read(oldest, name));
        return members.isPresent()
                && (members.get().names().contains(member)
                        || members.get().parents().stream().anyMatch(parent -> has(oldest, parent, member)));
    }

    /** Maps and the like, which some of Spring's types were. */
    private static boolean ofJava(String owner, String member) {
        if (!owner.startsWith("java/")) {
            return true;
        }
        return read(ClassLoader.getPlatformClassLoader(), owner)
                .map(members -> members.names().contains(member)
                        || members.parents().stream().anyMatch(parent -> ofJava(parent, member)))
                .orElse(false);
    }

    private static Optional<Members> read(ClassLoader loader, String owner) {
        try (InputStream bytes = loader.getResourceAsStream(owner + ".class")) {
            if (bytes == null) {
                return Optional.empty();
            }
            ClassReader reader = new ClassReader(bytes);
            Set<String> names = new TreeSet<>();
            reader.accept(
                    new ClassVisitor(Opcodes.ASM9) {
                        @Override
                        public MethodVisitor visitMethod(
                                int access, String name, String type, String sig, String[] ex) {
                            names.add(name + type);
                            return null;
                        }

                        @Override
                        public FieldVisitor visitField(int access, String name, String type, String sig, Object value) {
                            names.add(name + type);
                            return null;
                        }
                    },
                    ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG);
            Stream<String> above = Stream.concat(
                    Optional.ofNullable(reader.getSuperName()).stream(), Stream.of(reader.getInterfaces()));
            return Optional.of(new Members(names, above.collect(Collectors.toList())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Looks at each call and each access that a class makes. */
    private final class References extends ClassVisitor {
        private final ClassLoader oldest;
        private final String from;
        private final Set<String> missing;
        private final int[] looked;

        References(ClassLoader oldest, String from, Set<String> missing, int[] looked) {
            super(Opcodes.ASM9);
            this.oldest = oldest;
            this.from = from;
            this.missing = missing;
            this.looked = looked;
        }

        @Override
        public MethodVisitor visitMethod(int access, String name, String type, String signature, String[] exceptions) {
            return new MethodVisitor(Opcodes.ASM9) {
                @Override
                public void visitMethodInsn(int opcode, String owner, String called, String of, boolean isInterface) {
                    look(owner, called + of);
                }

                @Override
                public void visitFieldInsn(int opcode, String owner, String field, String of) {
                    look(owner, field + of);
                }

                @Override
                public void visitInvokeDynamicInsn(String called, String of, Handle bootstrap, Object... arguments) {
                    for (Object argument : arguments) {
                        if (argument instanceof Handle handle) {
                            look(handle.getOwner(), handle.getName() + handle.getDesc());
                        }
                    }
                }
            };
        }

        private void look(String owner, String member) {
            if (owner.startsWith("org/springframework/")) {
                looked[0]++;
                if (!GUARDED.contains(owner + " " + member) && !has(oldest, owner, member)) {
                    missing.add(from + " calls " + owner + " " + member);
                }
            }
        }
    }
}
