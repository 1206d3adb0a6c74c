package io.inmesh;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.inmesh.call.Attempt;
import io.inmesh.call.SimpleRequestHead;
import io.inmesh.endpoint.ServiceEndpoints.State;
import io.inmesh.model.HttpDirectResponse;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A public record of more than five parts has a builder, and its copy has every part. */
class RecordBuildersTest {
    /** Made from a URL, and of an attempt, which nobody copies. */
    private static final Set<Class<?>> OTHERWISE = Set.of(SimpleRequestHead.class, Attempt.class);

    private static final List<Class<?>> WIDE = read();

    private static List<Class<?>> read() {
        return new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages(
                                "io.inmesh.model",
                                "io.inmesh.endpoint",
                                "io.inmesh.config",
                                "io.inmesh.call",
                                "io.inmesh.explain",
                                "io.inmesh.observe")
                        .stream()
                        .filter(type -> type.isRecord() && type.getModifiers().contains(JavaModifier.PUBLIC))
                        .<Class<?>>map(JavaClass::reflect)
                        .filter(type -> type.getRecordComponents().length > 5 && !OTHERWISE.contains(type))
                        .toList();
    }

    static Stream<Class<?>> wideRecords() {
        return WIDE.stream();
    }

    @Test
    void someAreWide() {
        assertThat(wideRecords()).hasSizeGreaterThan(10);
    }

    @ParameterizedTest
    @MethodSource("wideRecords")
    void aCopyHasEveryPart(Class<?> type) throws ReflectiveOperationException {
        Object value = sample(type);

        Object builder = type.getMethod("toBuilder").invoke(value);

        assertThat(type.getMethods()).extracting(Method::getName).contains("builder");
        assertThat(builder.getClass().getMethod("build").invoke(builder)).isEqualTo(value);
    }

    /** A value of a type in which nothing is at its default. */
    private static Object sample(Type type) throws ReflectiveOperationException {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            return generic.getRawType() == List.class
                    ? List.of(sample(arguments[0]))
                    : Map.of(sample(arguments[0]), sample(arguments[1]));
        }
        Class<?> raw = (Class<?>) type;
        if (raw.isSealed()) {
            return sample(raw.getPermittedSubclasses()[0]);
        }
        if (raw.isRecord()) {
            List<Class<?>> types = new ArrayList<>();
            List<Object> values = new ArrayList<>();
            for (RecordComponent component : raw.getRecordComponents()) {
                types.add(component.getType());
                values.add(sample(component.getGenericType()));
            }
            return raw.getDeclaredConstructor(types.toArray(Class<?>[]::new)).newInstance(values.toArray());
        }
        if (raw == State.class) {
            // The one state that goes with a target.
            return State.ALIAS;
        }
        if (raw.isEnum()) {
            return raw.getEnumConstants()[raw.getEnumConstants().length - 1];
        }
        Map<Class<?>, Object> simple = Map.ofEntries(
                Map.entry(String.class, "some.name"),
                Map.entry(int.class, 7),
                // Some are statuses of HTTP.
                Map.entry(Integer.class, 407),
                Map.entry(Long.class, 7L),
                Map.entry(Double.class, 7.0),
                Map.entry(boolean.class, true),
                Map.entry(Boolean.class, true),
                Map.entry(Duration.class, Duration.ofSeconds(7)),
                Map.entry(Instant.class, Instant.ofEpochSecond(7)),
                Map.entry(HttpDirectResponse.class, new HttpDirectResponse(200, new byte[] {7})));
        assertThat(simple).as("a value of " + raw).containsKey(raw);
        return simple.get(raw);
    }
}
