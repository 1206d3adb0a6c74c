package io.inmesh.servlet.internal.jwt;

import org.jspecify.annotations.Nullable;

/** Where the keys of an issuer come from. Thread-safe. */
interface KeySource {
    /** The keys in force; may wait for the first of them, for a bounded time. Null when there are none to be trusted. */
    @Nullable
    KeySet current();

    /**
     * Keys that are newer than those which a token did not fit, where it is time to ask for some; may wait for a bounded
     * time.
     *
     * @return null when there are none to be trusted
     */
    @Nullable
    KeySet newerThan(KeySet known);

    /** Keys that never change; null for none. */
    static KeySource fixed(@Nullable KeySet keys) {
        return new KeySource() {
            @Override
            public @Nullable KeySet current() {
                return keys;
            }

            @Override
            public @Nullable KeySet newerThan(KeySet known) {
                return keys;
            }
        };
    }
}
