package io.inmesh.spring.boot.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A JVM that was started with agents and has ended.
 *
 * @param answers what it printed in lines that begin so: {@code > name = answer}
 * @param errors all lines of its standard error
 */
record AgentJvm(Map<String, String> answers, List<String> errors) {
    private static final String ANSWER = "> ";
    private static final int MINUTES = 5;

    /**
     * Runs a program to its end.
     *
     * @param entries which entries of the class path of the tests it has
     */
    static AgentJvm run(
            List<Path> agents, Predicate<String> entries, Class<?> program, Path folder, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto"));
        agents.forEach(agent -> command.add("-javaagent:" + agent));
        command.addAll(List.of("-cp", classPath(entries), program.getName()));
        command.addAll(arguments);
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
            }
            List<String> said = Files.readAllLines(out, UTF_8);
            List<String> errors = Files.readAllLines(err, UTF_8);
            assertThat(process.waitFor()).as("%s%n%s", said, errors).isZero();
            return new AgentJvm(answers(said), errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String classPath(Predicate<String> entries) {
        String whole = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return String.join(
                File.pathSeparator,
                Arrays.stream(whole.split(Pattern.quote(File.pathSeparator), -1))
                        .filter(entries)
                        .toList());
    }

    private static Map<String, String> answers(List<String> said) {
        Map<String, String> answers = new LinkedHashMap<>();
        for (String line : said) {
            int is = line.indexOf(" = ");
            if (line.startsWith(ANSWER) && is > 0) {
                answers.put(line.substring(ANSWER.length(), is), line.substring(is + 3));
            }
        }
        return answers;
    }

    /** Lines of agents. */
    List<String> remarks() {
        return errors.stream().filter(line -> line.contains("agent")).toList();
    }
}
