package io.inmesh.cli.clients;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Sources of a resource, compiled. Each begins with {@code ==== its.name}; a comment {@code // = verdict: kind use} says
 * what is to be found in its line, with {@code no line,} before the verdict where byte code has none.
 */
final class CompiledSources {
    private static final Pattern EXPECTED = Pattern.compile("// = (no line, )?([a-z ]+): (.+) ([a-z]+)$");

    private CompiledSources() {}

    static Map<String, String> sources(String resource) throws IOException {
        try (InputStream in = CompiledSources.class.getResourceAsStream("/clients/" + resource)) {
            Map<String, String> sources = new LinkedHashMap<>();
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (String source : List.of(text.split("(?m)^==== ", -1))) {
                int end = source.indexOf('\n');
                if (end > 0) {
                    sources.put(source.substring(0, end).trim(), source.substring(end + 1));
                }
            }
            return sources;
        }
    }

    /** {@code com.acme.Beans:14 carried RestTemplate made}. */
    static List<String> expected(String resource) throws IOException {
        List<String> expected = new ArrayList<>();
        sources(resource).forEach((name, source) -> {
            int line = 0;
            for (String text : source.lines().toList()) {
                line++;
                Matcher match = EXPECTED.matcher(text);
                if (match.find()) {
                    String where = match.group(1) != null ? name : name + ":" + line;
                    expected.add(where + " " + match.group(2) + " " + match.group(3) + " " + match.group(4));
                }
            }
        });
        return expected;
    }

    /** Compiles into the folder, with the classes of the other folder beside. */
    static void compile(Map<String, String> sources, Path classes, Path beside, String... options) throws IOException {
        Files.createDirectories(classes);
        List<String> all =
                new ArrayList<>(List.of("-d", classes.toString(), "-cp", beside.toString(), "-proc:none", "-nowarn"));
        all.addAll(options.length == 0 ? List.of("-g:lines") : List.of(options));
        List<JavaFileObject> files = new ArrayList<>();
        sources.forEach((name, source) -> files.add(new Source(name, source)));
        StringWriter told = new StringWriter();
        if (!ToolProvider.getSystemJavaCompiler()
                .getTask(told, null, null, all, null, files)
                .call()) {
            throw new IllegalStateException(told.toString());
        }
    }

    /** A jar with these entries: files as they are, of folders all that is within, in the order given. */
    static void jar(Path jar, Map<String, Path> entries) throws IOException {
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (Map.Entry<String, Path> entry : entries.entrySet()) {
                try (Stream<Path> files = Files.walk(entry.getValue())) {
                    for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                        String below =
                                entry.getValue().relativize(file).toString().replace('\\', '/');
                        out.putNextEntry(new ZipEntry(entry.getKey() + below));
                        out.write(Files.readAllBytes(file));
                    }
                }
            }
        }
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String name, String text) {
            super(URI.create("string:///" + name.replace('.', '/') + ".java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
