package io.inmesh.kubernetes.real;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The sample's manifests and Istio's rule files, as a user would apply them to the namespace {@code default}. */
final class Bookinfo {
    static final String NAMESPACE = "default";
    static final List<String> SERVICES = List.of("productpage", "details", "reviews", "ratings");

    private static final Path MANIFESTS = Path.of(KubernetesCluster.property("bookinfo.manifests"));
    private static final Path ORIGINALS = Path.of(KubernetesCluster.property("bookinfo.originals"));
    private static final Path OWN = MANIFESTS.resolveSibling("rules-library");

    private Bookinfo() {}

    /** {@code kubectl apply} of manifests of the sample. */
    static void deploy(KubernetesCluster cluster, String... files) {
        List<String> command = new ArrayList<>(List.of("apply"));
        for (String file : files) {
            command.addAll(List.of("-f", MANIFESTS.resolve(file).toString()));
        }
        cluster.kubectl(command.toArray(String[]::new));
    }

    /** A manifest's text. */
    static String manifest(String file) {
        try {
            return Files.readString(MANIFESTS.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code kubectl apply} of a rule file: Istio's own where it is, else the sample's for the same. */
    static void rule(KubernetesCluster cluster, String file) {
        boolean original = Files.exists(ORIGINALS.resolve(file));
        if (!original) {
            System.out.println("Istio's own " + file + " is not at " + ORIGINALS + "; using the sample's.");
        }
        cluster.kubectl(
                "apply",
                "-n",
                NAMESPACE,
                "-f",
                (original ? ORIGINALS : OWN).resolve(file).toString());
    }

    /** Full name of one of its services. */
    static String host(String service) {
        return service + "." + NAMESPACE + ".svc.cluster.local";
    }

    /** Ready addresses of a service as the API server has them in slices, in order: the truth. */
    static List<String> readyAddresses(ClusterApi api, String service) {
        String path = ClusterApi.path("EndpointSlice", NAMESPACE, "");
        List<String> addresses = new ArrayList<>();
        for (JsonElement slice : api.get(path + "?labelSelector=kubernetes.io/service-name=" + service)
                .getAsJsonArray("items")) {
            JsonElement endpoints = slice.getAsJsonObject().get("endpoints");
            if (endpoints != null && endpoints.isJsonArray()) {
                for (JsonElement endpoint : endpoints.getAsJsonArray()) {
                    if (ready(endpoint.getAsJsonObject())) {
                        addresses.add(endpoint.getAsJsonObject()
                                .getAsJsonArray("addresses")
                                .get(0)
                                .getAsString());
                    }
                }
            }
        }
        return addresses.stream().sorted().toList();
    }

    private static boolean ready(JsonObject endpoint) {
        return Stream.of(endpoint.getAsJsonObject("conditions"))
                .allMatch(conditions -> conditions.get("ready").getAsBoolean());
    }
}
