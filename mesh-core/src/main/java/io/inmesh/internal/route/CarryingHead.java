package io.inmesh.internal.route;

import io.inmesh.call.HeaderField;
import io.inmesh.call.RequestHead;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A request with headers that it carries for somebody else: rules see both.
 *
 * @param request as the caller made it
 * @param carried of names that it does not have; not empty
 */
public record CarryingHead(RequestHead request, List<HeaderField> carried) implements RequestHead {

    /** The request itself where it carries nothing: its own headers come first, name by name. */
    public static RequestHead of(RequestHead request, List<HeaderField> headers) {
        if (headers.isEmpty()) {
            return request;
        }
        List<HeaderField> carried = new ArrayList<>(headers.size());
        for (HeaderField header : headers) {
            if (!has(request, header.name())) {
                carried.add(header);
            }
        }
        return carried.isEmpty() ? request : new CarryingHead(request, carried);
    }

    /** Whether a request has a header of that name, in any case. */
    public static boolean has(RequestHead request, String name) {
        for (int i = 0; i < request.headerCount(); i++) {
            if (request.headerName(i).equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String method() {
        return request.method();
    }

    @Override
    public String scheme() {
        return request.scheme();
    }

    @Override
    public String authority() {
        return request.authority();
    }

    @Override
    public int port() {
        return request.port();
    }

    @Override
    public String pathAndQuery() {
        return request.pathAndQuery();
    }

    @Override
    public String protocol() {
        return request.protocol();
    }

    @Override
    public String callerAddress() {
        return request.callerAddress();
    }

    @Override
    public Map<String, Object> claims() {
        return request.claims();
    }

    @Override
    public int headerCount() {
        return request.headerCount() + carried.size();
    }

    @Override
    public String headerName(int index) {
        int own = request.headerCount();
        return index < own
                ? request.headerName(index)
                : carried.get(index - own).name();
    }

    @Override
    public String headerValue(int index) {
        int own = request.headerCount();
        return index < own
                ? request.headerValue(index)
                : carried.get(index - own).value();
    }
}
