package io.inmesh.kubernetes.real;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.inmesh.kubernetes.internal.api.ClusterConfiguration;
import io.kubernetes.client.openapi.ApiClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** The API of a cluster as plain JSON, for what tests write and for the truth that they compare with. Thread-safe. */
final class ClusterApi {
    private static final Gson GSON = new Gson();

    /** Where objects of a kind are. */
    private static final Map<String, String> COLLECTIONS = Map.ofEntries(
            Map.entry("Namespace", "/api/v1/namespaces"),
            Map.entry("Node", "/api/v1/nodes"),
            Map.entry("Service", "/api/v1/namespaces/{namespace}/services"),
            Map.entry("Pod", "/api/v1/namespaces/{namespace}/pods"),
            Map.entry("Endpoints", "/api/v1/namespaces/{namespace}/endpoints"),
            Map.entry("EndpointSlice", "/apis/discovery.k8s.io/v1/namespaces/{namespace}/endpointslices"),
            Map.entry("ServiceEntry", "/apis/networking.istio.io/v1/namespaces/{namespace}/serviceentries"),
            Map.entry("WorkloadEntry", "/apis/networking.istio.io/v1/namespaces/{namespace}/workloadentries"),
            Map.entry("VirtualService", "/apis/networking.istio.io/v1/namespaces/{namespace}/virtualservices"),
            Map.entry("DestinationRule", "/apis/networking.istio.io/v1/namespaces/{namespace}/destinationrules"));

    private final OkHttpClient http;
    private final String server;

    /** The API server said no. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final int status;

        Refused(int status, String message) {
            super(status + ": " + message);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    private ClusterApi(OkHttpClient http, String server) {
        this.http = http;
        this.server = server;
    }

    static ClusterApi of(Path kubeconfig) {
        try {
            ApiClient client = ClusterConfiguration.ofProcess(kubeconfig, null).call();
            return new ClusterApi(client.getHttpClient(), client.getBasePath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Path of an object, or of the collection for an empty name. */
    static String path(String kind, String namespace, String name) {
        String collection = COLLECTIONS.get(kind);
        if (collection == null) {
            throw new IllegalArgumentException("no path known for " + kind);
        }
        return collection.replace("{namespace}", namespace) + (name.isEmpty() ? "" : "/" + name);
    }

    JsonObject get(String path) {
        return send("GET", path, "application/json", null);
    }

    /** The objects of a collection. */
    JsonArray list(String kind, String namespace) {
        return get(path(kind, namespace, "")).getAsJsonArray("items");
    }

    /** Creates the object, or makes it what is given. */
    JsonObject apply(Map<String, ?> object, String namespace) {
        String kind = String.valueOf(object.get("kind"));
        String name = String.valueOf(((Map<?, ?>) object.get("metadata")).get("name"));
        String path = path(kind, namespace, name) + "?fieldManager=test&force=true";
        return send("PATCH", path, "application/apply-patch+yaml", object);
    }

    /** Changes parts of an object, or of its status: a merge patch. */
    JsonObject patch(String path, Map<String, ?> change) {
        return send("PATCH", path, "application/merge-patch+json", change);
    }

    JsonObject post(String path, Map<String, ?> object) {
        return send("POST", path, "application/json", object);
    }

    void delete(String path, int graceSeconds) {
        send("DELETE", path + "?gracePeriodSeconds=" + graceSeconds, "application/json", null);
    }

    private JsonObject send(String method, String path, String type, Object body) {
        RequestBody content = body == null ? null : RequestBody.create(GSON.toJson(body), MediaType.get(type));
        Request request = new Request.Builder()
                .url(server + path)
                .header("Accept", "application/json")
                .method(method, content)
                .build();
        try (Response response = http.newCall(request).execute()) {
            String text = response.body().string();
            if (!response.isSuccessful()) {
                throw new Refused(response.code(), method + " " + path + ": " + text);
            }
            return JsonParser.parseString(text).getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
