package io.inmesh.okhttp;

import java.io.IOException;
import okhttp3.Request;
import okhttp3.Response;

/** Sends the request of one attempt, with the attempt's own settings; several times if it has to be. */
@FunctionalInterface
interface Sender {
    Response send(Request outgoing) throws IOException;
}
