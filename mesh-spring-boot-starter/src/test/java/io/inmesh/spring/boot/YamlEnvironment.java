package io.inmesh.spring.boot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

/** Environments as Spring Boot makes them from text, without what this machine has. */
final class YamlEnvironment {
    private final ConfigurableEnvironment environment = new StandardEnvironment();

    private YamlEnvironment() {
        List.copyOf(environment.getPropertySources().stream().toList())
                .forEach(source -> environment.getPropertySources().remove(source.getName()));
    }

    static YamlEnvironment empty() {
        return new YamlEnvironment();
    }

    static YamlEnvironment of(String yaml) {
        return empty().yaml("application.yaml", yaml);
    }

    /** Added below what is there. */
    YamlEnvironment yaml(String file, String yaml) {
        ByteArrayResource resource = new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)) {
            @Override
            public String getFilename() {
                return file;
            }
        };
        try {
            for (PropertySource<?> source : new YamlPropertySourceLoader().load(file, resource)) {
                environment.getPropertySources().addLast(source);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Added on top. */
    YamlEnvironment variables(String... namesAndValues) {
        Map<String, Object> map = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        environment
                .getPropertySources()
                .addFirst(new SystemEnvironmentPropertySource(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, map));
        return this;
    }

    /** Added on top. */
    YamlEnvironment properties(Map<String, Object> properties) {
        environment
                .getPropertySources()
                .addFirst(
                        new MapPropertySource(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME, properties));
        return this;
    }

    ConfigurableEnvironment environment() {
        return environment;
    }

    MeshProperties bind() {
        return Binder.get(environment).bindOrCreate("mesh", MeshProperties.class);
    }
}
