package io.inmesh.spring.boot.client;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Objects, compared by identity and held weakly. Thread-safe. */
final class ObjectSet {
    private final Set<Object> members = ConcurrentHashMap.newKeySet();
    private final ReferenceQueue<Object> collected = new ReferenceQueue<>();

    void add(Object object) {
        for (Reference<?> gone = collected.poll(); gone != null; gone = collected.poll()) {
            members.remove(gone);
        }
        members.add(new Member(object, collected));
    }

    boolean contains(Object object) {
        return !members.isEmpty() && members.contains(new Sought(object));
    }

    private static final class Member extends WeakReference<Object> {
        private final int hash;

        Member(Object object, ReferenceQueue<Object> collected) {
            super(object, collected);
            this.hash = System.identityHashCode(object);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            Object object = get();
            return this == other || (object != null && other instanceof Member member && member.refersTo(object));
        }
    }

    private record Sought(Object object) {
        @Override
        public int hashCode() {
            return System.identityHashCode(object);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Member member && member.refersTo(object);
        }
    }
}
