package io.inmesh.internal.manifest;

import io.inmesh.model.ObjectMeta;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * A Kubernetes Secret that a file has, or that an object in a file makes. Nothing of its content is kept.
 *
 * @param madeBy kind of the object that makes it, such as cert-manager's {@code Certificate}; {@code Secret} for itself
 * @param meta without annotations, which may repeat the content; the origin is that of the object
 * @param type such as {@code kubernetes.io/tls}; empty for none
 * @param keys names of its entries
 * @param keysKnown false where the keys are not in the file, or are encrypted
 * @param certificate what {@code tls.crt}, or {@code cert} in its place, is
 * @param privateKey what {@code tls.key}, or {@code key} in its place, is
 */
public record SecretManifest(
        String madeBy,
        ObjectMeta meta,
        String type,
        Set<String> keys,
        boolean keysKnown,
        Content certificate,
        Content privateKey) {
    public SecretManifest {
        keys = Collections.unmodifiableSet(new TreeSet<>(keys));
    }

    /** What an entry looks like. */
    public enum Content {
        /** There is no such entry. */
        ABSENT,
        /** What it should be. */
        GOOD,
        /** Something else. */
        BAD,
        /** It cannot be told from the file: a placeholder, or encrypted. */
        UNKNOWN
    }
}
