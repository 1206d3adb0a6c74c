package io.inmesh.config.source;

import io.inmesh.config.ConfigSource;
import io.inmesh.testing.FollowingConfigSourceContract;
import io.inmesh.testing.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class FileConfigSourceContractTest extends FollowingConfigSourceContract {
    /** Enough for a change that takes something away. */
    private static final int POLLS = 12;

    @TempDir
    Path dir;

    private final ManualClock clock = new ManualClock();
    private Path rules = Path.of("");

    @BeforeEach
    void folder() throws IOException {
        rules = Files.createDirectory(dir.resolve("rules"));
    }

    @Override
    protected ConfigSource source() {
        return FileConfigSource.builder(rules).scheduler(clock).build();
    }

    @Override
    protected void put(String name, String json) throws IOException {
        Path fresh = Files.writeString(dir.resolve(name), json);
        Files.move(fresh, rules.resolve(name + ".yaml"), StandardCopyOption.ATOMIC_MOVE);
        poll();
    }

    @Override
    protected void remove(String name) throws IOException {
        Files.delete(rules.resolve(name + ".yaml"));
        poll();
    }

    private void poll() {
        clock.advance(FileConfigSource.DEFAULT_POLL_PERIOD.multipliedBy(POLLS));
    }
}
