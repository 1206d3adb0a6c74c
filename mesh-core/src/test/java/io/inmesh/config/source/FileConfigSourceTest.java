package io.inmesh.config.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigUpdate;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileConfigSourceTest extends WatchedFilesFixture {
    @Test
    void tellsTheFilesInOrderOfNameBeforeWatchReturns() throws Exception {
        write("b.yaml", rule("two"));
        write("a.yml", rule("one"));
        write("c.json", rule("three"));
        Files.createDirectory(dir.resolve("d.yaml"));

        FileConfigSource source = watch(dir);
        assertThat(hosts()).containsExactly("one", "two");
        assertThat(source.name()).isEqualTo(dir.toString());
    }

    @Test
    void aHalfWrittenFileIsNotRead() throws Exception {
        write("a.yaml", rule("one"));
        watch(dir);
        write("a.yaml", rule("two").substring(0, 60) + ": [");
        poll();
        write("a.yaml", rule("twoo"));
        poll();
        assertThat(updates).hasSize(1);

        poll();

        assertThat(updates).hasSize(2).allMatch(ConfigUpdate.Valid.class::isInstance);
        assertThat(hosts()).containsExactly("twoo");
    }

    @Test
    void aFileThatIsRenamedOverAnotherIsRead() throws Exception {
        write("a.yaml", rule("one"));
        watch(dir);
        Path fresh = write(".a.yaml.tmp", rule("two"));
        Files.setLastModifiedTime(fresh, Files.getLastModifiedTime(dir.resolve("a.yaml")));
        Files.move(fresh, dir.resolve("a.yaml"), StandardCopyOption.ATOMIC_MOVE);

        poll(2);

        assertThat(hosts()).containsExactly("two");
    }

    @Test
    void theSwapOfAMountedConfigMapIsFollowed() throws Exception {
        FileTime sameTime = FileTime.fromMillis(1_700_000_000_000L);
        for (String version : List.of("1", "2")) {
            Path real = Files.createDirectory(dir.resolve("..version" + version));
            Files.writeString(real.resolve("a.yaml"), rule("v" + version));
            Files.setLastModifiedTime(real.resolve("a.yaml"), sameTime);
        }
        Files.createSymbolicLink(dir.resolve("..data"), Path.of("..version1"));
        Files.createSymbolicLink(dir.resolve("a.yaml"), Path.of("..data", "a.yaml"));
        watch(dir);
        assertThat(hosts()).containsExactly("v1");

        Files.createSymbolicLink(dir.resolve("..data_tmp"), Path.of("..version2"));
        Files.move(dir.resolve("..data_tmp"), dir.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        poll(2);

        assertThat(hosts()).containsExactly("v2");
        assertThat(updates).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".a.yaml.swp",
                ".a.yaml",
                "4913",
                "a.yaml~",
                "#a.yaml#",
                "#a.yaml",
                "~a.yaml",
                "a.yaml.tmp",
                "a.yaml.bak",
                "a.yaml___jb_tmp___",
                ".goutputstream-AB.yaml"
            })
    void whatEditorsLeaveBehindIsNotRead(String name) throws Exception {
        write("b.yaml", rule("one"));
        write(name, "neither: [good");
        watch(dir);
        Files.delete(dir.resolve(name));
        write(name, "nor: {better");
        poll(3);

        assertThat(updates).hasSize(1);
        assertThat(hosts()).containsExactly("one");
    }

    @Test
    void aLockLinkOfAnEditorIsNotRead() throws Exception {
        write("a.yaml", rule("one"));
        Files.createSymbolicLink(dir.resolve(".#a.yaml"), Path.of("user@host.4711"));

        watch(dir);
        assertThat(hosts()).containsExactly("one");
    }

    @Test
    void foldersInTheDirectoryAreWatchedToo() throws Exception {
        write("a.yaml", rule("one"));
        Files.createDirectories(dir.resolve(".git"));
        write(".git/x.yaml", rule("hidden"));
        watch(dir);
        assertThat(hosts()).containsExactly("one");

        Files.createDirectories(dir.resolve("team/b"));
        write("team/b/b.yaml", rule("two"));
        poll(2);
        assertThat(hosts()).containsExactlyInAnyOrder("one", "two");

        Files.createSymbolicLink(dir.resolve("team/b/back"), dir);
        write("team/b/values.yaml", "replicas: 1\n");
        poll(2);
        assertThat(updates).last().isInstanceOf(ConfigUpdate.Valid.class);
        assertThat(hosts()).containsExactlyInAnyOrder("one", "two");

        Files.delete(dir.resolve("team/b/b.yaml"));
        poll(2);
        assertThat(hosts()).containsExactly("one");
    }

    @Test
    void aDeletedFileIsGone() throws Exception {
        write("a.yaml", rule("one"));
        Path second = write("b.yaml", rule("two"));
        watch(dir);
        Files.delete(second);

        poll(2);

        assertThat(hosts()).containsExactly("one");
    }

    @Test
    void badIsInvalidAsAWholeAndGoodAgainIsValid() throws Exception {
        write("a.yaml", rule("one"));
        write("b.yaml", rule("two"));
        watch(dir);
        write("b.yaml", rule("three") + "  nonsense: 1\n");
        poll(2);
        assertThat(updates.get(1)).isInstanceOf(ConfigUpdate.Invalid.class);
        assertThat(updates.get(1).problems()).singleElement().satisfies(problem -> {
            assertThat(problem.origin().source())
                    .isEqualTo(dir.resolve("b.yaml").toString());
            assertThat(problem.path()).isEqualTo("spec.nonsense");
        });

        write("b.yaml", rule("three"));
        poll(2);

        assertThat(hosts()).containsExactly("one", "three");
    }

    @Test
    void aVanishedDirectoryIsAProblemAndNotAnEmptyConfiguration() throws Exception {
        Path below = Files.createDirectory(dir.resolve("rules"));
        Files.writeString(below.resolve("a.yaml"), rule("one"));
        Path away = dir.resolve("away");
        watch(below);
        Files.move(below, away);
        poll(2);
        assertThat(updates.get(1)).isInstanceOf(ConfigUpdate.Invalid.class);
        assertThat(updates.get(1).problems()).extracting(ConfigProblem::message).containsExactly("the path is gone");

        Files.move(away, below);
        poll(2);

        assertThat(hosts()).containsExactly("one");
        assertThat(updates).hasSize(3);
    }

    @Test
    void aDirectoryThatDoesNotExistIsAnErrorUnlessOptional() throws Exception {
        Path absent = dir.resolve("absent");
        watch(absent).close();
        assertThat(updates).singleElement().isInstanceOf(ConfigUpdate.Invalid.class);
        updates.clear();
        try (FileConfigSource source =
                FileConfigSource.builder(absent).optional().scheduler(clock).build()) {
            source.watch(updates::add);
            assertThat(hosts()).isEmpty();

            Files.createDirectory(absent);
            Files.writeString(absent.resolve("a.yaml"), rule("one"));
            poll(2);
            assertThat(hosts()).containsExactly("one");

            Files.delete(absent.resolve("a.yaml"));
            Files.delete(absent);
            poll(2);
            assertThat(updates.get(2)).isInstanceOf(ConfigUpdate.Invalid.class);
        }
    }

    @Test
    void whatCannotBeReadIsAProblem() throws Exception {
        write("a.yaml", rule("one"));
        watch(dir);
        Files.createSymbolicLink(dir.resolve("b.yaml"), Path.of("nowhere"));
        poll(2);
        assertThat(updates.get(1).problems())
                .extracting(ConfigProblem::toString)
                .containsExactly(
                        dir.resolve("b.yaml")
                                + ": error: this cannot be read: it does not exist; remove the link or restore what it leads to");

        Files.delete(dir.resolve("b.yaml"));
        Files.write(dir.resolve("b.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        poll(2);
        assertThat(updates.get(2).problems())
                .extracting(ConfigProblem::message)
                .containsExactly("the file is not UTF-8");
    }

    @Test
    void aHugeFileIsRefusedUnread() throws Exception {
        try (var channel =
                FileChannel.open(dir.resolve("a.yaml"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.position(10L * 1024 * 1024 * 1024);
            channel.write(ByteBuffer.wrap(new byte[] {'x'}));
        }

        watch(dir);
        assertThat(updates).singleElement().isInstanceOf(ConfigUpdate.Invalid.class);
        assertThat(updates.get(0).problems().get(0).message()).contains("10737418241 bytes");
    }

    @Test
    void theNewerOfTwoObjectsWithOneNameCounts() throws Exception {
        Path old = write("z.yaml", named("reviews", "old"));
        watch(dir);
        writeLater("a.yaml", named("reviews", "new"), old);
        poll(2);

        assertThat(hosts()).containsExactly("new");
        assertThat(updates.get(1).problems()).singleElement().satisfies(problem -> {
            assertThat(problem.isError()).isFalse();
            assertThat(problem.origin().source()).isEqualTo(old.toString());
            assertThat(problem.message()).contains("default/reviews", dir.resolve("a.yaml") + ":1:1");
        });

        Files.delete(dir.resolve("a.yaml"));
        poll(2);
        assertThat(hosts()).containsExactly("old");
    }

    @Test
    void aTouchedFileIsNoNews() throws Exception {
        Path file = write("a.yaml", rule("one"));
        watch(dir);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_000L));
        poll(30);

        assertThat(updates).hasSize(1);
    }

    @Test
    void aChangeThatLeavesNoTraceIsFoundByTheSecondLook() throws Exception {
        FileTime sameTime = FileTime.fromMillis(1_700_000_000_000L);
        URI zip = URI.create("jar:" + dir.resolve("rules.zip").toUri());
        try (FileSystem files = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
            Path file = files.getPath("/a.yaml");
            Files.writeString(file, rule("one"));
            Files.setLastModifiedTime(file, sameTime);
            Files.setAttribute(file, "creationTime", sameTime);
            watch(files.getPath("/"));
            Files.writeString(file, rule("two"));
            Files.setLastModifiedTime(file, sameTime);
            Files.setAttribute(file, "creationTime", sameTime);
            poll(14);
            assertThat(hosts()).containsExactly("one");

            poll();

            assertThat(hosts()).containsExactly("two");
        }
    }

    @Test
    void namedFilesAreReadWhateverTheirName() throws Exception {
        Path first = write("rules", rule("one"));
        Path second = write("more.txt", rule("two"));

        watch(first, second);
        assertThat(hosts()).containsExactly("one", "two");
        Files.delete(first);
        poll(2);
        assertThat(updates.get(1)).isInstanceOf(ConfigUpdate.Invalid.class);
    }

    @Test
    void afterCloseNothingIsToldAndNothingRuns() throws Exception {
        write("a.yaml", rule("one"));
        FileConfigSource source = FileConfigSource.builder(dir).scheduler(clock).build();
        AutoCloseable watch = source.watch(updates::add);

        watch.close();
        write("b.yaml", rule("two"));
        poll(3);

        assertThat(updates).hasSize(1);
        assertThat(clock.waitingTasks()).isZero();
        assertThat(clock.isShutdown()).isFalse();
        source.close();
    }

    @Test
    void isWatchedByOneAtATime() throws Exception {
        FileConfigSource source = watch(dir);
        assertThatThrownBy(() -> source.watch(updates::add)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aListenerThatFailsDoesNotEndTheWatch() throws Exception {
        write("a.yaml", rule("one"));
        try (FileConfigSource source =
                FileConfigSource.builder(dir).scheduler(clock).build()) {
            source.watch(update -> {
                updates.add(update);
                if (updates.size() == 2) {
                    throw new IllegalStateException("the listener fails");
                }
            });
            write("a.yaml", rule("second"));
            poll(2);
            write("a.yaml", rule("the third"));
            poll(2);

            assertThat(hosts()).containsExactly("the third".replace(' ', '-'));
        }
    }

    @Test
    void withoutSchedulerItPollsOnAThreadOfItsOwn() throws Exception {
        write("a.yaml", rule("one"));
        LinkedBlockingQueue<ConfigUpdate> told = new LinkedBlockingQueue<>();
        try (FileConfigSource source =
                FileConfigSource.builder(dir).pollPeriod(Duration.ofMillis(5)).build()) {
            source.watch(told::add);
            assertThat(told.poll()).isInstanceOf(ConfigUpdate.Valid.class);
            write("b.yaml", rule("two"));

            ConfigUpdate update = told.poll(20, TimeUnit.SECONDS);

            assertThat(update).isInstanceOf(ConfigUpdate.Valid.class);
            assertThat(((ConfigUpdate.Valid) update).config().destinationRules())
                    .hasSize(2);
        }
    }

    /** Writes until the file system's clock has moved on from another file's time. */
    private void writeLater(String name, String text, Path older) throws IOException {
        Object before = Files.getAttribute(older, "unix:ctime");
        Path file = dir.resolve(name);
        do {
            Files.deleteIfExists(file);
            write(name, text);
        } while (Files.getAttribute(file, "unix:ctime").equals(before));
    }

    private static String rule(String host) {
        return named(host.replace(' ', '-'), host.replace(' ', '-'));
    }
}
