package io.inmesh.cli.clients;

import java.util.Locale;

/** What a place does with a client. */
enum Use {
    /** An object comes into being: {@code new}, a static method, a builder of its own. */
    MADE,
    /** A builder that came from elsewhere is finished. */
    BUILT,
    /** A method of a client sends something. */
    CALLED,
    /** An annotation asks a framework for a client. */
    DECLARED,
    /** A library among those of the application makes clients by what its configuration says. */
    BROUGHT;

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
