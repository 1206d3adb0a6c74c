package io.inmesh.spring.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/** Spring Boot 3 answers 400 where a parameter is left out that does not bear Spring's own annotation. */
class MeshEndpointParametersTest {

    @Test
    @SuppressWarnings("deprecation")
    void whatMayBeLeftOutSaysSoForSpringBoot3Too() {
        assertThat(MeshEndpoint.class.getMethods())
                .filteredOn(method -> method.isAnnotationPresent(ReadOperation.class))
                .flatExtracting(method -> List.of(method.getParameters()))
                .filteredOn(parameter -> !parameter.isAnnotationPresent(Selector.class))
                .isNotEmpty()
                .allMatch(parameter -> parameter.isAnnotationPresent(org.springframework.lang.Nullable.class));
    }
}
