package io.inmesh.config;

import java.util.function.Consumer;

/**
 * Supplies rules (SPI). Every update is the source's whole configuration, never a delta.
 *
 * <p>Threading: {@link #watch} is called once. The first update is delivered before it returns; later ones come from
 * any thread, one at a time, and must not block. A callback that throws does not end the watch: the next change is told.
 */
public interface ConfigSource extends AutoCloseable {
    /**
     * Starts telling.
     *
     * @return closes the watch; after it returns no callback starts
     */
    AutoCloseable watch(Consumer<ConfigUpdate> onUpdate);

    /**
     * Whether what it has told is what its back end says now: false while the back end is away or was never reached. Asked
     * on any thread whenever a status is wanted, so it neither waits nor looks anything up. By default true.
     */
    default boolean current() {
        return true;
    }

    /** Name for status and problems: a path, a class-path location, {@code application.yaml}. */
    String name();

    /**
     * Why there are no rules in what it said last, in a few words for the line at start, such as {@code the folder is
     * missing}. Only asked when there are none; empty when it cannot tell.
     */
    default String whyEmpty() {
        return "";
    }

    /**
     * Texts in which it found what it said last, for people who look for what has changed. Asked on any thread, so it neither
     * waits nor looks anything up. None unless a source has texts.
     */
    default SourceTexts texts() {
        return SourceTexts.NONE;
    }

    /** Releases files, threads and connections. */
    @Override
    void close();
}
