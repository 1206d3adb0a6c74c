package io.inmesh.cli.clients;

/**
 * What is said of a place.
 *
 * @param advice goes on where the verdict ends: the condition, or what to do instead
 * @param byStarter whether it is Spring Boot's starter that carries the client
 */
record Answer(Verdict verdict, String advice, boolean byStarter) {
    static Answer not(String advice) {
        return new Answer(Verdict.NOT_CARRIED, advice, false);
    }

    static Answer carriedIf(String advice) {
        return new Answer(Verdict.CARRIED_IF, advice, false);
    }

    static Answer carried(String advice) {
        return new Answer(Verdict.CARRIED, advice, false);
    }

    static Answer byStarter(Verdict verdict, String advice) {
        return new Answer(verdict, advice, true);
    }

    /** The one with the worse verdict. */
    Answer orWorse(Answer other) {
        return other.verdict.compareTo(verdict) < 0 ? other : this;
    }
}
