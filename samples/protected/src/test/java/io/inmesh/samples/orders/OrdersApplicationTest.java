package io.inmesh.samples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** What the README tells to type, over real sockets. */
class OrdersApplicationTest {
    private static final Pattern VARIABLE = Pattern.compile("([A-Z]+)=(\\S+)");
    private static final Pattern METHOD = Pattern.compile(" -X (\\w+)");
    private static final Pattern HEADER = Pattern.compile(" -H \"([^:]+): ([^\"]+)\"");
    private static final Pattern PATH = Pattern.compile("localhost:8080(/[^\\s\"]*)");
    private static final Pattern STATUS = Pattern.compile("# (\\d{3}): (?:\"([^\"]+)\")?");

    private static String found(Pattern pattern, String line, String otherwise) {
        Matcher matcher = pattern.matcher(line);
        return matcher.find() ? Objects.requireNonNullElse(matcher.group(1), otherwise) : otherwise;
    }

    private static int portOf(ConfigurableApplicationContext application) {
        return Objects.requireNonNull(((WebServerApplicationContext) application).getWebServer())
                .getPort();
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    }

    @Test
    void theCurlsOfTheReadmeAreAnsweredAsItSays() throws Exception {
        List<Integer> answers = new ArrayList<>();
        Map<String, String> variables = new HashMap<>();
        try (ConfigurableApplicationContext application = OrdersApplication.start("--server.port=0")) {
            for (String written : Files.readAllLines(Path.of("README.md"))) {
                Matcher variable = VARIABLE.matcher(written);
                if (variable.matches()) {
                    variables.put(variable.group(1), variable.group(2));
                }
                if (!written.startsWith("curl ")) {
                    continue;
                }
                String line = written;
                for (Map.Entry<String, String> entry : variables.entrySet()) {
                    line = line.replace("$" + entry.getKey(), entry.getValue());
                }
                String path = found(PATH, line, "");
                HttpRequest.Builder request = HttpRequest.newBuilder(
                                URI.create("http://localhost:" + portOf(application) + path))
                        .method(found(METHOD, line, "GET"), BodyPublishers.noBody());
                HEADER.matcher(line).results().forEach(header -> request.header(header.group(1), header.group(2)));
                HttpResponse<String> answer = send(request);

                Matcher expected = STATUS.matcher(line);
                assertThat(expected.find()).as(written).isTrue();
                assertThat(answer.statusCode()).as(written).isEqualTo(Integer.parseInt(expected.group(1)));
                assertThat(answer.body()).as(written).startsWith(Objects.requireNonNullElse(expected.group(2), ""));
                answers.add(answer.statusCode());
            }
        }
        assertThat(answers).containsExactly(200, 403, 401, 200, 403, 403, 200, 400);
    }

    @Test
    void withoutPoliciesItIsOpenAndAMistakeInOneStopsTheStart(@TempDir Path folder) throws Exception {
        try (ConfigurableApplicationContext application =
                OrdersApplication.start("--server.port=0", "--mesh.inbound.policies=false")) {
            assertThat(send(HttpRequest.newBuilder(URI.create("http://localhost:" + portOf(application) + "/orders")))
                            .statusCode())
                    .isEqualTo(200);
        }
        String policies = Files.readString(Path.of("src", "main", "resources", "mesh", "policies.yaml"));
        Files.writeString(folder.resolve("policies.yaml"), policies.replace("methods: [DELETE]", "method: [DELETE]"));

        assertThatThrownBy(
                        () -> OrdersApplication.start("--server.port=0", "--mesh.config.locations=" + folder.toUri()))
                .hasStackTraceContaining("unknown field \"method\"");
    }
}
