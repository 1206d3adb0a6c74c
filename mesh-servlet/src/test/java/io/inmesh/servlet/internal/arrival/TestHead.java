package io.inmesh.servlet.internal.arrival;

import io.inmesh.call.HeaderField;
import io.inmesh.call.RequestHead;
import java.util.List;

/** A request head as a value, with all that one from outside has. */
public record TestHead(
        String method, String authority, String pathAndQuery, String callerAddress, List<HeaderField> headers)
        implements RequestHead {
    public TestHead {
        headers = List.copyOf(headers);
    }

    @Override
    public String scheme() {
        return "http";
    }

    @Override
    public int port() {
        return 80;
    }

    @Override
    public int headerCount() {
        return headers.size();
    }

    @Override
    public String headerName(int index) {
        return headers.get(index).name();
    }

    @Override
    public String headerValue(int index) {
        return headers.get(index).value();
    }
}
