package io.inmesh.config.source;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigSource;
import io.inmesh.config.ConfigUpdate;
import io.inmesh.config.SourceTexts;
import io.inmesh.model.Origin;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Rules given as texts in code or properties. Every {@link #update} is told to the watcher on the calling thread.
 *
 * <p>Thread-safe.
 */
public final class TextConfigSource implements ConfigSource {
    private final String name;
    private final ConfigReader reader;
    private final boolean found;
    private final ReentrantLock lock = new ReentrantLock();
    private final HeldRules held = new HeldRules();
    private ConfigUpdate latest;
    private volatile SourceTexts kept = SourceTexts.NONE;
    private @Nullable Consumer<ConfigUpdate> watcher;

    /**
     * Makes a source.
     *
     * @param name for status and problems
     * @param texts YAML by its name, which stands in the place of a file name; later ones are newer
     */
    public TextConfigSource(String name, ConfigReader reader, Map<String, String> texts) {
        this(name, reader, texts, false);
    }

    private TextConfigSource(String name, ConfigReader reader, Map<String, String> texts, boolean found) {
        this.name = name;
        this.reader = reader;
        this.found = found;
        latest = read(texts);
    }

    /** A source with one text, read as {@link ConfigReader#sensible} says. */
    public static TextConfigSource of(String name, String yamlText) {
        return new TextConfigSource(name, ConfigReader.sensible(), Map.of(name, yamlText));
    }

    /**
     * A source with the files of a folder, none of which is named by itself: as in a folder that {@link FileConfigSource}
     * watches, hidden files are left out, and what other tools keep there is skipped with a note.
     *
     * @param texts YAML by file name, paths allowed
     */
    public static TextConfigSource ofFolder(String name, ConfigReader reader, Map<String, String> texts) {
        return new TextConfigSource(name, reader, texts, true);
    }

    /**
     * Replaces all texts; one that is left out takes its rules with it. A text that had rules and in which there is nothing
     * now, not even a comment, is an error: whoever reads a file while it is written may get just that.
     */
    public void update(Map<String, String> texts) {
        lock.lock();
        try {
            ConfigUpdate update = read(texts);
            latest = update;
            if (watcher != null) {
                watcher.accept(update);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public AutoCloseable watch(Consumer<ConfigUpdate> onUpdate) {
        lock.lock();
        try {
            watcher = onUpdate;
            onUpdate.accept(latest);
        } finally {
            lock.unlock();
        }
        return this::close;
    }

    @Override
    public SourceTexts texts() {
        return kept;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            watcher = null;
        } finally {
            lock.unlock();
        }
    }

    private ConfigUpdate read(Map<String, String> texts) {
        RuleTexts rules = new RuleTexts();
        new LinkedHashMap<>(texts).forEach((textName, text) -> {
            if (!found) {
                rules.add(textName, text, reader.read(textName, text), 0);
                if (text.isBlank()) {
                    rules.add(new ConfigProblem(
                            ConfigProblem.Severity.WARNING,
                            new Origin(textName, 0, 0),
                            "",
                            "this is empty, so there are no rules in it",
                            "write rules there, or take it out"));
                }
            } else if (FoundFiles.isRuleFile(textName.substring(textName.lastIndexOf('/') + 1))) {
                rules.add(textName, text, FoundFiles.read(reader, textName, text), 0);
            }
        });
        held.emptied(rules.texts(), name -> "leave the text out or a comment in it")
                .forEach(rules::add);
        if (!rules.leavesOut()) {
            held.take(rules.texts());
        }
        kept = kept.with(rules.written(), !rules.leavesOut());
        return rules.update();
    }
}
