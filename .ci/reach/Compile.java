import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * Compiles each given project's src folder to its classes folder, against the class path in its file of that name. One JVM
 * for all of them: that is what makes it quick. What the compiler says is in the project's compile.log.
 * Usage: java Compile.java PROJECT...
 */
public final class Compile {
    public static void main(String[] projects) throws Exception {
        for (String name : projects) {
            Path project = Path.of(name);
            if (!Files.exists(project.resolve("classpath"))) {
                continue;
            }
            List<String> sources;
            try (Stream<Path> files = Files.list(project.resolve("src"))) {
                sources = files.map(Path::toString).collect(Collectors.toList());
            }
            Path classes = Files.createDirectories(project.resolve("classes"));
            Stream<String> options = Stream.of(
                    "-nowarn", "-proc:none", "-parameters", "--release", "17", "-d", classes.toString(),
                    "-cp", Files.readString(project.resolve("classpath")).trim());
            String[] arguments = Stream.concat(options, sources.stream()).toArray(String[]::new);
            try (OutputStream log = Files.newOutputStream(project.resolve("compile.log"))) {
                if (ToolProvider.getSystemJavaCompiler().run(null, log, log, arguments) == 0) {
                    Files.createFile(project.resolve("compiled"));
                }
            }
        }
    }
}
