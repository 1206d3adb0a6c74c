package io.inmesh.cli.clients;

import java.util.List;

/**
 * One row of {@link ClientRules}.
 *
 * @param kind as it is printed; what stands before "by" is the family: a call is answered as the makings of its family
 *     are
 * @param marks what gives a place away in byte code, see {@link ClientRules}
 * @param asBean of what a bean method returns
 * @param elsewhere of everything else
 * @param beside what a class also uses when {@code ifBeside} is the answer for its clients of this kind
 */
record Rule(
        String kind,
        Use use,
        List<String> marks,
        Answer asBean,
        Answer elsewhere,
        List<String> beside,
        Answer ifBeside) {
    static Rule of(Use use, String kind, Answer answer, String... marks) {
        return new Rule(kind, use, List.of(marks), answer, answer, List.of(), answer);
    }

    Rule inBean(Answer answer) {
        return new Rule(kind, use, marks, answer, elsewhere, beside, ifBeside);
    }

    Rule beside(Answer answer, String... classes) {
        return new Rule(kind, use, marks, asBean, elsewhere, List.of(classes), answer);
    }

    String family() {
        int end = kind.indexOf(" by ");
        return end < 0 ? kind : kind.substring(0, end);
    }
}
