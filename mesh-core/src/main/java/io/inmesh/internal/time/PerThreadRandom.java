package io.inmesh.internal.time;

import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/** The machine's randomness: each thread draws from its own generator, so that callers never wait for each other. */
public final class PerThreadRandom implements RandomGenerator {
    /** The only instance needed. */
    public static final RandomGenerator INSTANCE = new PerThreadRandom();

    private PerThreadRandom() {}

    @Override
    public long nextLong() {
        return ThreadLocalRandom.current().nextLong();
    }

    @Override
    public int nextInt() {
        return ThreadLocalRandom.current().nextInt();
    }

    @Override
    public int nextInt(int bound) {
        return ThreadLocalRandom.current().nextInt(bound);
    }

    @Override
    public long nextLong(long bound) {
        return ThreadLocalRandom.current().nextLong(bound);
    }
}
