package io.inmesh.spring.boot;

import io.inmesh.config.ConfigSource;
import io.inmesh.config.ConfigUpdate;
import io.inmesh.config.RuleUser;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.model.Origin;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.core.io.support.ResourcePatternResolver;

/** The sources of rules that the properties name or hold: files, then Istio's text, then the short form. */
final class PropertyRules {
    private static final String RESOURCES = "mesh.resources";
    private static final String SERVICES = "mesh.services";

    private final MeshProperties properties;
    private final WorkloadIdentity self;
    private final ConfigReader reader;
    private Map<String, String> emptyPlaces = Map.of();
    private final PropertyPlaces places;

    /**
     * Makes the sources' description.
     *
     * @param user for whom rules are read in an application that is no gateway
     * @param places of the properties, for messages
     */
    PropertyRules(MeshProperties properties, WorkloadIdentity self, RuleUser user, PropertyPlaces places) {
        this.properties = properties;
        this.self = self;
        this.places = places;
        this.reader = properties.reader(self, user);
    }

    /**
     * Makes the sources; of two rules with the same name and namespace that of the first source wins.
     *
     * @throws MeshPropertiesException when a property makes no sense
     */
    List<ConfigSource> sources(ResourcePatternResolver resources) {
        PropertyProblems problems = new PropertyProblems(places);
        HttpCheck.check(properties.http(), problems);
        RuleLocations locations = new RuleLocations(resources, reader, problems);
        List<ConfigSource> sources = new ArrayList<>(locations.sources(properties.config()));
        emptyPlaces = locations.emptyPlaces();
        if (!properties.resources().isEmpty()) {
            sources.add(new TextConfigSource(RESOURCES, reader, texts()));
        }
        if (!properties.services().isEmpty()) {
            sources.add(new FixedConfigSource(
                    SERVICES,
                    new ConfigUpdate.Valid(
                            ShortForm.compile(properties.services(), self.namespace(), self.clusterDomain(), problems),
                            problems.warnings()),
                    ""));
        }
        if (!problems.errors().isEmpty()) {
            sources.forEach(ConfigSource::close);
            throw new MeshPropertiesException(problems.errors());
        }
        return sources;
    }

    /** Locations at which the sources made last have found nothing, with the reason. */
    Map<String, String> emptyPlaces() {
        return emptyPlaces;
    }

    /** Under names that tell the place; lines that are reported count from the beginning of the block. */
    private Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        properties.resources().forEach((name, text) -> {
            String path = PropertyName.entry(RESOURCES, name);
            Origin place = places.of(path);
            texts.put(place.equals(Origin.NONE) ? path : path + " (" + place + ")", text);
        });
        return texts;
    }
}
