package io.inmesh.kubernetes.internal.map;

import com.fasterxml.jackson.core.JsonToken;
import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.inmesh.config.UnsupportedFields;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.kubernetes.internal.resource.CustomResource;
import io.inmesh.kubernetes.internal.resource.EndpointSlice;
import io.inmesh.kubernetes.internal.resource.Endpoints;
import io.inmesh.kubernetes.internal.resource.JsonStreams;
import io.inmesh.kubernetes.internal.resource.KubernetesObject;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import io.inmesh.kubernetes.internal.resource.Pod;
import io.inmesh.kubernetes.internal.resource.ResourceType;
import io.inmesh.kubernetes.internal.resource.Resources;
import io.inmesh.kubernetes.internal.resource.Service;
import io.inmesh.kubernetes.internal.resource.WorkloadEntry;
import io.inmesh.model.DestinationRule;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.ServiceEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * What a real server had after one step, and what a real istiod made of it. Objects go through the readers of the watch.
 *
 * @param name {@code CASE/step-N}
 */
public record RecordedStep(
        String name,
        List<Service> services,
        List<EndpointSlice> slices,
        List<Endpoints> endpoints,
        List<Pod> pods,
        List<WorkloadEntry> workloadEntries,
        List<DestinationRule> destinationRules,
        List<ServiceEntry> serviceEntries,
        Map<String, RecordedCluster> expected) {

    /** A cluster as istiod told it; {@code type} is Envoy's. */
    public record RecordedCluster(String type, String protocol, List<String> endpoints) {}

    /** All steps of all cases in a folder. */
    public static List<RecordedStep> all(Path folder) {
        try (Stream<Path> cases = Files.list(folder)) {
            return cases.filter(Files::isDirectory)
                    .sorted()
                    .flatMap(path -> steps(path).stream())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Nullable
    Endpoints endpointsOf(Service service) {
        return endpoints.stream()
                .filter(one -> one.key().equals(service.key()))
                .findFirst()
                .orElse(null);
    }

    /** Those that a slice names as belonging to the service. */
    List<EndpointSlice> slicesOf(Service service) {
        return slices.stream()
                .filter(slice -> slice.service().equals(service.key().name())
                        && slice.key().namespace().equals(service.key().namespace()))
                .toList();
    }

    Map<ObjectKey, Pod> podsByKey() {
        Map<ObjectKey, Pod> byKey = new LinkedHashMap<>();
        pods.forEach(pod -> byKey.put(pod.key(), pod));
        return byKey;
    }

    private static List<RecordedStep> steps(Path folder) {
        String namespace = folder.getFileName().toString();
        Map<String, JsonObject> applied = new LinkedHashMap<>();
        List<RecordedStep> steps = new ArrayList<>();
        for (int i = 1; Files.exists(folder.resolve("step-" + i + ".yaml")); i++) {
            String step = "step-" + i;
            apply(text(folder.resolve(step + ".yaml")), namespace, applied);
            JsonObject objects = json(folder.resolve(step + ".objects.json"));
            MeshConfig config = config(namespace, applied, objects);
            steps.add(new RecordedStep(
                    namespace + "/" + step,
                    list(Resources.SERVICES, objects.getAsJsonArray("services")),
                    list(Resources.ENDPOINT_SLICES, objects.getAsJsonArray("endpointslices")),
                    list(Resources.ENDPOINTS, objects.getAsJsonArray("endpoints")),
                    list(Resources.PODS, objects.getAsJsonArray("pods")),
                    list(Resources.WORKLOAD_ENTRIES, ofKind("WorkloadEntry", applied, objects)),
                    config.destinationRules(),
                    config.serviceEntries(),
                    expected(json(folder.resolve(step + ".expected.json")))));
        }
        return steps;
    }

    /** Istio's own objects, which are recorded as they were applied and not as the server had them. */
    private static void apply(String yaml, String namespace, Map<String, JsonObject> applied) {
        Gson gson = new Gson();
        for (Object document : new Load(LoadSettings.builder().build()).loadAllFromString(yaml)) {
            JsonObject object = gson.toJsonTree(document).getAsJsonObject();
            String kind = object.get("kind").getAsString();
            if (kind.equals("Delete")) {
                applied.remove(object.get("of").getAsString().toLowerCase(Locale.ROOT));
            } else if (object.has("apiVersion")
                    && object.get("apiVersion").getAsString().contains("istio.io/")) {
                JsonObject metadata = object.getAsJsonObject("metadata");
                if (!metadata.has("namespace")) {
                    metadata.addProperty("namespace", namespace);
                }
                String name = metadata.get("name").getAsString();
                applied.put(kind.toLowerCase(Locale.ROOT) + "/" + name, object);
            }
        }
    }

    private static JsonArray ofKind(String kind, Map<String, JsonObject> applied, JsonObject objects) {
        JsonArray all = new JsonArray();
        applied.values().stream()
                .filter(object -> object.get("kind").getAsString().equals(kind))
                .forEach(all::add);
        for (String list : objects.keySet()) {
            for (JsonElement element : objects.getAsJsonArray(list)) {
                JsonElement found = element.getAsJsonObject().get("kind");
                String name = element.getAsJsonObject()
                        .getAsJsonObject("metadata")
                        .get("name")
                        .getAsString();
                if (found != null
                        && found.getAsString().equals(kind)
                        && !applied.containsKey(kind.toLowerCase(Locale.ROOT) + "/" + name)) {
                    all.add(element);
                }
            }
        }
        return all;
    }

    private static MeshConfig config(String namespace, Map<String, JsonObject> applied, JsonObject objects) {
        List<io.inmesh.model.ConfigObject> read = new ArrayList<>();
        ConfigReader reader = ConfigReader.sensible().withUnsupported(UnsupportedFields.WARN);
        for (String kind : List.of("DestinationRule", "ServiceEntry")) {
            ResourceType<CustomResource> type = Resources.customResource(kind);
            for (CustomResource rule : list(type, ofKind(kind, applied, objects))) {
                ConfigReader.Result result = reader.readTree(kind + "/" + namespace + "/" + rule.key(), rule.tree());
                if (result.hasErrors()) {
                    throw new IllegalArgumentException(String.valueOf(result.problems()));
                }
                read.addAll(result.objects());
            }
        }
        return MeshConfig.of(read);
    }

    private static <T extends KubernetesObject> List<T> list(ResourceType<T> type, @Nullable JsonArray array) {
        List<T> objects = new ArrayList<>();
        try (com.fasterxml.jackson.core.JsonParser json = JsonStreams.open(array == null ? "[]" : array.toString())) {
            while (json.nextToken() != JsonToken.END_ARRAY) {
                objects.add(type.reader().read(json));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return objects;
    }

    private static Map<String, RecordedCluster> expected(JsonObject json) {
        Map<String, RecordedCluster> clusters = new TreeMap<>();
        json.asMap().forEach((name, value) -> {
            JsonObject cluster = value.getAsJsonObject();
            List<String> endpoints = new ArrayList<>();
            for (JsonElement endpoint : cluster.getAsJsonArray("endpoints")) {
                endpoints.add(row(endpoint.getAsJsonObject()));
            }
            endpoints.sort(Comparator.naturalOrder());
            clusters.put(
                    name,
                    new RecordedCluster(
                            cluster.get("type").getAsString(),
                            cluster.get("protocol").getAsString(),
                            List.copyOf(endpoints)));
        });
        return clusters;
    }

    /** Everything but the priority, which comes with the traffic policy. */
    private static String row(JsonObject endpoint) {
        JsonElement locality = endpoint.get("locality");
        JsonElement weight = endpoint.get("weight");
        JsonElement health = endpoint.get("health");
        return ClusterTable.row(
                endpoint.get("address").getAsString(),
                endpoint.get("port").getAsInt(),
                locality == null ? "" : locality.getAsString(),
                weight == null ? 1 : weight.getAsInt(),
                health == null ? "HEALTHY" : health.getAsString());
    }

    private static JsonObject json(Path file) {
        return JsonParser.parseString(text(file)).getAsJsonObject();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
