package io.inmesh.kubernetes.internal.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonToken;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.kubernetes.internal.map.EndpointContext;
import io.inmesh.kubernetes.internal.map.ServiceMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** Whatever a server sends, reading ends, throws nothing but IOException, and what is read can be mapped. */
@Tag("one-jdk")
class ReadersFuzzTest {
    private static final String GOOD = "{\"metadata\":{\"name\":\"good\"}}";
    /** More than a tree may have, less than Gson's own writer stands. */
    private static final int DEEP = 200;

    private static final List<ResourceType<? extends KubernetesObject>> TYPES = List.of(
            Resources.ENDPOINT_SLICES,
            Resources.SERVICES,
            Resources.ENDPOINTS,
            Resources.PODS,
            Resources.POD_METADATA,
            Resources.NODES,
            Resources.WORKLOAD_ENTRIES,
            Resources.customResource("VirtualService"),
            Resources.customResource("DestinationRule"),
            Resources.customResource("AuthorizationPolicy"));

    private static final List<String> RECORDED = recorded();

    private static List<String> recorded() {
        List<String> objects = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of("src/test/resources/conformance-kubernetes"))) {
            for (Path file : files.filter(one -> one.toString().endsWith(".objects.json"))
                    .sorted()
                    .toList()) {
                JsonObject lists =
                        JsonParser.parseString(Files.readString(file)).getAsJsonObject();
                lists.asMap()
                        .values()
                        .forEach(list -> list.getAsJsonArray().forEach(object -> objects.add(object.toString())));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        objects.add("""
                {"apiVersion":"networking.istio.io/v1","kind":"VirtualService","metadata":{"name":"r","namespace":"n",
                 "labels":{"a":"b"},"annotations":{"c":"d"},"creationTimestamp":"2026-11-23T14:42:57Z"},
                 "spec":{"hosts":["a"],"http":[{"match":[{"uri":{"prefix":"/"}}],"route":[{"destination":{"host":"a",
                 "subset":"v1","port":{"number":80}},"weight":10}],"timeout":"1s","retries":{"attempts":3}}]}}""");
        objects.add("""
                {"apiVersion":"networking.istio.io/v1","kind":"WorkloadEntry","metadata":{"name":"w","namespace":"n"},
                 "spec":{"address":"10.0.0.1","ports":{"http":80},"labels":{"a":"b"},"locality":"r/z","weight":3},
                 "status":{"conditions":[{"type":"Healthy","status":"True"}]}}""");
        return objects;
    }

    @Provide
    Arbitrary<String> recordedObjects() {
        return Arbitraries.of(RECORDED);
    }

    @Provide
    Arbitrary<ResourceType<? extends KubernetesObject>> types() {
        return Arbitraries.of(TYPES);
    }

    /** What is whole as JSON never disturbs the object behind it, whatever it is. */
    @Property(tries = 3000)
    void survivesWrongContent(
            @ForAll("recordedObjects") String object,
            @ForAll("types") ResourceType<? extends KubernetesObject> type,
            @ForAll long seed)
            throws IOException {
        Random random = new Random(seed);
        JsonElement mutated = JsonParser.parseString(object);
        int mutations = 1 + random.nextInt(4);
        for (int i = 0; i < mutations; i++) {
            mutated = mutate(mutated, random, 0);
        }
        com.fasterxml.jackson.core.JsonParser json = JsonStreams.open("[" + mutated + "," + GOOD + "]");
        json.nextToken();
        try {
            use(type.reader().read(json));
        } catch (UnreadableObjectException e) {
            assertThat(e.getMessage()).isNotEmpty().hasSizeLessThan(2000);
        }
        json.nextToken();
        assertThat(type.reader().read(json).key().name()).isEqualTo("good");
        assertThat(json.nextToken()).isEqualTo(JsonToken.END_ARRAY);
    }

    /** The kind that fits is read most of the way. */
    @Property(tries = 3000)
    void survivesWrongContentOfTheRightKind(@ForAll("recordedObjects") String object, @ForAll long seed)
            throws IOException {
        String kind =
                JsonParser.parseString(object).getAsJsonObject().get("kind").getAsString();
        ResourceType<? extends KubernetesObject> type = TYPES.stream()
                .filter(one -> one.kind().equals(kind))
                .findFirst()
                .orElseThrow();

        survivesWrongContent(object, type, seed);
    }

    @Property(tries = 3000)
    void survivesBrokenText(
            @ForAll("recordedObjects") String object,
            @ForAll("types") ResourceType<? extends KubernetesObject> type,
            @ForAll long seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder(object);
        int edits = 1 + random.nextInt(4);
        for (int i = 0; i < edits && text.length() > 0; i++) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(4)) {
                case 0 -> text.setLength(at);
                case 1 -> text.setCharAt(at, (char) random.nextInt(0x10000));
                case 2 -> text.insert(at, "{}[]\",:\\u0x1e9-.".charAt(random.nextInt(16)));
                default -> text.deleteCharAt(at);
            }
        }
        readAll(type, text.toString());
    }

    @Property(tries = 2000)
    void survivesAnyText(@ForAll String text, @ForAll("types") ResourceType<? extends KubernetesObject> type) {
        readAll(type, text);
    }

    /** Reads object after object until the text ends or breaks; an endless loop would not end. */
    private static void readAll(ResourceType<? extends KubernetesObject> type, String text) {
        try (com.fasterxml.jackson.core.JsonParser json = JsonStreams.open("[" + text + "]")) {
            while (json.nextToken() != JsonToken.END_ARRAY) {
                try {
                    use(type.reader().read(json));
                } catch (UnreadableObjectException e) {
                    assertThat(e.getMessage()).isNotEmpty();
                }
            }
        } catch (IOException e) {
            assertThat(e).isNotInstanceOf(UnreadableObjectException.class);
        }
    }

    private static void use(KubernetesObject object) {
        assertThat(object.key().name()).isNotEmpty();
        EndpointContext around = EndpointContext.of(WorkloadIdentity.DEFAULT);
        if (object instanceof Service service) {
            ServiceMapper.map(service, List.of(), around);
        } else if (object instanceof EndpointSlice slice) {
            ServiceMapper.map(serviceOf(slice.key().namespace(), slice.service()), List.of(slice), around);
        } else if (object instanceof Endpoints endpoints) {
            ServiceMapper.map(
                    serviceOf(endpoints.key().namespace(), endpoints.key().name()), endpoints, around);
        } else if (object instanceof CustomResource resource) {
            ConfigReader.strict().readTree("fuzz", resource.tree());
        }
    }

    private static Service serviceOf(String namespace, String name) {
        return new Service(
                new Metadata(new ObjectKey(namespace, name), "", "", Map.of(), Map.of(), null, null),
                "ClusterIP",
                List.of(),
                List.of(),
                List.of(new Service.Port("http", 80, 8080, "", "TCP", "")),
                Map.of(),
                "",
                "",
                "");
    }

    /** The same tree with something else at one random place. */
    private static JsonElement mutate(JsonElement tree, Random random, int depth) {
        if (depth > 0 && random.nextInt(6) == 0) {
            return value(random);
        }
        if (tree.isJsonObject() && !tree.getAsJsonObject().isEmpty()) {
            JsonObject object = tree.getAsJsonObject();
            List<String> keys = List.copyOf(object.keySet());
            String key = keys.get(random.nextInt(keys.size()));
            switch (random.nextInt(8)) {
                case 0 -> object.remove(key);
                case 1 -> object.add("unknown" + random.nextInt(10), value(random));
                default -> object.add(key, mutate(object.get(key), random, depth + 1));
            }
            return object;
        }
        if (tree.isJsonArray() && !tree.getAsJsonArray().isEmpty()) {
            JsonArray array = tree.getAsJsonArray();
            int at = random.nextInt(array.size());
            switch (random.nextInt(6)) {
                case 0 -> array.remove(at);
                case 1 -> array.add(array.get(at).deepCopy());
                default -> array.set(at, mutate(array.get(at), random, depth + 1));
            }
            return array;
        }
        return value(random);
    }

    private static JsonElement value(Random random) {
        return switch (random.nextInt(12)) {
            case 0 -> JsonNull.INSTANCE;
            case 1 -> new JsonPrimitive(random.nextBoolean());
            case 2 -> new JsonPrimitive(random.nextInt());
            case 3 -> new JsonPrimitive(random.nextInt(70_000) - 1_000);
            case 4 -> new JsonPrimitive(random.nextGaussian() * 1e30);
            case 5 -> new JsonPrimitive(new BigDecimal("1e-999999"));
            case 6 -> new JsonPrimitive("");
            case 7 -> new JsonPrimitive("x".repeat(random.nextInt(100) == 0 ? 3_000_000 : 300));
            case 8 -> new JsonPrimitive("127.0.0.1");
            case 9 -> new JsonObject();
            case 10 -> new JsonArray();
            default -> deep(random.nextInt(20) == 0 ? DEEP : 3);
        };
    }

    private static JsonElement deep(int depth) {
        JsonElement inner = new JsonArray();
        for (int i = 0; i < depth; i++) {
            JsonArray outer = new JsonArray();
            outer.add(inner);
            inner = outer;
        }
        return inner;
    }
}
