package io.inmesh.call;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Read-only view of a request. Access by index keeps matching free of allocation. Instances are used by one thread.
 */
public interface RequestHead {
    /** As sent, case kept. */
    String method();

    /** {@code http} or {@code https}. */
    String scheme();

    /** Host as the caller wrote it, with the port when the caller wrote one; never empty. */
    String authority();

    /** Port that is called: that of the authority, else the scheme's default. */
    int port();

    /** Raw path with query, starting with {@code /}, neither decoded nor normalised. */
    String pathAndQuery();

    /** Protocol in which the caller sent it, as rules name it; that of a client in this process has no version of its own. */
    default String protocol() {
        return "HTTP/1.1";
    }

    /** Address of the caller, without a port; by default that of a caller in this process. Empty when not known. */
    default String callerAddress() {
        return "127.0.0.1";
    }

    /**
     * Claims of the caller's token, by name, which have been found to be true; empty without such a token. Values are what
     * JSON has: texts, numbers, booleans, lists and maps. A claim that holds names with spaces between is given as a list
     * where rules are to find one of the names. Read at gateways only.
     */
    default Map<String, Object> claims() {
        return Map.of();
    }

    /** Number of header lines, without {@code Host}. */
    int headerCount();

    /** Name of a line, in any case. */
    String headerName(int index);

    /** Value of a line. */
    String headerValue(int index);

    /** All header lines, as a new list, which the caller may change. */
    default List<HeaderField> headerFields() {
        List<HeaderField> headers = new ArrayList<>(headerCount() + 4);
        for (int i = 0; i < headerCount(); i++) {
            headers.add(new HeaderField(headerName(i), headerValue(i)));
        }
        return headers;
    }
}
