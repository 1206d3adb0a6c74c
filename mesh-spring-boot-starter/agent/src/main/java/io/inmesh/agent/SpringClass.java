package io.inmesh.agent;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** The classes of Spring that are changed. In Spring 6.1 to 7.0 they have the same places for a call to the starter. */
enum SpringClass {
    /** What RestTemplate extends: asks for a request factory at each request. */
    HTTP_ACCESSOR("org/springframework/http/client/support/HttpAccessor", 1) {
        @Override
        @Nullable
        Calls calling(Method method, MethodVisitor writer) {
            return method.is("createRequest")
                    ? new Calls.AfterCall(writer, "getRequestFactory", REQUEST_FACTORY, StarterHooks.TEMPLATE)
                    : null;
        }
    },

    /** Builds every RestClient. */
    REST_CLIENT_BUILDER("org/springframework/web/client/DefaultRestClientBuilder", 3) {
        @Override
        @Nullable
        Calls calling(Method method, MethodVisitor writer) {
            if (method.isCopying()) {
                return new Calls.AtReturn(writer);
            }
            return method.is("build")
                    ? new Calls.AfterCall(writer, "initRequestFactory", REQUEST_FACTORY, StarterHooks.FACTORY)
                    : null;
        }
    },

    /** Builds every WebClient. */
    WEB_CLIENT_BUILDER("org/springframework/web/reactive/function/client/DefaultWebClientBuilder", 2) {
        @Override
        @Nullable
        Calls calling(Method method, MethodVisitor writer) {
            if (method.isCopying()) {
                return new Calls.AtReturn(writer);
            }
            return method.is("build") ? new Calls.BeforeExchangeFunction(writer) : null;
        }
    },

    /** A WebClient is given its filters when it is made. */
    WEB_CLIENT("org/springframework/web/reactive/function/client/DefaultWebClient", 1) {
        @Override
        @Nullable
        Calls calling(Method method, MethodVisitor writer) {
            return method.takesFilters() ? new Calls.OnEntry(writer) : null;
        }
    };

    private static final String REQUEST_FACTORY = "org/springframework/http/client/ClientHttpRequestFactory";

    private final String path;
    private final int places;

    SpringClass(String path, int places) {
        this.path = path;
        this.places = places;
    }

    /** One method of the class file. */
    record Method(int access, String name, String descriptor) {
        boolean is(String wanted) {
            return name.equals(wanted) && (access & (Opcodes.ACC_STATIC | Opcodes.ACC_ABSTRACT)) == 0;
        }

        /** A constructor with one parameter, of which the new object takes over what it has. */
        boolean isCopying() {
            return name.equals("<init>") && descriptor.matches("\\(L[^;]+;\\)V");
        }

        /** A constructor with an exchange function and filters in front. */
        boolean takesFilters() {
            return name.equals("<init>") && descriptor.startsWith("(L" + Calls.EXCHANGE + ";L" + Calls.FILTERS + ";");
        }
    }

    /**
     * Finds the class of a name as class files write it.
     *
     * @return null for one that is none of these
     */
    static @Nullable SpringClass of(String path) {
        for (SpringClass one : values()) {
            if (one.path.equals(path)) {
                return one;
            }
        }
        return null;
    }

    /** What puts calls into a method, null for one that stays. */
    abstract @Nullable Calls calling(Method method, MethodVisitor writer);

    /**
     * The class with its calls.
     *
     * @throws MissingPlaceException where it has not the places that this agent knows
     */
    byte[] changed(byte[] original) throws MissingPlaceException {
        ClassReader reader = new ClassReader(original);
        ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
        Changes changes = new Changes(writer);
        reader.accept(changes, 0);
        if (changes.made < places) {
            throw new MissingPlaceException(changes.made, places);
        }
        return writer.toByteArray();
    }

    /** Counts the calls that were put in. */
    private final class Changes extends ClassVisitor {
        private int made;

        Changes(ClassVisitor writer) {
            super(Opcodes.ASM9, writer);
        }

        @Override
        public MethodVisitor visitMethod(
                int access,
                String name,
                String descriptor,
                @Nullable String signature,
                String @Nullable [] exceptions) {
            MethodVisitor plain = super.visitMethod(access, name, descriptor, signature, exceptions);
            Calls calls = calling(new Method(access, name, descriptor), plain);
            if (calls == null) {
                return plain;
            }
            calls.onCall(() -> made++);
            return calls;
        }
    }

    /** A class of Spring is not as this agent knows it. */
    static final class MissingPlaceException extends Exception {
        private static final long serialVersionUID = 1;

        MissingPlaceException(int found, int wanted) {
            super("it has " + found + " of " + wanted + " known places for a call");
        }
    }
}
