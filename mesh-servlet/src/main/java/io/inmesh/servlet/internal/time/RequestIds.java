package io.inmesh.servlet.internal.time;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/** Ids for requests that come without one: random UUIDs, which need not be hard to guess. */
public final class RequestIds {
    /** Thread-safe. */
    public static final Supplier<String> RANDOM = RequestIds::draw;

    private static final long VERSION_MASK = 0xffff_ffff_ffff_0fffL;
    private static final long VERSION_4 = 0x4000L;
    private static final long VARIANT_MASK = 0x3fff_ffff_ffff_ffffL;
    private static final long VARIANT = 0x8000_0000_0000_0000L;

    private RequestIds() {}

    private static String draw() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return new UUID(random.nextLong() & VERSION_MASK | VERSION_4, random.nextLong() & VARIANT_MASK | VARIANT)
                .toString();
    }
}
