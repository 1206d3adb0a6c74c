package io.inmesh.samples.bookinfo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The ServiceEntries of bookinfo: as they are written, or, on other ports than those, a copy with the ports in use.
 *
 * @param location as {@code mesh.config.locations} wants it
 */
record ServicesFile(String location) implements AutoCloseable {
    private static final String NAME = "services.yaml";
    private static final Pattern ENDPOINT_PORT = Pattern.compile("(ports: \\{http: )(\\d+)(})");

    static ServicesFile with(Ports ports) {
        if (ports.equals(Ports.from(Settings.DEFAULT_PORT))) {
            return new ServicesFile("classpath:" + NAME);
        }
        try {
            Path copy = Files.createTempDirectory("bookinfo").resolve(NAME);
            Files.writeString(copy, withPorts(original(), ports));
            return new ServicesFile(copy.toUri().toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String original() {
        try (InputStream yaml = Objects.requireNonNull(ServicesFile.class.getResourceAsStream("/" + NAME))) {
            return new String(yaml.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The endpoints' ports, written for the default ones, replaced by those in use. */
    static String withPorts(String yaml, Ports ports) {
        return ENDPOINT_PORT.matcher(yaml).replaceAll(port -> {
            int index = Integer.parseInt(port.group(2)) - Settings.DEFAULT_PORT;
            return Matcher.quoteReplacement(port.group(1) + ports.of(Instance.values()[index]) + port.group(3));
        });
    }

    /** Deletes the copy, if there is one. */
    @Override
    public void close() {
        if (location.startsWith("file:")) {
            Path copy = Path.of(java.net.URI.create(location));
            try {
                Files.deleteIfExists(copy);
                Files.deleteIfExists(Objects.requireNonNull(copy.getParent()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
