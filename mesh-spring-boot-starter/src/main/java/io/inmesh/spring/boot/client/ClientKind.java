package io.inmesh.spring.boot.client;

/** One kind of HTTP client, and how the mesh gets in front of it. Its class is loaded where the application has the kind. */
interface ClientKind {
    /** Whether an object is of this kind. */
    boolean is(Object client);

    /** Puts the mesh in front of a client of this kind, once. */
    Meshed mesh(Object client);

    /** Keeps the agent away from a client of this kind; gives the one to use from now on. */
    default Object leaveAlone(Object client) {
        AgentHook.leaveAlone(client);
        return client;
    }
}
