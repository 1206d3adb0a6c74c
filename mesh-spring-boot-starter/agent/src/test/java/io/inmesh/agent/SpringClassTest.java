package io.inmesh.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.util.CheckClassAdapter;

/** Each class in the oldest and newest version of each line of Spring. */
class SpringClassTest {
    private static final String WEB = "org/springframework/web/";

    @ParameterizedTest
    @CsvSource({"6.1.6", "6.2.12", "7.0.1", "7.0.10"})
    void callsTheStarterFromEachPlaceOfEachLine(String spring) throws Exception {
        assertThat(calls(spring, "spring-web", "org/springframework/http/client/support/HttpAccessor"))
                .containsExactly("createRequest template");
        assertThat(calls(spring, "spring-web", WEB + "client/DefaultRestClientBuilder"))
                .containsExactlyInAnyOrder("<init> copied", "<init> copied", "build factory");
        assertThat(calls(spring, "spring-webflux", WEB + "reactive/function/client/DefaultWebClientBuilder"))
                .containsExactlyInAnyOrder("<init> copied", "build connector");
        assertThat(calls(spring, "spring-webflux", WEB + "reactive/function/client/DefaultWebClient"))
                .containsExactly("<init> filters");
    }

    @ParameterizedTest
    @EnumSource
    void refusesAClassWithoutThePlaces(SpringClass known) {
        ClassWriter empty = new ClassWriter(0);
        empty.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, "Empty", null, "java/lang/Object", null);
        empty.visitEnd();
        byte[] file = empty.toByteArray();

        assertThatThrownBy(() -> known.changed(file)).hasMessageMatching("it has 0 of \\d known places for a call");
    }

    private static List<String> calls(String spring, String module, String path) throws Exception {
        SpringClass known = SpringClass.of(path);
        assertThat(known).as(path).isNotNull();
        byte[] changed = known.changed(file(spring, module, path));
        List<String> calls = new ArrayList<>();
        new ClassReader(changed).accept(new CheckClassAdapter(new CallsOf(calls), true), 0);
        return calls;
    }

    private static byte[] file(String spring, String module, String path) throws IOException {
        Path jar = Path.of("target", "springs", module + "-" + spring + ".jar");
        try (JarFile opened = new JarFile(jar.toFile());
                InputStream in = opened.getInputStream(opened.getEntry(path + ".class"))) {
            return in.readAllBytes();
        }
    }

    private static final class CallsOf extends ClassVisitor {
        private final List<String> calls;

        CallsOf(List<String> calls) {
            super(Opcodes.ASM9);
            this.calls = calls;
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
            return new MethodVisitor(Opcodes.ASM9) {
                @Override
                public void visitMethodInsn(int opcode, String owner, String method, String type, boolean isInterface) {
                    if (owner.equals(StarterHooks.OWNER)) {
                        calls.add(name + " " + method);
                    }
                }
            };
        }
    }
}
