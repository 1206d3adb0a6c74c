package io.inmesh.config.source;

import io.inmesh.config.ConfigSource;
import io.inmesh.testing.ConfigSourceContract;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

class ClasspathConfigSourceContractTest extends ConfigSourceContract {
    @TempDir
    Path dir;

    private final List<URLClassLoader> loaders = new ArrayList<>();

    @Override
    protected ConfigSource source() throws IOException {
        URLClassLoader loader = new URLClassLoader(new URL[] {dir.toUri().toURL()}, null);
        loaders.add(loader);
        return new ClasspathConfigSource("mesh/", loader, ConfigReader.sensible());
    }

    @Override
    protected void put(String name, String json) throws IOException {
        Path folder = Files.createDirectories(dir.resolve("mesh"));
        Files.writeString(folder.resolve(name + ".yaml"), json);
    }

    @Override
    protected void closeBackEnd() throws IOException {
        for (URLClassLoader loader : loaders) {
            loader.close();
        }
    }
}
