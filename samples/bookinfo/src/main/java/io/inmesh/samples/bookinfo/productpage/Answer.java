package io.inmesh.samples.bookinfo.productpage;

import org.jspecify.annotations.Nullable;

/**
 * What a service answered, or what to say instead.
 *
 * @param status 200 with a body, else the service's status, or 500 where it did not answer
 * @param instance who answered, as it called itself; empty when nobody did
 * @param calls notes of the calls that the service made, as it sent them; null when it sent none
 * @param apology what to tell the reader; empty when there is a body
 */
record Answer<T>(
        int status,
        @Nullable T body,
        String instance,
        @Nullable String calls,
        String apology) {

    static <T> Answer<T> failed(int status, String instance, @Nullable String calls, String apology) {
        return new Answer<>(status, null, instance, calls, apology);
    }

    boolean ok() {
        return body != null;
    }
}
