package io.inmesh.spring.boot;

import io.inmesh.Mesh;
import io.inmesh.explain.Explanation;
import io.inmesh.spring.boot.actuate.MeshActuatorAutoConfiguration;
import io.inmesh.spring.boot.client.MeshHttpClientAutoConfiguration;
import io.inmesh.spring.boot.four.MeshBootFourAutoConfiguration;
import java.util.Map;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** An application with everything that the starter configures. */
abstract class MeshContextFixture {
    final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MeshAutoConfiguration.class,
                    MeshHttpClientAutoConfiguration.class,
                    MeshBootFourAutoConfiguration.class,
                    MeshActuatorAutoConfiguration.class,
                    HttpClientAutoConfiguration.class,
                    ImperativeHttpClientAutoConfiguration.class,
                    ReactiveHttpClientAutoConfiguration.class,
                    EndpointAutoConfiguration.class));

    static Explanation explain(Mesh mesh, String url) {
        return mesh.explain("GET", url, Map.of());
    }
}
