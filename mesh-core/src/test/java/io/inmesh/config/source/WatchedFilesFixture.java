package io.inmesh.config.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigUpdate;
import io.inmesh.model.DestinationRule;
import io.inmesh.testing.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A folder of rule files that is watched by a manual clock. */
abstract class WatchedFilesFixture {
    private static final Duration PERIOD = Duration.ofMillis(200);

    @TempDir
    Path dir;

    final ManualClock clock = new ManualClock();
    final List<ConfigUpdate> updates = new ArrayList<>();
    final List<FileConfigSource> opened = new ArrayList<>();

    @AfterEach
    void closeSources() {
        opened.forEach(FileConfigSource::close);
        assertThat(clock.waitingTasks()).isZero();
    }

    FileConfigSource watch(Path... paths) {
        FileConfigSource source =
                FileConfigSource.builder(paths).scheduler(clock).build();
        opened.add(source);
        source.watch(updates::add);
        return source;
    }

    void poll(int times) {
        clock.advance(PERIOD.multipliedBy(times));
    }

    void poll() {
        poll(1);
    }

    /** Hosts of the rules in the newest update, which has to be valid. */
    List<String> hosts() {
        ConfigUpdate latest = updates.get(updates.size() - 1);
        assertThat(latest).as("%s", latest.problems()).isInstanceOf(ConfigUpdate.Valid.class);
        return ((ConfigUpdate.Valid) latest)
                .config().destinationRules().stream().map(DestinationRule::host).toList();
    }

    Path write(String name, String text) throws IOException {
        return Files.writeString(dir.resolve(name), text);
    }

    /** A rule of this name for this host. */
    static String named(String name, String host) {
        return """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: %s}
                spec:
                  host: %s
                """.formatted(name, host);
    }
}
