package io.inmesh.internal.serviceentry;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known about names; never looks anything up. */
public interface DnsAnswers {
    /** All addresses of the last good answer, sorted; empty when there has been none. */
    List<String> addresses(String name);

    /** One address, the same for as long as the answers contain it; null when there has been none. */
    @Nullable
    String firstAddress(String name);

    /** Why the latest lookup failed; null when it did not. */
    @Nullable
    String failure(String name);

    /** What to do about {@link #failure}. */
    String fix(String name);
}
