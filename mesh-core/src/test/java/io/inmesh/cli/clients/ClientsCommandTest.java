package io.inmesh.cli.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientsCommandTest extends ClientsFixture {
    @ParameterizedTest
    @ValueSource(strings = {"spring.txt", "others.txt", "none.txt"})
    void everyFormIsFoundWithClassAndLineAndNothingElse(String resource) throws IOException {
        Path classes = classes("app", CompiledSources.sources(resource));

        Run run = run("--output", "json", classes.toString());

        assertThat(found(run.out())).containsExactlyInAnyOrderElementsOf(CompiledSources.expected(resource));
        assertThat(run.code()).isZero();
    }

    @Test
    void noRuleIsWithoutAnExample() throws IOException {
        Set<String> examples = new TreeSet<>();
        for (String resource : List.of("spring.txt", "others.txt")) {
            for (String expected : CompiledSources.expected(resource)) {
                examples.add(expected.replaceFirst("\\S+ (not carried|carried if|carried) ", ""));
            }
        }

        assertThat(ClientRules.ALL)
                .filteredOn(rule -> rule.use() != Use.BROUGHT)
                .allSatisfy(rule -> assertThat(examples)
                        .contains(rule.kind() + " " + rule.use().text()));
    }

    @Test
    void placesAreLinesInColumnsTheWorstFirstAndThenSums() throws IOException {
        Path classes = orders();

        Run run = run(classes.toString());

        assertThat(run.out()).isEqualTo("""
                not carried  java.net.http  made  com.acme.Orders:5  call with a RestClient or WebClient bean \
                (mesh-spring-boot-starter) or an OkHttpClient with MeshInterceptor (mesh-okhttp)
                carried if   RestTemplate   made  com.acme.Orders:4  started with \
                -javaagent:mesh-spring-boot-starter-<version>-agent.jar, or returned by a @Bean method instead

                not carried: 1 place
                carried if: 1 place
                carried: 0 places
                """);
        assertThat(run.err()).isEqualTo("1 class of 1 archive read\n");
    }

    @Test
    void nothingFoundIsSaid() throws IOException {
        Run run = run(classes("none", CompiledSources.sources("none.txt")).toString());

        assertThat(run.out()).isEqualTo("not carried: 0 places\ncarried if: 0 places\ncarried: 0 places\n");
    }

    @Test
    void strictEndsWithOneOnlyWhereSomethingIsNotCarried() throws IOException {
        String spring = classes("spring", CompiledSources.sources("spring.txt")).toString();
        Files.delete(folder.resolve("spring/com/acme/Beans.class"));
        Files.delete(folder.resolve("spring/com/acme/OwnSenders.class"));

        assertThat(run("--strict", spring).code()).isZero();
        assertThat(run("--strict", orders().toString()).code()).isEqualTo(1);
        assertThat(run(orders().toString()).code()).isZero();
    }

    @Test
    void jsonHasOneObjectAPlaceAndNoSums() throws IOException {
        Run run = run("--output", "json", orders().toString());

        JsonObject first =
                JsonParser.parseString(run.out().lines().toList().get(0)).getAsJsonObject();
        assertThat(run.out().lines()).hasSize(2);
        assertThat(first.keySet())
                .containsExactly("verdict", "kind", "use", "archive", "class", "method", "line", "advice");
        assertThat(first.get("method").getAsString()).isEqualTo("<init>");
    }

    /** Its class is another one, so the comments of the sources cannot tell. */
    @Test
    void whatANamelessClassMakesIsKnownInTheClassAround() throws IOException {
        Path classes = classes("lazily", Map.of("com.acme.Lazily", """
                package com.acme;
                import java.util.function.Supplier;
                import org.springframework.web.client.RestClient;

                class Lazily {
                    private final Supplier<RestClient> client = new Supplier<>() {
                        public RestClient get() {
                            return RestClient.create();
                        }
                    };

                    void ask() {
                        client.get().get();
                    }
                }
                """));

        assertThat(found(run("--output", "json", classes.toString()).out()))
                .containsExactly(
                        "com.acme.Lazily:13 carried if RestClient called",
                        "com.acme.Lazily$1:8 carried if RestClient made");
    }

    /** Kotlin's {@code template.getForObject<String>(url)} in line 27 becomes instructions of line 51. */
    @Test
    void whatKotlinInlinesHasTheLineThatCallsIt() {
        String map = """
                SMAP
                K.kt
                Kotlin
                *S Kotlin
                *F
                + 1 K.kt
                kadv/KUse
                *L
                1#1,50:1
                40#2,3:51
                *S KotlinDebug
                *F
                + 1 K.kt
                kadv/KUse
                *L
                27#1:51,3
                30#1:54
                *E
                """;

        assertThat(List.of(5, 51, 53, 54, 55))
                .extracting(line -> InlinedLines.called(line, map))
                .containsExactly(5, 27, 27, 30, 55);
        assertThat(InlinedLines.called(51, null)).isEqualTo(51);
    }

    @Test
    void withoutLineNumbersTheClassIsTold() throws IOException {
        Path classes = classes("bare", Map.of("com.acme.Orders", ORDERS), "-g:none");

        assertThat(run(classes.toString()).out()).contains("  com.acme.Orders  started with");
    }

    @Test
    void withoutAPathTheUsageIsWrong() {
        assertThat(run().code()).isEqualTo(2);
    }
}
