package io.inmesh.cli.clients;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.ClassReader;

/** What the classes of a unit extend and implement; names are internal ones. Filled, then read. */
final class Hierarchy {
    private final Map<String, List<String>> above = new HashMap<>();

    void add(ClassReader type) {
        List<String> names = new ArrayList<>(List.of(type.getInterfaces()));
        if (type.getSuperName() != null) {
            names.add(0, type.getSuperName());
        }
        above.put(type.getClassName(), names);
    }

    /** Whether the class is one of the unit. */
    boolean has(String type) {
        return above.containsKey(type);
    }

    /** The class itself and all that is above it, the nearest first, as far as the unit goes. */
    List<String> lineage(String type) {
        if (!above.containsKey(type)) {
            return List.of(type);
        }
        List<String> found = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        Deque<String> next = new ArrayDeque<>(List.of(type));
        while (!next.isEmpty()) {
            String name = next.remove();
            if (seen.add(name)) {
                found.add(name);
                next.addAll(above.getOrDefault(name, List.of()));
            }
        }
        return found;
    }
}
