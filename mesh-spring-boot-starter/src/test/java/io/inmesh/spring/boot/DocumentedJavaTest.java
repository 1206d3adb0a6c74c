package io.inmesh.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Compiles every block of Java in the README and the docs: here, because the starter's tests have every module and client on their class path. */
class DocumentedJavaTest {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^ *```java\\R(.*?)^ *```");
    private static final Pattern CLASS =
            Pattern.compile("(?m)^(?:public |final )*(?:class|record|interface|enum) (\\w+)");

    @TempDir
    Path output;

    /** A block with its place: file and line. */
    private record Snippet(String place, String code) {
        /** The block as a compilation unit; methods alone are put into a class, below their imports. */
        String unit() {
            if (CLASS.matcher(code).find()) {
                return code;
            }
            int body = 0;
            for (Matcher imports = Pattern.compile("(?m)^import [^;]+;\\R*").matcher(code); imports.find(); ) {
                body = imports.end();
            }
            return code.substring(0, body) + "class Snippet {\n" + code.substring(body) + "}\n";
        }

        String typeName() {
            Matcher name = CLASS.matcher(unit());
            return name.find() ? name.group(1) : "Snippet";
        }
    }

    @TestFactory
    Stream<DynamicTest> blocksOfJavaCompile() throws IOException {
        return snippets().stream()
                .map(snippet -> DynamicTest.dynamicTest(
                        snippet.place(), () -> assertThat(errors(snippet)).isEmpty()));
    }

    @Test
    void blocksAreFoundInEachDocumentThatShowsJava() throws IOException {
        assertThat(snippets().stream()
                        .map(snippet -> snippet.place().replaceAll(":.*", ""))
                        .distinct())
                .contains(
                        "README.md",
                        "docs/okhttp.md",
                        "docs/spring-boot.md",
                        "docs/spring-cloud.md",
                        "docs/kubernetes.md");
    }

    @Test
    void aBlockThatDoesNotCompileIsNoticed() {
        assertThat(errors(new Snippet("here", "static void call() { Missing.method(); }")))
                .contains("Missing");
    }

    private String errors(Snippet snippet) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        SimpleJavaFileObject source =
                new SimpleJavaFileObject(
                        URI.create("string:///" + snippet.typeName() + ".java"), SimpleJavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return snippet.unit();
                    }
                };
        List<String> options =
                List.of("-d", output.toString(), "-proc:none", "-classpath", System.getProperty("java.class.path"));
        boolean compiled = compiler.getTask(said, null, null, options, null, List.of(source))
                .call();
        return compiled ? "" : said.toString();
    }

    private static List<Snippet> snippets() throws IOException {
        Path root = root();
        List<Path> documents = new ArrayList<>(List.of(root.resolve("README.md")));
        try (Stream<Path> docs = Files.walk(root.resolve("docs"))) {
            docs.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
        }
        List<Snippet> snippets = new ArrayList<>();
        for (Path document : documents) {
            String text = Files.readString(document);
            for (Matcher block = BLOCK.matcher(text); block.find(); ) {
                long line = text.substring(0, block.start()).lines().count() + 1;
                snippets.add(new Snippet(
                        root.relativize(document).toString().replace('\\', '/') + ":" + line,
                        block.group(1).stripTrailing().stripIndent() + "\n"));
            }
        }
        return snippets;
    }

    /** The folder of the whole project, whichever folder the tests run in. */
    private static Path root() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(at.resolve("docs/decisions"))) {
            at = at.getParent();
        }
        return at;
    }
}
