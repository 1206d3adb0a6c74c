package io.inmesh.spring.boot.gateway;

/** Whether a port asks its clients for certificates. */
public enum ClientCertificates {
    /** It does not. */
    NONE,
    /** It does, and goes on without; one that is not trusted ends the connection. */
    ASKED,
    /** It does, and ends the connection without. */
    NEEDED
}
