package io.inmesh.spring.boot.client;

/** One kind of HTTP client, and how the mesh gets in front of it. Its class is loaded where the application has the kind. */
interface ClientKind {
    /** Whether an object is of this kind. */
    boolean is(Object client);

    /** Puts the mesh in front of a client of this kind, once. */
    Meshed mesh(Object client);

    /**
     * Lets a client of this kind go its own way: what it was built from may be meshed, and the agent has to keep away from
     * it. The load balancer that it came with decides again, too.
     */
    Meshed leaveAlone(Object client);
}
