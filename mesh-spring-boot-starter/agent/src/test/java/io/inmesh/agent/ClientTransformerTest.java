package io.inmesh.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

class ClientTransformerTest {
    private static final String ACCESSOR = "org/springframework/http/client/support/HttpAccessor";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ClientTransformer transformer =
            new ClientTransformer(new AgentLog(new PrintStream(out, true, UTF_8), "1.2.3"));

    @Test
    void leavesOtherClassesAlone() {
        assertThat(transformer.transform(new Starter(hooks(List.of())), "com/acme/Orders", null, null, new byte[0]))
                .isNull();
        assertThat(transformer.transform(new Starter(null), "org/springframework/util/Assert", null, null, new byte[0]))
                .isNull();
        assertThat(said()).isEmpty();
    }

    @Test
    void saysOnceThatTheStarterIsMissing() {
        ClassLoader without = new Starter(null);

        transformer.transform(without, "org/springframework/boot/SpringApplication", null, null, new byte[0]);
        transformer.transform(without, ACCESSOR, null, null, new byte[0]);
        transformer.transform(new Starter(null), ACCESSOR, null, null, new byte[0]);

        assertThat(said())
                .containsExactly("InMesh agent 1.2.3: mesh-spring-boot-starter is not on the class path of this"
                        + " application, so nothing is changed. Add it, or take -javaagent away");
    }

    @Test
    void refusesAStarterThatLacksAMethod() {
        ClassLoader other = new Starter(hooks(List.of("template", "factory", "connector")));

        assertThat(transformer.transform(other, ACCESSOR, null, null, new byte[0]))
                .isNull();
        assertThat(said())
                .containsExactly(
                        "InMesh agent 1.2.3: mesh-spring-boot-starter on the class path of this application is of"
                                + " another version, so nothing is changed. Use the agent of the starter's version");
    }

    @Test
    void namesTheClassAndTheVersionThatItCannotChange() throws Exception {
        ClassLoader whole = new Starter(hooks(List.of("template", "factory", "connector"), true));
        CodeSource jar = new CodeSource(
                URI.create("jar:file:/app.jar!/BOOT-INF/lib/spring-web-8.0.0.jar!/")
                        .toURL(),
                (Certificate[]) null);

        byte[] changed =
                transformer.transform(whole, ACCESSOR, null, new ProtectionDomain(jar, null), hooks(List.of()));

        assertThat(changed).isNull();
        assertThat(said())
                .containsExactly("InMesh agent 1.2.3: cannot change"
                        + " org.springframework.http.client.support.HttpAccessor of spring-web-8.0.0.jar: it has 0 of 1"
                        + " known places for a call. Clients made by it reach the mesh as beans only");
    }

    @Test
    void survivesAFileThatIsNoClass() {
        ClassLoader whole = new Starter(hooks(List.of("template", "factory", "connector"), true));

        assertThat(transformer.transform(whole, ACCESSOR, null, null, new byte[] {1, 2, 3}))
                .isNull();
        assertThat(said()).hasSize(1).first().asString().contains("HttpAccessor of an unknown jar");
    }

    private List<String> said() {
        return out.toString(UTF_8).lines().toList();
    }

    private static byte[] hooks(List<String> exchanging) {
        return hooks(exchanging, false);
    }

    private static byte[] hooks(List<String> exchanging, boolean rest) {
        ClassWriter hooks = new ClassWriter(0);
        hooks.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, StarterHooks.OWNER, null, "java/lang/Object", null);
        exchanging.forEach(name -> method(hooks, name, StarterHooks.EXCHANGING));
        if (rest) {
            method(hooks, StarterHooks.FILTERS, StarterHooks.EXCHANGING_ALONE);
            method(hooks, StarterHooks.COPIED, StarterHooks.TELLING);
        }
        hooks.visitEnd();
        return hooks.toByteArray();
    }

    private static void method(ClassWriter hooks, String name, String descriptor) {
        hooks.visitMethod(Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC | Opcodes.ACC_NATIVE, name, descriptor, null, null)
                .visitEnd();
    }

    /** Has a file of the starter's hooks, or none. */
    private static final class Starter extends ClassLoader {
        private final byte[] hooks;

        Starter(byte[] hooks) {
            super(null);
            this.hooks = hooks;
        }

        @Override
        public InputStream getResourceAsStream(String name) {
            return hooks != null && name.equals(StarterHooks.OWNER + ".class") ? new ByteArrayInputStream(hooks) : null;
        }
    }
}
