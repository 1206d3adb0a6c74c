package io.inmesh.kubernetes.internal.rules;

import io.inmesh.kubernetes.internal.reflect.ReflectorListener;
import io.inmesh.kubernetes.internal.reflect.ReflectorListener.Refusal;
import io.inmesh.kubernetes.internal.reflect.Reflectors.Running;
import io.inmesh.kubernetes.internal.reflect.Selection;
import io.inmesh.kubernetes.internal.resource.CustomResource;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import io.inmesh.kubernetes.internal.resource.ResourceType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One kind of rules in one namespace or in all, read in the newest version that the server has. Where it has none, all
 * versions go on being asked for, so that custom resource definitions are noticed when they are installed.
 *
 * <p>All under the lock of its owner.
 */
final class ScopeWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ScopeWatch.class);
    private static final int NEWEST = 0;
    private static final int NONE = -1;

    private final RuleResource kind;
    private final String namespace;
    private final List<ResourceType<CustomResource>> versions;
    private final Owner owner;

    /** Open watches by index of their version; more than one only while it is not known which version is there. */
    private final Map<Integer, Running> open = new LinkedHashMap<>();

    /** Versions that the server was found not to have since it last told anything. */
    private final Set<Integer> absent = new HashSet<>();

    /** The version whose objects are known, {@link #NONE} while the server has none. */
    private int inUse = NONE;

    private State state = State.WAITING;
    private String refusal = "";

    /** What a scope needs of who owns it. */
    interface Owner {
        /** Begins to watch. */
        Running start(Selection<CustomResource> selection, ReflectorListener<CustomResource> listener);

        /** Ends a watch soon, on another thread than its own. */
        void retire(Running watch);

        /** Where objects go. */
        RuleTable table();

        /** The server has told a whole state or refused to. Called without the lock. */
        void answered();

        /** Runs what has come from the server under the owner's lock, or drops it when the owner is closed. */
        void take(Runnable news);

        /** Something is different. */
        void changed();
    }

    /** What is known of the scope. */
    enum State {
        /** No answer yet. */
        WAITING,
        /** The objects are known. */
        SYNCED,
        /** The server does not let us read them. */
        FORBIDDEN,
        /** The server has no such resource in any version. */
        NOT_SERVED
    }

    /**
     * Makes a scope that is not watched yet.
     *
     * @param namespace empty for all
     */
    ScopeWatch(RuleResource kind, String namespace, Owner owner) {
        this.kind = kind;
        this.namespace = namespace;
        this.versions = kind.types();
        this.owner = owner;
    }

    void open() {
        open(NEWEST);
    }

    /** Ends all watches. */
    void retire() {
        List<Running> all = new ArrayList<>(open.values());
        open.clear();
        all.forEach(owner::retire);
    }

    State state() {
        return state;
    }

    String namespace() {
        return namespace;
    }

    /** What the server said when it refused, empty when it did not. */
    String refusal() {
        return refusal;
    }

    List<Running> watches() {
        return List.copyOf(open.values());
    }

    private void open(int version) {
        open.put(
                version,
                owner.start(new Selection<>(versions.get(version), namespace, "", ""), new VersionListener(version)));
    }

    private void close(int version) {
        Running watch = open.remove(version);
        if (watch != null) {
            owner.retire(watch);
        }
    }

    /** Hears of one version, on the thread of its watch. What comes after its watch was ended is dropped. */
    private final class VersionListener implements ReflectorListener<CustomResource> {
        private final int version;

        VersionListener(int version) {
            this.version = version;
        }

        @Override
        public void replaced(Collection<CustomResource> objects) {
            owner.answered();
            take(() -> told(version, objects));
        }

        @Override
        public void applied(CustomResource object) {
            take(() -> owner.table().applied(kind, object));
        }

        @Override
        public void deleted(ObjectKey key) {
            take(() -> owner.table().deleted(kind, key));
        }

        @Override
        public void refused(Refusal why) {
            owner.answered();
            take(() -> {
                switch (why.reason()) {
                    case FORBIDDEN -> refusedAs(State.FORBIDDEN, why.message());
                    case NOT_SERVED -> tryAnother(version, why.message());
                }
            });
        }

        private void take(Runnable news) {
            owner.take(() -> {
                if (open.containsKey(version)) {
                    news.run();
                    owner.changed();
                }
            });
        }
    }

    /** The server has this version, so that the others are not asked for any more. */
    private void told(int version, Collection<CustomResource> objects) {
        List.copyOf(open.keySet()).stream().filter(other -> other != version).forEach(this::close);
        absent.clear();
        boolean installed = state == State.NOT_SERVED;
        inUse = version;
        state = State.SYNCED;
        refusal = "";
        if (installed && version != NEWEST) {
            // Of versions that are installed together, an older one may have been found first.
            open(NEWEST);
        }
        owner.table().replaced(kind, namespace, objects);
    }

    private void tryAnother(int version, String message) {
        if (version == inUse) {
            inUse = NONE;
        }
        if (inUse != NONE) {
            close(version);
            return;
        }
        absent.add(version);
        int next = NEWEST;
        while (next < versions.size() && absent.contains(next)) {
            next++;
        }
        if (next == versions.size()) {
            refusedAs(State.NOT_SERVED, message);
            forgetTheRemembered();
        } else if (!open.containsKey(next)) {
            open(next);
        }
    }

    /** A server without the kind has none of its objects, whatever there was before this process. */
    private void forgetTheRemembered() {
        if (state != State.SYNCED) {
            owner.table().replaced(kind, namespace, List.of());
        }
    }

    /** What was known once stays known: the state is about the beginning, how it goes on is in the watches' status. */
    private void refusedAs(State refused, String message) {
        if (state == State.SYNCED) {
            LOG.warn(
                    "The API server does not tell {} any more, what is known stays in force: {}",
                    kind.qualifiedName(),
                    message);
        } else {
            state = refused;
            refusal = message;
        }
    }
}
