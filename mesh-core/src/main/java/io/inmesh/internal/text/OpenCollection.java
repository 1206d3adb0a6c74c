package io.inmesh.internal.text;

import io.inmesh.internal.text.Tree.Entry;
import io.inmesh.internal.text.Tree.Kind;
import io.inmesh.internal.text.Tree.Mapping;
import io.inmesh.internal.text.Tree.Scalar;
import io.inmesh.internal.text.Tree.Sequence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.Anchor;

/** A collection whose end has not been seen. */
final class OpenCollection {
    final boolean mapping;
    final Optional<Anchor> anchor;
    final int line;
    final int column;
    final List<Tree> items = new ArrayList<>();
    final List<Entry> entries = new ArrayList<>();
    long nodesBefore;

    @Nullable
    Scalar key;

    boolean keyPlain;
    boolean keyMerges;

    /** A pair in a flow list, written without braces: {@code [key: value]}. */
    boolean isBarePair;

    boolean endsInColon;
    final List<Mapping> merged = new ArrayList<>();

    OpenCollection(boolean mapping, Optional<Anchor> anchor, int line, int column) {
        this.mapping = mapping;
        this.anchor = anchor;
        this.line = line;
        this.column = column;
    }

    private void addMerged() {
        if (merged.isEmpty()) {
            return;
        }
        Set<String> given = new HashSet<>();
        entries.forEach(entry -> given.add(entry.key()));
        for (Mapping other : merged) {
            for (Entry entry : other.entries()) {
                if (given.add(entry.key())) {
                    entries.add(entry);
                }
            }
        }
    }

    Tree textWithColon() {
        return new Scalar(Kind.STRING, entries.get(0).key() + ":", line, column);
    }

    Tree close(long nodesNow) {
        long size = nodesNow - nodesBefore;
        addMerged();
        return mapping ? new Mapping(entries, line, column, size) : new Sequence(items, line, column, size);
    }
}
