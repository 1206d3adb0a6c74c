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
import org.jspecify.annotations.Nullable;

/**
 * Prometheus's configuration for bookinfo: as it is written beside the sources, or, on other ports than those, a copy with
 * the ports in use.
 *
 * @param file what Prometheus is started with
 * @param copy whether it is deleted in the end
 */
record PrometheusFile(Path file, boolean copy) implements AutoCloseable {
    private static final String NAME = "prometheus.yml";
    private static final String ALERTS = "alerts.yaml";
    private static final Pattern TARGET = Pattern.compile("\"127\\.0\\.0\\.1:(\\d+)\"");

    /** Takes the ports in use and that of the gateway's metrics, null without a gateway. */
    static PrometheusFile with(Ports ports, @Nullable Integer gateway) {
        Path written =
                Settings.beside("observe").orElse(Path.of("")).resolve(NAME).toAbsolutePath();
        if (Files.exists(written) && ports.equals(Ports.from(Settings.DEFAULT_PORT))) {
            return new PrometheusFile(written, false);
        }
        try {
            Path folder = Files.createTempDirectory("bookinfo-observe");
            Files.writeString(folder.resolve(ALERTS), resource(ALERTS));
            Path copy = folder.resolve(NAME);
            Files.writeString(
                    copy, withPorts(resource(NAME), ports, gateway).replaceAll("(?m)^- .*/alerts", "- alerts"));
            return new PrometheusFile(copy, true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The targets' ports, written for the default ones, replaced by those in use; none of the gateway's without one. */
    static String withPorts(String yaml, Ports ports, @Nullable Integer gateway) {
        return TARGET.matcher(yaml).replaceAll(target -> {
            int index = Integer.parseInt(target.group(1)) - Settings.DEFAULT_PORT;
            Integer port =
                    index < Instance.values().length ? Integer.valueOf(ports.of(Instance.values()[index])) : gateway;
            return port == null ? "" : Matcher.quoteReplacement("\"127.0.0.1:" + port + "\"");
        });
    }

    static String resource(String name) {
        try (InputStream text = Objects.requireNonNull(PrometheusFile.class.getResourceAsStream("/" + name))) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes the copy, if it is one. */
    @Override
    public void close() {
        if (copy) {
            try {
                Files.deleteIfExists(file);
                Files.deleteIfExists(file.resolveSibling(ALERTS));
                Files.deleteIfExists(Objects.requireNonNull(file.getParent()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
