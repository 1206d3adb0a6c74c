package io.inmesh.config.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigUpdate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are written in place, which empties them first, and those that are meant to lose their rules. */
class UnfinishedFilesTest extends WatchedFilesFixture {
    /** The one that sees the change, and ten that see the same. */
    private static final int LONG_REST = 11;

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "  \n\t\n"})
    void anEmptiedFileIsAProblemAndItsRulesStay(String nothing) throws Exception {
        write("a.yaml", rule("one"));
        Path emptied = write("b.yaml", rule("two") + rule("three"));
        watch(dir);

        write("b.yaml", nothing);
        poll(LONG_REST);
        assertThat(updates).hasSize(2);
        assertThat(updates.get(1)).isInstanceOf(ConfigUpdate.Invalid.class);
        assertThat(updates.get(1).problems())
                .singleElement()
                .hasToString(emptied
                        + ": error: this is empty now; it held DestinationRule default/three, DestinationRule default/two;"
                        + " write the rules back, or delete the file or leave a comment in it to remove them");

        write("a.yaml", rule("oneone"));
        poll(LONG_REST);
        assertThat(updates).as("the problem stays until the file is mended").hasSize(3);
        assertThat(updates.get(2)).isInstanceOf(ConfigUpdate.Invalid.class);

        write("b.yaml", rule("four"));
        poll(LONG_REST);
        assertThat(hosts()).containsExactly("oneone", "four");
    }

    @Test
    void aFileThatIsEmptyWhileItIsWrittenIsNoNews() throws Exception {
        write("a.yaml", rule("one"));
        watch(dir);
        write("a.yaml", "");
        poll(LONG_REST - 1);
        write("a.yaml", rule("two") + rule("three"));
        poll(2);

        assertThat(updates).hasSize(2);
        assertThat(hosts()).containsExactly("two", "three");
    }

    @ParameterizedTest
    @ValueSource(strings = {"# no rules today\n", "---\n", "--- # none"})
    void aCommentInTheirPlaceRemovesTheRules(String comment) throws Exception {
        write("a.yaml", rule("one"));
        write("b.yaml", rule("two"));
        watch(dir);
        write("b.yaml", comment);

        poll(LONG_REST);

        assertThat(hosts()).containsExactly("one");
    }

    @Test
    void anEmptiedFileCanBeDeletedToo() throws Exception {
        write("a.yaml", rule("one"));
        Path second = write("b.yaml", rule("two"));
        watch(dir);
        write("b.yaml", "");
        poll(LONG_REST);
        Files.delete(second);
        poll(2);
        assertThat(hosts()).containsExactly("one");

        write("b.yaml", "");
        poll(LONG_REST);
        assertThat(updates).as("an empty file that never had rules").hasSize(3);
    }

    /** It could not be deleted: a named file that is gone is an error. */
    @Test
    void ofANamedFileOnlyTheCommentIsTold() throws Exception {
        Path file = write("a.yaml", rule("one"));
        watch(file);
        write("a.yaml", "");
        poll(LONG_REST);

        assertThat(updates.get(1).problems())
                .singleElement()
                .asString()
                .endsWith("write the rules back, or leave a comment in it to remove them");
    }

    @Test
    void rulesThatMovedToAnotherFileAreNotMissed() throws Exception {
        write("a.yaml", rule("one"));
        write("b.yaml", rule("two"));
        watch(dir);

        write("a.yaml", "");
        write("c.yaml", rule("one"));
        poll(LONG_REST);

        assertThat(hosts()).containsExactly("two", "one");
    }

    /** YAML that ends too early is still YAML. */
    @Test
    void aFileThatIsWrittenSlowlyIsNotReadWithAPartOfItsRules() throws Exception {
        String finished = rule("two") + rule("three") + rule("four");
        write("a.yaml", rule("one") + rule("two") + rule("three"));
        watch(dir);
        for (String begun : List.of("", rule("two"), rule("two") + rule("three"))) {
            write("a.yaml", begun);
            poll(LONG_REST - 1);
        }
        write("a.yaml", finished);
        poll(LONG_REST);

        assertThat(updates).hasSize(2);
        assertThat(hosts()).containsExactly("two", "three", "four");
    }

    @Test
    void aFileThatBreaksOffInALineIsNotReadAtOnce() throws Exception {
        write("a.yaml", rule("reviews"));
        watch(dir);
        write("a.yaml", rule("reviews").replace("host: reviews\n", "host: reviews-of-products.pro"));
        poll(LONG_REST - 1);
        assertThat(updates).hasSize(1);

        write("a.yaml", rule("reviews").replace("host: reviews\n", "host: reviews-of-products.prod.svc\n"));
        poll(2);
        assertThat(hosts()).containsExactly("reviews-of-products.prod.svc");
    }

    @Test
    void rulesThatAreMeantToGoAreGoneAfterTheLongRest() throws Exception {
        write("a.yaml", rule("one") + rule("two"));
        watch(dir);
        write("a.yaml", rule("one"));
        poll(LONG_REST - 1);
        assertThat(updates).hasSize(1);

        poll(1);

        assertThat(hosts()).containsExactly("one");
    }

    /** Whoever renames has written the whole file before. */
    @Test
    void aShorterFileThatIsRenamedOverAnotherIsReadAtOnce() throws Exception {
        write("a.yaml", rule("one") + rule("two"));
        watch(dir);
        Files.move(write(".new", rule("one")), dir.resolve("a.yaml"), StandardCopyOption.ATOMIC_MOVE);

        poll(2);

        assertThat(hosts()).containsExactly("one");
    }

    @Test
    void aFolderThatIsEmptyForAMomentKeepsItsRules() throws Exception {
        Path rules = Files.createDirectory(dir.resolve("rules"));
        Path below = Files.createDirectory(rules.resolve("team"));
        Path away = dir.resolve("away");
        Files.writeString(rules.resolve("a.yaml"), rule("one"));
        Files.writeString(below.resolve("b.yaml"), rule("two"));
        watch(rules);

        Files.move(below, away);
        poll(LONG_REST - 1);
        Files.move(away, below);
        poll(LONG_REST);
        assertThat(updates).hasSize(1);

        Files.move(rules.resolve("a.yaml"), dir.resolve("a"));
        Files.move(below.resolve("b.yaml"), dir.resolve("b"));
        poll(LONG_REST - 1);
        Files.move(dir.resolve("a"), rules.resolve("a.yaml"));
        Files.move(dir.resolve("b"), below.resolve("b.yaml"));
        poll(LONG_REST);
        assertThat(updates).hasSize(1);

        Files.delete(rules.resolve("a.yaml"));
        Files.delete(below.resolve("b.yaml"));
        poll(LONG_REST);
        assertThat(hosts()).isEmpty();
    }

    /** The swap is atomic, so nothing is waited for; a key that is gone takes its rules with it. */
    @Test
    void aKeyThatIsGoneFromAMountedConfigMapIsRemovedAndAnEmptiedOneIsAProblem() throws Exception {
        mount("1", "a.yaml", rule("one"), "b.yaml", rule("two"));
        Files.createSymbolicLink(dir.resolve("a.yaml"), Path.of("..data", "a.yaml"));
        Files.createSymbolicLink(dir.resolve("b.yaml"), Path.of("..data", "b.yaml"));
        watch(dir);

        mount("2", "a.yaml", rule("one"));
        Files.delete(dir.resolve("b.yaml"));
        poll(2);
        assertThat(hosts()).containsExactly("one");

        mount("3", "a.yaml", "");
        poll(2);
        assertThat(updates.get(2).problems()).singleElement().asString().contains("this is empty now");
    }

    private void mount(String version, String... files) throws IOException {
        Path real = Files.createDirectory(dir.resolve("..version" + version));
        for (int i = 0; i < files.length; i += 2) {
            Files.writeString(real.resolve(files[i]), files[i + 1]);
        }
        Files.createSymbolicLink(dir.resolve("..data_tmp"), Path.of("..version" + version));
        Files.move(dir.resolve("..data_tmp"), dir.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static String rule(String host) {
        return """
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: %1$s}
                spec:
                  host: %1$s
                """.formatted(host);
    }
}
