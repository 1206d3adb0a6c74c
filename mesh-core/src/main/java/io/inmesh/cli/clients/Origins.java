package io.inmesh.cli.clients;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.Frame;
import org.objectweb.asm.tree.analysis.SourceInterpreter;
import org.objectweb.asm.tree.analysis.SourceValue;

/**
 * Follows values through a method to the instructions that made them: through variables, casts and the chain of a
 * builder's methods, so that what {@code build()} returns comes from where the builder does. A parameter comes from a
 * {@link Parameter}.
 */
final class Origins extends SourceInterpreter {
    /** What a builder is made from a client by, so that what it builds comes from where the client does. */
    private static final Set<String> COPIES = Set.of("mutate", "newBuilder");

    /** Stands for the caller, who has made what it hands over. */
    static final class Parameter extends InsnNode {
        private final Type type;

        private Parameter(Type type) {
            super(Opcodes.NOP);
            this.type = type;
        }

        Type type() {
            return type;
        }
    }

    private Origins() {
        super(Opcodes.ASM9);
    }

    /** One frame for each instruction, null for those that are never reached; null when the method makes no sense. */
    static @Nullable Frame<SourceValue> @Nullable [] of(ClassNode type, MethodNode method) {
        try {
            return new Analyzer<>(new Origins()).analyze(type.name, method);
        } catch (AnalyzerException | RuntimeException e) {
            return null;
        }
    }

    @Override
    public SourceValue newParameterValue(boolean isInstanceMethod, int local, Type type) {
        return new SourceValue(type.getSize(), new Parameter(type));
    }

    @Override
    public SourceValue copyOperation(AbstractInsnNode instruction, SourceValue value) {
        return value;
    }

    @Override
    public SourceValue unaryOperation(AbstractInsnNode instruction, SourceValue value) {
        return instruction.getOpcode() == Opcodes.CHECKCAST ? value : super.unaryOperation(instruction, value);
    }

    @Override
    public SourceValue naryOperation(AbstractInsnNode instruction, List<? extends SourceValue> values) {
        return values.isEmpty() || !handsOn(instruction) ? super.naryOperation(instruction, values) : values.get(0);
    }

    private static boolean handsOn(AbstractInsnNode instruction) {
        if (instruction instanceof InvokeDynamicInsnNode dynamic) {
            return GroovyCalls.isCast(dynamic);
        }
        if (!(instruction instanceof MethodInsnNode call) || call.getOpcode() == Opcodes.INVOKESTATIC) {
            return false;
        }
        boolean givesBuilder = Type.getReturnType(call.desc).getInternalName().endsWith("Builder");
        return call.owner.endsWith("Builder")
                ? givesBuilder || call.name.startsWith("build")
                : givesBuilder && COPIES.contains(call.name);
    }
}
