package io.inmesh.cli.clients;

import java.util.List;

/**
 * A use of a client or builder that came from somewhere.
 *
 * @param place with the answer that holds when nothing is known of where it came from
 * @param family that of its rule
 * @param made answers of where it is made in the same method
 * @param members fields that it was read from, methods that handed it out
 * @param byCaller whether it is a parameter, or came in another way that says nothing
 */
record UnresolvedCall(Place place, String family, List<Answer> made, List<Member> members, boolean byCaller) {}
