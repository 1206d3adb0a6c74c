package io.inmesh.cli.clients;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.analysis.SourceValue;

/** Groovy's calls that are bound at run time: {@code init} makes an object, {@code invoke} calls, {@code cast} casts. */
final class GroovyCalls {
    private static final String BOOTSTRAP = "org/codehaus/groovy/vmplugin/";

    private GroovyCalls() {}

    static boolean is(InvokeDynamicInsnNode call) {
        return call.bsm.getOwner().startsWith(BOOTSTRAP);
    }

    static boolean isCast(InvokeDynamicInsnNode call) {
        return is(call) && call.name.equals("cast");
    }

    static boolean isNew(InvokeDynamicInsnNode call) {
        return call.name.equals("init");
    }

    /** The method's name: the first argument of the bootstrap method. */
    static String method(InvokeDynamicInsnNode call) {
        return call.bsmArgs.length > 0 && call.bsmArgs[0] instanceof String name ? name : "";
    }

    /** Internal name of the class that a call is made on by its name, null for a call on anything else. */
    static @Nullable String receiver(@Nullable SourceValue value) {
        if (value != null) {
            for (AbstractInsnNode source : value.insns) {
                if (source instanceof LdcInsnNode constant && constant.cst instanceof Type type) {
                    return type.getSort() == Type.OBJECT ? type.getInternalName() : null;
                }
            }
        }
        return null;
    }
}
