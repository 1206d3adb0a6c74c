package io.inmesh.cli.clients;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which clients the fields and methods of a unit hand out. Filled, then asked. */
final class ClientFlow {
    private final Hierarchy hierarchy;
    private final Map<Member, Answer> made = new HashMap<>();
    private final Map<Member, Set<Member>> from = new HashMap<>();
    private final Map<Member, Answer> madeInClasses = new HashMap<>();

    ClientFlow(Hierarchy hierarchy) {
        this.hierarchy = hierarchy;
    }

    /** @param type internal name of the class that makes a client of the family */
    void madeIn(String type, String family, Answer answer) {
        madeInClasses.merge(new Member(type, family), answer, Answer::orWorse);
    }

    void handsOut(Member member, Answer answer) {
        alsoOfThoseAbove(member).forEach(one -> made.merge(one, answer, Answer::orWorse));
    }

    void handsOut(Member member, Member source) {
        alsoOfThoseAbove(member)
                .forEach(
                        one -> from.computeIfAbsent(one, key -> new HashSet<>()).add(source));
    }

    /** A class above may be the one that declares the field, or that others call the method by. */
    private List<Member> alsoOfThoseAbove(Member member) {
        return hierarchy.lineage(member.owner()).stream()
                .filter(hierarchy::has)
                .map(above -> new Member(above, member.name()))
                .toList();
    }

    /** What is known of where the client of a call was made; empty for nothing. */
    List<Answer> answers(UnresolvedCall call) {
        List<Answer> answers = new ArrayList<>(call.made());
        boolean unclear = call.byCaller();
        for (Member member : call.members()) {
            int before = answers.size();
            collect(member, answers, new HashSet<>());
            if (answers.size() == before && member.name().contains("(")) {
                unclear = true;
                addIfKnown(madeInClasses.get(new Member(member.owner(), call.family())), answers);
            }
        }
        if (unclear && call.place().use() != Use.BUILT) {
            String type = call.place().type().replace('.', '/');
            addIfKnown(madeInClasses.get(new Member(type, call.family())), answers);
        }
        return answers;
    }

    private static void addIfKnown(@Nullable Answer answer, List<Answer> answers) {
        if (answer != null) {
            answers.add(answer);
        }
    }

    private void collect(Member member, List<Answer> answers, Set<Member> seen) {
        for (String above : hierarchy.lineage(member.owner())) {
            Member one = new Member(above, member.name());
            if (made.containsKey(one) || from.containsKey(one)) {
                addIfKnown(made.get(one), answers);
                for (Member source : from.getOrDefault(one, Set.of())) {
                    if (seen.add(source)) {
                        collect(source, answers, seen);
                    }
                }
                return;
            }
        }
    }
}
