package io.inmesh.agent;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * The methods of the starter that Spring's classes are made to call. The agent is compiled without the starter, and looks
 * at its class file rather than at its class, which would be loaded too early.
 */
enum StarterHooks {
    /** The starter is not there. */
    ABSENT,
    /** The starter is there, and lacks methods that this agent calls. */
    OF_ANOTHER_VERSION,
    /** All are there. */
    FOUND;

    static final String OWNER = "io/inmesh/spring/boot/client/AgentHook";

    /** Of a RestTemplate: the request factory to use for one request, given the one it has, and the template. */
    static final String TEMPLATE = "template";

    /** Of a RestClient: the request factory it is to have, given the one it would have, and its builder. */
    static final String FACTORY = "factory";

    /** Of a WebClient: the connector it is to have, given the one it would have, and its builder. */
    static final String CONNECTOR = "connector";

    /** Of a WebClient: its filters, given those it would have. */
    static final String FILTERS = "filters";

    /** Told of a builder, and of what it was copied from; gives nothing. */
    static final String COPIED = "copied";

    static final String EXCHANGING_ALONE = "(Ljava/lang/Object;)Ljava/lang/Object;";
    static final String EXCHANGING = "(Ljava/lang/Object;Ljava/lang/Object;)Ljava/lang/Object;";
    static final String TELLING = "(Ljava/lang/Object;Ljava/lang/Object;)V";

    private static final Set<String> CALLED = Set.of(
            TEMPLATE + EXCHANGING,
            FACTORY + EXCHANGING,
            CONNECTOR + EXCHANGING,
            FILTERS + EXCHANGING_ALONE,
            COPIED + TELLING);

    /** What a class loader has of them. */
    static StarterHooks in(ClassLoader loader) throws IOException {
        try (InputStream file = loader.getResourceAsStream(OWNER + ".class")) {
            if (file == null) {
                return ABSENT;
            }
            return methods(new ClassReader(file)).containsAll(CALLED) ? FOUND : OF_ANOTHER_VERSION;
        }
    }

    private static Set<String> methods(ClassReader type) {
        Set<String> methods = new HashSet<>();
        type.accept(
                new ClassVisitor(Opcodes.ASM9) {
                    @Override
                    public @Nullable MethodVisitor visitMethod(
                            int access,
                            String name,
                            String descriptor,
                            @Nullable String signature,
                            String @Nullable [] exceptions) {
                        if ((access & Opcodes.ACC_PUBLIC) != 0 && (access & Opcodes.ACC_STATIC) != 0) {
                            methods.add(name + descriptor);
                        }
                        return null;
                    }
                },
                ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        return methods;
    }
}
