package io.inmesh.spring.boot;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigReader;
import io.inmesh.config.ConfigSource;
import io.inmesh.config.ConfigUpdate;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.Origin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The rules that stand in the application's properties, in Istio's words or in the short form. They do not change. */
final class PropertiesConfigSource implements ConfigSource {
    private final ConfigUpdate update;

    private PropertiesConfigSource(ConfigUpdate update) {
        this.update = update;
    }

    /**
     * Reads and compiles.
     *
     * @param places of the properties, for messages
     */
    static PropertiesConfigSource of(
            MeshProperties properties, String namespace, ConfigReader reader, PropertyPlaces places) {
        List<ConfigObject> objects = new ArrayList<>();
        List<ConfigProblem> problems = new ArrayList<>();
        for (Map.Entry<String, String> resource : properties.resources().entrySet()) {
            String path = PropertyName.entry("mesh.resources", resource.getKey());
            ConfigReader.Result result = reader.read(sourceName(path, places), resource.getValue());
            objects.addAll(result.objects());
            problems.addAll(result.problems());
        }
        PropertyProblems shortForm = new PropertyProblems(places);
        MeshConfig config = ShortForm.compile(properties.services(), namespace, properties.clusterDomain(), shortForm);
        objects.addAll(config.serviceEntries());
        objects.addAll(config.destinationRules());
        objects.addAll(config.virtualServices());
        problems.addAll(shortForm.all());
        problems.sort(Comparator.comparing(ConfigProblem::severity));
        return new PropertiesConfigSource(
                problems.stream().anyMatch(ConfigProblem::isError)
                        ? new ConfigUpdate.Invalid(problems)
                        : new ConfigUpdate.Valid(ConfigReader.meshConfig(objects), problems));
    }

    /** Lines that are reported count from the beginning of the block. */
    private static String sourceName(String path, PropertyPlaces places) {
        Origin place = places.of(path);
        return place.equals(Origin.NONE) ? path : path + " (" + place + ")";
    }

    @Override
    public AutoCloseable watch(Consumer<ConfigUpdate> onUpdate) {
        onUpdate.accept(update);
        return () -> {};
    }

    @Override
    public String name() {
        return "application properties";
    }

    @Override
    public void close() {}
}
