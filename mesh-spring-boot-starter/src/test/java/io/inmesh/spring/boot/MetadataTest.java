package io.inmesh.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What editors know about the properties. */
class MetadataTest {

    private static List<JsonNode> documents(String file) throws IOException {
        List<JsonNode> documents = new ArrayList<>();
        for (URL url : Collections.list(MetadataTest.class.getClassLoader().getResources("META-INF/" + file))) {
            try (InputStream in = url.openStream()) {
                documents.add(JsonMapper.shared().readTree(in));
            }
        }
        return documents;
    }

    private static Map<String, String> descriptions() throws IOException {
        Map<String, String> descriptions = new TreeMap<>();
        for (JsonNode document : documents("spring-configuration-metadata.json")) {
            for (JsonNode property : document.path("properties")) {
                descriptions.put(
                        property.path("name").asString(),
                        property.path("description").asString(""));
            }
        }
        return descriptions;
    }

    @Test
    void everyPropertyIsDescribed() throws IOException {
        Map<String, String> descriptions = descriptions();

        assertThat(names("mesh", PropertySchema.of(MeshProperties.class)))
                .hasSizeGreaterThan(10)
                .allSatisfy(name -> assertThat(descriptions.get(name))
                        .as(name)
                        .isNotBlank()
                        .endsWith(".")
                        .doesNotStartWith("The ")
                        .doesNotStartWith("A "));
    }

    @Test
    void theDocumentationNamesEveryProperty() throws IOException {
        String documentation = documentation("spring-boot.md") + documentation("observability.md");
        String ofKubernetes = documentation("kubernetes.md");

        assertThat(names("mesh", PropertySchema.of(MeshProperties.class)))
                .allSatisfy(name -> assertThat(name.startsWith("mesh.kubernetes.") ? ofKubernetes : documentation)
                        .contains("`" + name));
        assertThat(fields(PropertySchema.of(ServiceProperties.class)))
                .allSatisfy(name -> assertThat(documentation).containsPattern("`[^`\\n]*\\b" + name + "\\b"));
    }

    private static String documentation(String file) throws IOException {
        return Files.readString(Path.of("..", "docs", file));
    }

    @Test
    void hintsBelongToPropertiesThatExist() throws IOException {
        Map<String, String> descriptions = descriptions();
        List<String> hints = new ArrayList<>();
        for (JsonNode document : documents("additional-spring-configuration-metadata.json")) {
            document.path("hints").forEach(hint -> hints.add(hint.path("name").asString()));
        }

        assertThat(hints)
                .filteredOn(name -> name.startsWith("mesh."))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(descriptions).containsKey(name.replace(".keys", "")));
    }

    private static List<String> names(String prefix, PropertySchema.Fields fields) {
        List<String> names = new ArrayList<>();
        fields.fields().forEach((name, node) -> {
            if (node instanceof PropertySchema.Fields below) {
                names.addAll(names(prefix + "." + name, below));
            } else {
                names.add(prefix + "." + name);
            }
        });
        return names;
    }

    /** Names of the fields at every depth. */
    private static List<String> fields(PropertySchema node) {
        List<String> names = new ArrayList<>();
        if (node instanceof PropertySchema.Fields below) {
            below.fields().forEach((name, child) -> {
                names.add(name);
                names.addAll(fields(child));
            });
        } else if (node instanceof PropertySchema.Items items) {
            names.addAll(fields(items.element()));
        } else if (node instanceof PropertySchema.Keys keys) {
            names.addAll(fields(keys.value()));
        }
        return names;
    }
}
