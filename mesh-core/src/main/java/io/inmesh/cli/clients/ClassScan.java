package io.inmesh.cli.clients;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.AnnotationNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;

/** Looks for clients in one class: what it declares, and then method by method. */
final class ClassScan {
    private static final Set<String> STEREOTYPES = Set.of(
            "org/springframework/stereotype/Component",
            "org/springframework/stereotype/Service",
            "org/springframework/stereotype/Repository",
            "org/springframework/stereotype/Controller",
            "org/springframework/context/annotation/Configuration");
    private static final Set<String> FACTORY_BEANS = Set.of(
            "org/springframework/beans/factory/FactoryBean",
            "org/springframework/beans/factory/SmartFactoryBean",
            "org/springframework/beans/factory/config/AbstractFactoryBean");
    private static final Set<String> FACTORY_METHODS = Set.of("getObject", "createInstance");

    private final UnitScan unit;
    private final ClassNode type;
    private final RuleIndex rules = RuleIndex.INSTANCE;
    private final Set<String> used = new HashSet<>();

    ClassScan(UnitScan unit, ClassNode type) {
        this.unit = unit;
        this.type = type;
    }

    void scan() {
        for (MethodNode method : type.methods) {
            for (AbstractInsnNode instruction : method.instructions) {
                if (instruction instanceof TypeInsnNode made) {
                    used.add(made.desc);
                } else if (instruction instanceof MethodInsnNode call) {
                    used.add(call.owner);
                }
            }
        }
        declarations();
        for (MethodNode method : type.methods) {
            new MethodScan(this, unit, type, method).scan();
        }
    }

    private void declarations() {
        declared(annotations(type.visibleAnnotations, type.invisibleAnnotations), "", 0);
        for (FieldNode field : type.fields) {
            declared(annotations(field.visibleAnnotations, field.invisibleAnnotations), field.name, 0);
        }
        for (MethodNode method : type.methods) {
            boolean open = (type.access & Opcodes.ACC_INTERFACE) != 0;
            declared(annotations(method), open ? "" : method.name, firstLine(method));
        }
        if (annotations(type.visibleAnnotations, null).stream().anyMatch(one -> STEREOTYPES.contains(name(one)))) {
            for (String above : unit.hierarchy().lineage(type.name)) {
                Rule rule = rules.component(above);
                if (rule != null) {
                    unit.add(unit.place(type, "", 0, rule, rule.asBean()));
                }
            }
        }
    }

    private void declared(List<AnnotationNode> annotations, String member, int line) {
        for (AnnotationNode annotation : annotations) {
            boolean inInterface = (type.access & Opcodes.ACC_INTERFACE) != 0;
            Rule rule = rules.annotation(name(annotation), given(annotation), inInterface);
            if (rule != null) {
                unit.add(unit.place(type, member, line, rule, rule.elsewhere()));
            }
        }
    }

    private static Set<String> given(AnnotationNode annotation) {
        Set<String> names = new HashSet<>();
        if (annotation.values != null) {
            for (int i = 0; i + 1 < annotation.values.size(); i += 2) {
                if (!"".equals(annotation.values.get(i + 1))) {
                    names.add((String) annotation.values.get(i));
                }
            }
        }
        return names;
    }

    /** Those of the method and of its parameters. */
    private static List<AnnotationNode> annotations(MethodNode method) {
        List<AnnotationNode> found = annotations(method.visibleAnnotations, method.invisibleAnnotations);
        for (List<AnnotationNode> @Nullable [] parameters : both(method)) {
            if (parameters != null) {
                for (List<AnnotationNode> parameter : parameters) {
                    found.addAll(annotations(parameter, null));
                }
            }
        }
        return found;
    }

    private static List<List<AnnotationNode> @Nullable []> both(MethodNode method) {
        List<List<AnnotationNode> @Nullable []> lists = new ArrayList<>();
        lists.add(method.visibleParameterAnnotations);
        lists.add(method.invisibleParameterAnnotations);
        return lists;
    }

    private static List<AnnotationNode> annotations(
            @Nullable List<AnnotationNode> visible, @Nullable List<AnnotationNode> invisible) {
        List<AnnotationNode> found = new ArrayList<>();
        if (visible != null) {
            found.addAll(visible);
        }
        if (invisible != null) {
            found.addAll(invisible);
        }
        return found;
    }

    private static String name(AnnotationNode annotation) {
        return Type.getType(annotation.desc).getInternalName();
    }

    static boolean has(MethodNode method, String annotation) {
        return annotations(method.visibleAnnotations, null).stream()
                .anyMatch(one -> name(one).equals(annotation));
    }

    static int firstLine(MethodNode method) {
        for (AbstractInsnNode instruction : method.instructions) {
            if (instruction instanceof LineNumberNode line) {
                return line.line;
            }
        }
        return 0;
    }

    /** Whether what the method returns becomes a bean. */
    boolean makesBean(MethodNode method) {
        return has(method, "org/springframework/context/annotation/Bean")
                || (FACTORY_METHODS.contains(method.name)
                        && unit.hierarchy().lineage(type.name).stream().anyMatch(FACTORY_BEANS::contains));
    }

    Answer answer(Rule rule, boolean bean) {
        Predicate<String> isUsed = name -> used.contains(name.replace('.', '/'));
        if (rule.beside().stream().anyMatch(isUsed)) {
            return rule.ifBeside();
        }
        return bean ? rule.asBean() : rule.elsewhere();
    }

    @Nullable
    Rule made(String owner) {
        for (String above : unit.hierarchy().lineage(owner)) {
            Rule rule = rules.made(above);
            if (rule != null) {
                return rule;
            }
        }
        return null;
    }

    @Nullable
    Rule method(String owner, String name, boolean isStatic) {
        return method(rules, owner, name, isStatic);
    }

    /** What a call gives a client or builder to send with, null where it does nothing of the kind. */
    @Nullable
    Rule sender(MethodInsnNode call) {
        return method(RuleIndex.SENDERS, call.owner, call.name, false);
    }

    private @Nullable Rule method(RuleIndex index, String owner, String name, boolean isStatic) {
        for (String above : unit.hierarchy().lineage(owner)) {
            Rule rule = index.knows(above) ? index.method(above, name, isStatic) : null;
            if (rule != null) {
                return rule;
            }
        }
        return null;
    }

    /** Whether values of the type may be clients or builders. */
    boolean isClient(Type value) {
        return value.getSort() == Type.OBJECT
                && unit.hierarchy().lineage(value.getInternalName()).stream().anyMatch(rules::knows);
    }
}
