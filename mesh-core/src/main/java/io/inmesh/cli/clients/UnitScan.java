package io.inmesh.cli.clients;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;

/** Looks for clients in the classes of a unit. One use, one thread. */
final class UnitScan {
    /** The newest class files that the library reads, and the Java that makes them. */
    private static final int NEWEST = Opcodes.V27 & 0xFFFF;

    private static final int FIRST_JAVA = 44;
    private static final int MAGIC = 0xCAFEBABE;

    private final ClassUnit unit;
    private final Hierarchy hierarchy = new Hierarchy();
    private final List<Place> places = new ArrayList<>();
    private final List<UnresolvedCall> calls = new ArrayList<>();
    private final ClientFlow flow = new ClientFlow(hierarchy);

    private UnitScan(ClassUnit unit) {
        this.unit = unit;
    }

    /** @param problems gets a line for each class file that cannot be read; the others are looked at */
    static List<Place> of(ClassUnit unit, List<String> problems) {
        UnitScan scan = new UnitScan(unit);
        scan.brought();
        List<ClassFile> readable = new ArrayList<>();
        for (ClassFile file : unit.classes()) {
            String problem = problemOf(file.bytes());
            if (problem == null) {
                problem = scan.guarded(() -> scan.hierarchy.add(new ClassReader(file.bytes())));
            }
            if (problem == null) {
                readable.add(file);
            } else {
                problems.add(file.location() + ": " + problem);
            }
        }
        for (ClassFile file : readable) {
            String problem = scan.guarded(() -> scan.scan(file));
            if (problem != null) {
                problems.add(file.location() + ": " + problem);
            }
        }
        scan.calls.forEach(scan::resolve);
        return scan.once();
    }

    private static @Nullable String problemOf(byte[] bytes) {
        if (bytes.length < 8 || (at(bytes, 0) << 16 | at(bytes, 2)) != MAGIC) {
            return "broken class file: it does not begin as one; build it again";
        }
        int version = at(bytes, 6);
        return version <= NEWEST
                ? null
                : "class file of version " + version + " (Java " + (version - FIRST_JAVA)
                        + "); this command reads up to "
                        + NEWEST + " (Java " + (NEWEST - FIRST_JAVA) + "): compile with --release "
                        + (NEWEST - FIRST_JAVA) + " or take a newer InMesh";
    }

    private static int at(byte[] bytes, int index) {
        return (bytes[index] & 0xFF) << 8 | bytes[index + 1] & 0xFF;
    }

    /** The library throws whatever it stumbles over. */
    private @Nullable String guarded(Runnable reading) {
        try {
            reading.run();
            return null;
        } catch (RuntimeException e) {
            return "broken class file (" + e + "); build it again";
        }
    }

    private void brought() {
        for (String jar : unit.brought()) {
            Rule rule = RuleIndex.INSTANCE.brought(jar);
            if (rule != null) {
                add(new Place(unit.archive(), false, jar, "", 0, rule.kind(), rule.use(), rule.elsewhere()));
            }
        }
    }

    private void scan(ClassFile file) {
        ClassNode type = new ClassNode();
        new ClassReader(file.bytes()).accept(type, ClassReader.SKIP_FRAMES);
        String name = type.name.replace('/', '.');
        if (!ClientPackages.have(name)) {
            new ClassScan(this, type).scan();
        }
    }

    Hierarchy hierarchy() {
        return hierarchy;
    }

    Place place(ClassNode type, String method, int line, Rule rule, Answer answer) {
        String name = type.name.replace('/', '.');
        int called = InlinedLines.called(line, type.sourceDebug);
        return new Place(unit.archive(), unit.library(), name, method, called, rule.kind(), rule.use(), answer);
    }

    void add(Place place) {
        places.add(place);
    }

    void add(UnresolvedCall call) {
        calls.add(call);
    }

    ClientFlow flow() {
        return flow;
    }

    private void resolve(UnresolvedCall call) {
        List<Answer> answers = flow.answers(call);
        if (answers.isEmpty()) {
            places.add(call.place());
        } else if (call.place().use() != Use.BUILT) {
            // Where a builder is made in the unit, that place is told of already.
            places.add(call.place()
                    .answered(answers.stream().reduce(Answer::orWorse).get()));
        }
    }

    /** Of places of one kind in one line the worst, or the first. */
    private List<Place> once() {
        Map<List<Object>, Place> found = new LinkedHashMap<>();
        for (Place place : places) {
            Object where = place.line() > 0 ? place.line() : place.method();
            found.merge(
                    List.of(place.kind(), place.type(), where),
                    place,
                    (one, other) -> one.answer().orWorse(other.answer()) == one.answer() ? one : other);
        }
        return List.copyOf(found.values());
    }
}
