package io.inmesh.call;

/**
 * What one attempt has carried so far: counted by its transport, read by those who observe the call. The engine makes one for
 * each attempt of a call that somebody observes. Any thread may read; one thread at a time writes.
 */
public final class AttemptTraffic {
    private volatile String protocol = "";
    private volatile long requestBytes;
    private volatile long responseBytes;

    /** Nothing was carried. */
    public AttemptTraffic() {}

    /** The protocol of the answer as a log names it, such as {@code HTTP/1.1} or {@code HTTP/2}; empty as long as it is not known. */
    public String protocol() {
        return protocol;
    }

    /** The transport knows the protocol. */
    public void protocol(String newProtocol) {
        protocol = newProtocol;
    }

    /** Bytes of the request's body that were sent; 0 as long as it was not sent as a whole. */
    public long requestBytes() {
        return requestBytes;
    }

    /** The transport has sent the request's body. */
    public void requestBytes(long bytes) {
        requestBytes = bytes;
    }

    /**
     * Bytes of the response's body that have come, known when it has ended; before decompression, but for a body that failed
     * in a transport that decompresses.
     */
    public long responseBytes() {
        return responseBytes;
    }

    /** The transport has received so much of the response's body in all. */
    public void responseBytes(long bytes) {
        responseBytes = bytes;
    }
}
