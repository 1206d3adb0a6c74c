package io.inmesh.kubernetes.real;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** One step of a recorded case, done to a real server: objects to apply, with a kubelet's part of it. */
final class StepFile {
    private static final Map<String, String> KINDS =
            Map.of("pod", "Pod", "service", "Service", "endpointslice", "EndpointSlice");

    private final ClusterApi api;
    private final String namespace;

    StepFile(ClusterApi api, String namespace) {
        this.api = api;
        this.namespace = namespace;
    }

    void apply(Path file) {
        try {
            for (Object document : new Load(LoadSettings.builder().build()).loadAllFromString(Files.readString(file))) {
                apply(map(document));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void apply(Map<String, Object> document) {
        switch (String.valueOf(document.get("kind"))) {
            case "Delete" -> {
                String[] of = String.valueOf(document.get("of")).split("/", 2);
                int grace = document.get("grace") instanceof Integer seconds ? seconds : 0;
                api.delete(path(of[0], of[1]), grace);
            }
            case "Ready" -> {
                String pod = path("pod", String.valueOf(document.get("of")));
                String address = Objects.requireNonNull(
                        api.get(pod).getAsJsonObject("status").get("podIP").getAsString());
                boolean ready = "True".equals(document.get("value"));
                api.patch(pod + "/status", Map.of("status", PodStatus.running(address, ready)));
            }
            case "Pod" -> applyPod(document);
            default -> api.apply(document, namespace);
        }
    }

    private void applyPod(Map<String, Object> document) {
        Map<String, Object> pod = new LinkedHashMap<>(document);
        Map<String, Object> status = map(pod.remove("status"));
        api.apply(pod, namespace);
        if (!status.isEmpty()) {
            String phase = String.valueOf(status.getOrDefault("phase", "Running"));
            String address = String.valueOf(status.getOrDefault("ip", ""));
            boolean ready = "True".equals(status.get("ready"));
            String name = String.valueOf(map(pod.get("metadata")).get("name"));
            api.patch(path("pod", name) + "/status", Map.of("status", PodStatus.of(phase, address, ready)));
        }
    }

    private String path(String kind, String name) {
        String known = Objects.requireNonNull(KINDS.get(kind.toLowerCase(Locale.ROOT)), kind);
        return ClusterApi.path(known, namespace, name);
    }

    /** A mapping as it was written; empty for none. */
    static Map<String, Object> map(Object yaml) {
        Map<String, Object> map = new LinkedHashMap<>();
        Stream.ofNullable((Map<?, ?>) yaml).forEach(raw -> raw.forEach((key, value) -> map.put(key.toString(), value)));
        return map;
    }
}
