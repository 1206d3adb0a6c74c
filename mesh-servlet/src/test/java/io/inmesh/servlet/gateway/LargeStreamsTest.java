package io.inmesh.servlet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.servlet.testing.ContainerKind;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * More bytes than memory, in a Java with 32 MB of heap. {@code -Dgateway.megabytes=1024} sends a gigabyte each way, and as
 * much again to and from those who do not read.
 */
class LargeStreamsTest {
    private static final int MEGABYTES = Integer.getInteger("gateway.megabytes", 48);

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void passThroughLittleMemory(ContainerKind kind) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx32m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LargeStreams.class.getName(),
                        kind.name(),
                        Integer.toString(MEGABYTES))
                .redirectErrorStream(true)
                .directory(new File("."))
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
    }
}
