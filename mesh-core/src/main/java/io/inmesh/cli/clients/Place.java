package io.inmesh.cli.clients;

import java.util.Comparator;

/**
 * A place where a client is made or called.
 *
 * @param archive where its class is from
 * @param type binary name of the class, or file name of the library for {@link Use#BROUGHT}
 * @param method name in byte code; empty where a declaration stands outside of methods
 * @param line 1 or more; 0 where byte code has none, as for what has no code
 */
record Place(
        String archive, boolean library, String type, String method, int line, String kind, Use use, Answer answer) {
    /** The worst first, then as in a reader's files. */
    static final Comparator<Place> ORDER = Comparator.comparing(
                    (Place place) -> place.answer().verdict())
            .thenComparing(Place::library)
            .thenComparing(Place::archive)
            .thenComparing(Place::type)
            .thenComparingInt(Place::line)
            .thenComparing(Place::kind)
            .thenComparing(Place::use)
            .thenComparing(Place::method);

    Place answered(Answer other) {
        return new Place(archive, library, type, method, line, kind, use, other);
    }

    /** {@code com.acme.Orders:12}. */
    String text() {
        return line > 0 ? type + ":" + line : type;
    }
}
