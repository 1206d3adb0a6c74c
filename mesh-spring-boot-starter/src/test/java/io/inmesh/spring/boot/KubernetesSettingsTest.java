package io.inmesh.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.kubernetes.KubernetesSettings;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.mock.env.MockEnvironment;

/** The properties {@code mesh.kubernetes.*} and {@code KubernetesSettings.builder()} are the same but for what the docs say. */
class KubernetesSettingsTest {
    /** Whether and which sources there are, and where the own identity is read from: other calls in plain Java. */
    private static final Set<String> NO_SETTINGS = Set.of("enabled", "rules", "podInfo");

    /** What Java code gives, and no text can. */
    private static final Set<String> NO_PROPERTIES = Set.of("client", "self");

    private static final Map<String, String> OTHER_NAMES = Map.of("source", "endpoints");
    private static final Set<String> TOGETHER = Set.of("minBackoff", "maxBackoff");

    @Test
    void aSettingForEachPropertyAndAPropertyForEachSetting() {
        Set<String> asSettings = names(KubernetesProperties.class).stream()
                .filter(name -> !NO_SETTINGS.contains(name))
                .map(name -> OTHER_NAMES.getOrDefault(name, name))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> settings = names(KubernetesSettings.class);
        settings.removeAll(NO_PROPERTIES);

        assertThat(settings).isEqualTo(asSettings);
    }

    @Test
    void theBuilderSetsEachSetting() {
        Set<String> set = Arrays.stream(KubernetesSettings.Builder.class.getMethods())
                .filter(method -> method.getReturnType() == KubernetesSettings.Builder.class)
                .map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> settings = names(KubernetesSettings.class);
        settings.removeAll(TOGETHER);
        settings.add("backoff");

        assertThat(set).isEqualTo(settings);
    }

    @Test
    void theDefaultsAreTheSame() {
        KubernetesProperties properties =
                Binder.get(new MockEnvironment()).bindOrCreate("mesh.kubernetes", KubernetesProperties.class);
        Map<String, String> ofProperties = values(properties, KubernetesProperties.class);
        ofProperties.keySet().removeAll(NO_SETTINGS);
        ofProperties.put("endpoints", ofProperties.remove("source"));
        Map<String, String> ofSettings = values(KubernetesSettings.builder().build(), KubernetesSettings.class);
        ofSettings.keySet().removeAll(NO_PROPERTIES);

        assertThat(ofSettings).isEqualTo(ofProperties);
    }

    @Test
    void theDocsHaveARowForEachPropertyAndNameWhatDiffers() throws IOException {
        String docs = Files.readString(Path.of("../docs/kubernetes.md"));
        Set<String> rows = new TreeSet<>();
        Matcher row = Pattern.compile("^\\| `mesh\\.kubernetes\\.([a-z-]+)` \\|", Pattern.MULTILINE)
                .matcher(docs);
        while (row.find()) {
            rows.add(row.group(1));
        }
        String without = docs.substring(docs.indexOf("Without Spring Boot, `KubernetesSettings.builder()`"));
        String paragraph = without.substring(0, without.indexOf("\n\n"));

        assertThat(rows)
                .isEqualTo(names(KubernetesProperties.class).stream()
                        .map(KubernetesSettingsTest::dashed)
                        .collect(Collectors.toCollection(TreeSet::new)));
        Set<String> differing = new TreeSet<>(NO_SETTINGS);
        differing.addAll(TOGETHER);
        differing.addAll(OTHER_NAMES.keySet());
        differing.addAll(NO_PROPERTIES);
        assertThat(differing).allSatisfy(name -> assertThat(paragraph).contains("`" + dashed(name) + "`"));
    }

    private static String dashed(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
    }

    private static Set<String> names(Class<? extends Record> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Map<String, String> values(Record values, Class<? extends Record> type) {
        Map<String, String> byName = new TreeMap<>();
        for (RecordComponent component : type.getRecordComponents()) {
            try {
                byName.put(
                        component.getName(),
                        String.valueOf(component.getAccessor().invoke(values)));
            } catch (ReflectiveOperationException broken) {
                throw new AssertionError(broken);
            }
        }
        return byName;
    }
}
