package io.inmesh.cli.clients;

import java.util.List;

/**
 * A use of a client or builder that came from somewhere.
 *
 * @param place with the answer that holds when nothing is known of where it came from
 * @param family that of its rule
 * @param made answers of where it is made in the same method
 * @param fields where it was read from, {@code a/b/C.name}
 * @param byOwnMethod whether a method of the same class handed it out
 * @param byAnything whether it came in a way that says nothing: a parameter, somebody else's method
 */
record UnresolvedCall(
        Place place, String family, List<Answer> made, List<String> fields, boolean byOwnMethod, boolean byAnything) {}
