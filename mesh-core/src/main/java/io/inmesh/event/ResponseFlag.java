package io.inmesh.event;

/** Why a call ended otherwise than by the server's answer (Envoy: response flags, HTTP part). */
public enum ResponseFlag {
    /** No healthy host. */
    UH(503, "no healthy upstream"),
    /** Could not connect. */
    UF(503, "upstream connection failure"),
    /** A limit is reached. */
    UO(503, "upstream overflow"),
    /** No route matched. */
    NR(404, "no route matched"),
    /** All attempts failed. */
    URX(503, "upstream retry limit exceeded"),
    /** The route names a destination or subset that is not known. */
    NC(503, "no such cluster"),
    /** The route's timeout has passed. */
    UT(504, "upstream request timeout"),
    /** The server closed the connection. */
    UC(503, "upstream connection termination"),
    /** The server reset the stream. */
    UR(503, "upstream remote reset"),
    /** The caller gave up: it cancelled, or its client's own timeout has passed. */
    DC(0, "downstream connection termination"),
    /** A delay was injected; stands beside other flags, or beside none. */
    DI(0, "delay injected"),
    /** An abort was injected. */
    FI(0, "fault injected"),
    /** The name could not be resolved. */
    DF(503, "DNS resolution failed"),
    /** More requests came in than a limit lets pass. */
    RL(429, "rate limited"),
    /** A policy does not let the request in. */
    UAEX(403, "refused by a policy"),
    /** The request breaks the protocol, or can be read in more than one way. */
    DPE(400, "downstream protocol error"),
    /** Nothing came or went for too long. */
    SI(504, "stream idle timeout"),
    /** The server breaks the protocol. */
    UPE(502, "upstream protocol error"),
    /** Whatever stands between client and server failed by itself. */
    LR(503, "connection local reset"),
    /** There is more at work here than can be carried. */
    OM(503, "overload"),
    /** A rule asks for something that InMesh does not execute and that is not safe to send the call without. */
    UNEXECUTED(503, "not sent, because a rule asks for what is not executed"),
    /** The host is unknown and only known hosts may be called. */
    BLOCKED(502, "blocked by REGISTRY_ONLY");

    private final int status;
    private final String text;

    ResponseFlag(int status, String text) {
        this.status = status;
        this.text = text;
    }

    /** The status that a sidecar would answer, 0 where the flag does not decide it. */
    public int status() {
        return status;
    }

    /** One phrase for people. */
    public String text() {
        return text;
    }
}
