package io.inmesh.kubernetes.internal.reflect;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import io.inmesh.kubernetes.internal.api.ApiFailure;
import io.inmesh.kubernetes.internal.api.ApiRequest;
import io.inmesh.kubernetes.internal.api.ApiResponse;
import io.inmesh.kubernetes.internal.reflect.Requests.Freshness;
import io.inmesh.kubernetes.internal.resource.JsonStreams;
import io.inmesh.kubernetes.internal.resource.KubernetesObject;
import io.inmesh.kubernetes.internal.resource.ResourceReader;
import io.inmesh.kubernetes.internal.resource.UnreadableObjectException;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** Reads whole states, page by page. Reflector's thread only. */
final class Lister<T extends KubernetesObject> {
    private final Lifecycle lifecycle;
    private final Requests<T> requests;
    private final ResourceReader<T> objects;
    private final int pageSize;
    private final Consumer<UnreadableObjectException> onUnreadable;

    Lister(
            Lifecycle lifecycle,
            Requests<T> requests,
            ResourceReader<T> objects,
            int pageSize,
            Consumer<UnreadableObjectException> onUnreadable) {
        this.lifecycle = lifecycle;
        this.requests = requests;
        this.objects = objects;
        this.pageSize = pageSize;
        this.onUnreadable = onUnreadable;
    }

    /** Reads a whole state. */
    Listing<T> list(Freshness freshness) throws IOException {
        Listing<T> listing = new Listing<>();
        String next = page(requests.list(freshness, pageSize, ""), listing);
        Set<String> continued = new HashSet<>();
        try {
            while (!next.isEmpty()) {
                if (!continued.add(next)) {
                    throw new IOException(lifecycle.server()
                            + " never ends its list: it says again that it goes on where it went on before");
                }
                next = page(requests.list(freshness, pageSize, next), listing);
            }
            return listing;
        } catch (ApiFailure failure) {
            if (!failure.gone()) {
                throw failure;
            }
            // The pages took longer than the server keeps old states; one page cannot.
            Listing<T> whole = new Listing<>();
            page(requests.list(new Freshness.Newest(), 0, ""), whole);
            return whole;
        }
    }

    private String page(ApiRequest request, Listing<T> into) throws IOException {
        try (ApiResponse response = lifecycle.open(request);
                JsonParser json = JsonStreams.open(response.body().inputStream())) {
            return new ListReader<>(objects, into, onUnreadable).read(json);
        } catch (JsonParseException noJson) {
            throw new IOException(
                    lifecycle.server() + " does not answer as a Kubernetes API: its answer begins with no JSON; a page"
                            + " for a browser, such as a login page, comes from a wrong address or a proxy",
                    noJson);
        }
    }
}
