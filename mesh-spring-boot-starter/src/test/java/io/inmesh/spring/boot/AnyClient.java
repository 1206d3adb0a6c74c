package io.inmesh.spring.boot;

import java.time.Duration;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.http.HttpEntity;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;

/** Calls by whatever client of Spring's, or builder of such, a test has. */
public final class AnyClient {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private AnyClient() {}

    /** The answer to a GET whose header {@code end-user} names a user. */
    public static String get(Object client, String url, String user) {
        if (client instanceof RestTemplateBuilder builder) {
            return get(builder.build(), url, user);
        }
        if (client instanceof RestClient.Builder builder) {
            return get(builder.build(), url, user);
        }
        if (client instanceof WebClient.Builder builder) {
            return get(builder.build(), url, user);
        }
        if (client instanceof RestTemplate template) {
            HttpHeaders headers = new HttpHeaders();
            headers.set("end-user", user);
            return template.exchange(url, HttpMethod.GET, new HttpEntity<>(headers), String.class)
                    .getBody();
        }
        return client instanceof RestClient restClient
                ? restClient.get().uri(url).header("end-user", user).retrieve().body(String.class)
                : ((WebClient) client)
                        .get()
                        .uri(url)
                        .header("end-user", user)
                        .retrieve()
                        .bodyToMono(String.class)
                        .block(PATIENCE);
    }
}
