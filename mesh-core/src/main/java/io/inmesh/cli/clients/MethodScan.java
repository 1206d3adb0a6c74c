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

    private static final Set<String> BUILDERS_OF_THE_MESH = Set.of(
            "Lorg/springframework/boot/http/client/ClientHttpRequestFactoryBuilder;",
            "Lorg/springframework/boot/http/client/reactive/ClientHttpConnectorBuilder;");

    private final ClassScan owner;
    private final UnitScan unit;
    private final ClassNode type;
    private final MethodNode method;
    private final Map<AbstractInsnNode, Rule> hits = new LinkedHashMap<>();
    private final Map<AbstractInsnNode, Answer> made = new IdentityHashMap<>();
    private final Map<AbstractInsnNode, Answer> senders = new IdentityHashMap<>();
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
        if (hits.isEmpty() && !handsOutClients()) {
            return;
        }
        frames = frames == null ? Origins.of(type, method) : frames;
        Set<AbstractInsnNode> returned = returned();
        Set<AbstractInsnNode> beans = bean ? returned : Set.of();
        senders();
        hits.forEach((instruction, rule) -> {
            if (rule.use() == Use.MADE) {
                boolean isReference = instruction instanceof InvokeDynamicInsnNode call && !GroovyCalls.is(call);
                made(instruction, rule, beans.contains(instruction) && !isReference, balanced);
            }
        });
        senders.forEach(made::putIfAbsent);
        stores();
        handsOut(new Member(type.name, method.name + method.desc), returned);
        hits.forEach((instruction, rule) -> {
            if (rule.use() == Use.CALLED || rule.use() == Use.BUILT) {
                used(instruction, rule, beans, balanced);
            }
        });
    }

    private boolean handsOutClients() {
        if (owner.isClient(Type.getReturnType(method.desc))) {
            return true;
        }
        for (AbstractInsnNode instruction : method.instructions) {
            if (isStore(instruction) && owner.isClient(Type.getType(((FieldInsnNode) instruction).desc))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isStore(AbstractInsnNode instruction) {
        return instruction.getOpcode() == Opcodes.PUTFIELD || instruction.getOpcode() == Opcodes.PUTSTATIC;
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
            return rule == null || call.getOpcode() == Opcodes.INVOKESPECIAL || !isMeant(call) || isLocal(call)
                    ? null
                    : rule;
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

    /** Finds what clients are given to send with, in place of what the mesh stands in front of. */
    private void senders() {
        for (AbstractInsnNode instruction : method.instructions) {
            Rule rule = instruction instanceof MethodInsnNode call ? owner.sender(call) : null;
            if (rule != null && !sources(top(instruction, 0)).stream().allMatch(MethodScan::isOfTheMesh)) {
                for (AbstractInsnNode source : sources(subject(instruction))) {
                    senders.merge(source, rule.elsewhere(), Answer::orWorse);
                }
            }
        }
    }

    /** Whether a factory or connector comes from the builder bean that the mesh stands in front of. */
    private static boolean isOfTheMesh(AbstractInsnNode source) {
        String from = source instanceof Origins.Parameter parameter
                ? parameter.type().getDescriptor()
                : source instanceof FieldInsnNode field ? field.desc : "";
        return BUILDERS_OF_THE_MESH.contains(from);
    }

    private void made(AbstractInsnNode instruction, Rule rule, boolean isBean, boolean balanced) {
        Answer answer = isBean && ClassScan.has(method, NOT_MESHED) ? EXCLUDED : owner.answer(rule, isBean);
        Answer sender = senders.get(instruction);
        if (sender != null && (!isBean || sender.verdict() == Verdict.NOT_CARRIED)) {
            answer = answer.orWorse(sender);
        }
        made.put(instruction, answer);
        unit.flow().madeIn(type.name, rule.family(), answer);
        if (type.outerClass != null) {
            unit.flow().madeIn(type.outerClass, rule.family(), answer);
        }
        if (!(isBean && balanced)) {
            unit.add(unit.place(type, method.name, line(instruction), rule, answer));
        }
    }

    private void stores() {
        for (AbstractInsnNode instruction : method.instructions) {
            if (isStore(instruction)) {
                FieldInsnNode field = (FieldInsnNode) instruction;
                handsOut(new Member(field.owner, field.name), sources(top(instruction, 0)));
            }
        }
    }

    private void handsOut(Member member, Set<AbstractInsnNode> sources) {
        for (AbstractInsnNode source : sources) {
            Answer answer = made.get(source);
            Member from = member(source);
            if (answer != null) {
                unit.flow().handsOut(member, answer);
            } else if (from != null) {
                unit.flow().handsOut(member, from);
            }
        }
    }

    private static @Nullable Member member(AbstractInsnNode source) {
        if (source instanceof FieldInsnNode field) {
            return new Member(field.owner, field.name);
        }
        return source instanceof MethodInsnNode call ? new Member(call.owner, call.name + call.desc) : null;
    }

    private void used(AbstractInsnNode instruction, Rule rule, Set<AbstractInsnNode> beans, boolean balanced) {
        Set<AbstractInsnNode> sources = sources(receiver(instruction));
        Place place = unit.place(type, method.name, line(instruction), rule, owner.answer(rule, false));
        if (rule.use() == Use.BUILT) {
            boolean isBean = sources.stream().anyMatch(beans::contains);
            Answer sender = worst(sources);
            if (isBean && balanced) {
                return;
            }
            if (sender != null) {
                boolean helps = isBean && sender.verdict() != Verdict.NOT_CARRIED;
                unit.add(place.answered(helps ? rule.asBean() : sender));
                return;
            }
        }
        List<Answer> answers = new ArrayList<>();
        List<Member> members = new ArrayList<>();
        boolean byCaller = sources.isEmpty();
        for (AbstractInsnNode source : sources) {
            Answer answer = made.get(source);
            Member member = member(source);
            if (answer != null) {
                answers.add(answer);
            } else if (member != null) {
                members.add(member);
            } else {
                byCaller = true;
            }
        }
        unit.add(new UnresolvedCall(place, rule.family(), answers, members, byCaller));
    }

    /** Of what a builder that came from elsewhere is given to send with; null for nothing. */
    private @Nullable Answer worst(Set<AbstractInsnNode> builders) {
        Answer worst = null;
        for (AbstractInsnNode builder : builders) {
            Answer sender = hits.containsKey(builder) ? null : senders.get(builder);
            worst = worst == null || sender == null ? (sender == null ? worst : sender) : worst.orWorse(sender);
        }
        return worst;
    }

    /** Of methods that also read files and streams, those that read a URL. */
    private static boolean isMeant(MethodInsnNode call) {
        return !OtherClientRules.READERS.contains(call.owner.replace('/', '.')) || takesUrl(call);
    }

    /** Whether a URL is that of a resource or file. */
    private boolean isLocal(MethodInsnNode call) {
        if (!call.owner.equals("java/net/URL") && !takesUrl(call)) {
            return false;
        }
        if (call.getNext() instanceof TypeInsnNode cast && cast.desc.equals("java/net/JarURLConnection")) {
            return true;
        }
        frames = frames == null ? Origins.of(type, method) : frames;
        Set<AbstractInsnNode> sources = sources(subject(call));
        return !sources.isEmpty() && sources.stream().allMatch(this::givesLocalUrl);
    }

    private static boolean takesUrl(MethodInsnNode call) {
        return call.desc.startsWith("(Ljava/net/URL;") && call.getOpcode() == Opcodes.INVOKESTATIC;
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
        return instruction.getOpcode() == Opcodes.INVOKESTATIC ? null : subject(instruction);
    }

    /** The object that a method is called on, or the first argument of a static one. */
    private @Nullable SourceValue subject(AbstractInsnNode instruction) {
        if (!(instruction instanceof MethodInsnNode call)) {
            return null;
        }
        int arguments = Type.getArgumentCount(call.desc);
        return top(call, call.getOpcode() == Opcodes.INVOKESTATIC ? arguments - 1 : arguments);
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
