package io.inmesh.cli.clients;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.analysis.Frame;
import org.objectweb.asm.tree.analysis.SourceValue;

/** Looks for clients in one method. */
final class MethodScan {
    private static final String LOAD_BALANCED = "org/springframework/cloud/client/loadbalancer/LoadBalanced";
    private static final String NOT_MESHED = "io/inmesh/spring/boot/client/NotMeshed";
    private static final Answer EXCLUDED = Answer.not("@NotMeshed says so; take it away to have it carried");
    private static final Rule BALANCED = Rule.of(
            Use.MADE,
            "@LoadBalanced",
            Answer.byStarter(Verdict.CARRIED, "with mesh-spring-boot-starter, in place of Spring Cloud's balancer"));

    private final ClassScan owner;
    private final UnitScan unit;
    private final ClassNode type;
    private final MethodNode method;
    private final Map<AbstractInsnNode, Rule> hits = new LinkedHashMap<>();
    private final Map<AbstractInsnNode, Answer> made = new IdentityHashMap<>();
    private @Nullable Frame<SourceValue> @Nullable [] frames;

    MethodScan(ClassScan owner, UnitScan unit, ClassNode type, MethodNode method) {
        this.owner = owner;
        this.unit = unit;
        this.type = type;
        this.method = method;
    }

    void scan() {
        boolean bean = owner.makesBean(method);
        boolean balanced = bean && ClassScan.has(method, LOAD_BALANCED);
        if (balanced) {
            String client = Type.getReturnType(method.desc).getClassName();
            Rule rule = Rule.of(
                    BALANCED.use(),
                    BALANCED.kind() + " "
                            + client.substring(client.lastIndexOf('.') + 1).replace('$', '.'),
                    BALANCED.asBean());
            unit.add(unit.place(type, method.name, ClassScan.firstLine(method), rule, rule.asBean()));
        }
        frames = hasDynamicCalls() ? Origins.of(type, method) : null;
        for (AbstractInsnNode instruction : method.instructions) {
            Rule rule = rule(instruction);
            if (rule != null) {
                hits.put(instruction, rule);
            }
        }
        if (hits.isEmpty()) {
            return;
        }
        frames = frames == null ? Origins.of(type, method) : frames;
        Set<AbstractInsnNode> returned = bean ? returned() : Set.of();
        hits.forEach((instruction, rule) -> {
            if (rule.use() == Use.MADE) {
                made(instruction, rule, returned.contains(instruction), balanced);
            }
        });
        stores();
        hits.forEach((instruction, rule) -> {
            if (rule.use() == Use.CALLED
                    || (rule.use() == Use.BUILT && !(balanced && returned.contains(instruction)))) {
                used(instruction, rule);
            }
        });
    }

    private boolean hasDynamicCalls() {
        for (AbstractInsnNode instruction : method.instructions) {
            if (instruction instanceof InvokeDynamicInsnNode call && GroovyCalls.is(call)) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Rule rule(AbstractInsnNode instruction) {
        if (instruction instanceof TypeInsnNode made) {
            return made.getOpcode() == Opcodes.NEW ? owner.made(made.desc) : null;
        }
        if (instruction instanceof MethodInsnNode call) {
            Rule rule = owner.method(call.owner, call.name, call.getOpcode() == Opcodes.INVOKESTATIC);
            return rule == null || call.getOpcode() == Opcodes.INVOKESPECIAL || isLocal(call) ? null : rule;
        }
        return instruction instanceof InvokeDynamicInsnNode call ? dynamic(call) : null;
    }

    private @Nullable Rule dynamic(InvokeDynamicInsnNode call) {
        if (GroovyCalls.is(call)) {
            String receiver = GroovyCalls.receiver(argument(call, 0));
            if (receiver == null) {
                return null;
            }
            return GroovyCalls.isNew(call)
                    ? owner.made(receiver)
                    : owner.method(receiver, GroovyCalls.method(call), true);
        }
        for (Object argument : call.bsmArgs) {
            if (argument instanceof Handle handle) {
                return handle.getTag() == Opcodes.H_NEWINVOKESPECIAL
                        ? owner.made(handle.getOwner())
                        : owner.method(handle.getOwner(), handle.getName(), handle.getTag() == Opcodes.H_INVOKESTATIC);
            }
        }
        return null;
    }

    /** The instructions that make what the method returns. */
    private Set<AbstractInsnNode> returned() {
        Set<AbstractInsnNode> found = new HashSet<>();
        for (AbstractInsnNode instruction : method.instructions) {
            if (instruction.getOpcode() == Opcodes.ARETURN) {
                found.addAll(sources(top(instruction, 0)));
            }
        }
        return found;
    }

    private void made(AbstractInsnNode instruction, Rule rule, boolean returned, boolean balanced) {
        Answer answer = returned && ClassScan.has(method, NOT_MESHED) ? EXCLUDED : owner.answer(rule, returned);
        made.put(instruction, answer);
        unit.madeIn(type, rule.family(), answer);
        if (!(returned && balanced)) {
            unit.add(unit.place(type, method.name, line(instruction), rule, answer));
        }
    }

    private void stores() {
        for (AbstractInsnNode instruction : method.instructions) {
            int code = instruction.getOpcode();
            if (instruction instanceof FieldInsnNode field && (code == Opcodes.PUTFIELD || code == Opcodes.PUTSTATIC)) {
                for (AbstractInsnNode source : sources(top(instruction, 0))) {
                    Answer answer = made.get(source);
                    if (answer != null) {
                        unit.storedIn(field.owner + "." + field.name, answer);
                    }
                }
            }
        }
    }

    private void used(AbstractInsnNode instruction, Rule rule) {
        Set<AbstractInsnNode> sources = sources(receiver(instruction));
        List<Answer> answers = new ArrayList<>();
        List<String> fields = new ArrayList<>();
        boolean byOwnMethod = false;
        boolean byAnything = sources.isEmpty();
        for (AbstractInsnNode source : sources) {
            Answer answer = made.get(source);
            if (answer != null) {
                answers.add(answer);
            } else if (source instanceof FieldInsnNode field) {
                fields.add(field.owner + "." + field.name);
            } else {
                byOwnMethod |= source instanceof MethodInsnNode call && call.owner.equals(type.name);
                byAnything = true;
            }
        }
        Place place = unit.place(type, method.name, line(instruction), rule, owner.answer(rule, false));
        unit.add(new UnresolvedCall(place, rule.family(), answers, fields, byOwnMethod, byAnything));
    }

    /** Whether a URL is that of a resource or file. */
    private boolean isLocal(MethodInsnNode call) {
        if (!call.owner.equals("java/net/URL")) {
            return false;
        }
        if (call.getNext() instanceof TypeInsnNode cast && cast.desc.equals("java/net/JarURLConnection")) {
            return true;
        }
        frames = frames == null ? Origins.of(type, method) : frames;
        Set<AbstractInsnNode> sources = sources(receiver(call));
        return !sources.isEmpty() && sources.stream().allMatch(this::givesLocalUrl);
    }

    private boolean givesLocalUrl(AbstractInsnNode source) {
        if (!(source instanceof MethodInsnNode call)) {
            return false;
        }
        return switch (call.name) {
            case "getResource", "findResource", "getSystemResource", "getLocation" -> true;
            case "getURL" -> call.owner.startsWith("org/springframework/");
            case "toURI", "toUri" -> call.owner.equals("java/io/File") || call.owner.equals("java/nio/file/Path");
            case "toURL" ->
                call.owner.equals("java/io/File")
                        || sources(receiver(call)).stream().anyMatch(this::givesLocalUrl);
            default -> false;
        };
    }

    private @Nullable SourceValue receiver(AbstractInsnNode instruction) {
        return instruction instanceof MethodInsnNode call && call.getOpcode() != Opcodes.INVOKESTATIC
                ? top(call, Type.getArgumentCount(call.desc))
                : null;
    }

    private @Nullable SourceValue argument(InvokeDynamicInsnNode call, int index) {
        int count = Type.getArgumentCount(call.desc);
        return index < count ? top(call, count - 1 - index) : null;
    }

    /** The value that lies so deep on the stack before the instruction; null when that is unknown. */
    private @Nullable SourceValue top(AbstractInsnNode instruction, int depth) {
        int index = method.instructions.indexOf(instruction);
        Frame<SourceValue> frame = frames == null ? null : frames[index];
        return frame == null || frame.getStackSize() <= depth ? null : frame.getStack(frame.getStackSize() - 1 - depth);
    }

    private static Set<AbstractInsnNode> sources(@Nullable SourceValue value) {
        return value == null ? Set.of() : value.insns;
    }

    private static int line(AbstractInsnNode instruction) {
        for (AbstractInsnNode before = instruction; before != null; before = before.getPrevious()) {
            if (before instanceof LineNumberNode line) {
                return line.line;
            }
        }
        return 0;
    }
}
