package io.inmesh.spring.boot;

import io.inmesh.config.ConfigSource;
import io.inmesh.config.source.FileConfigSource;
import io.inmesh.testing.ConfigSourceContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FixedConfigSourceContractTest extends ConfigSourceContract {
    @TempDir
    Path dir;

    @Override
    protected ConfigSource source() {
        try (FileConfigSource files = FileConfigSource.builder(dir).build()) {
            return new FixedConfigSource(files.name(), files.read(), files.whyEmpty());
        }
    }

    @Override
    protected void put(String name, String json) throws IOException {
        Files.writeString(dir.resolve(name + ".yaml"), json);
    }
}
