package io.inmesh.testing;

import io.inmesh.call.HeaderField;
import io.inmesh.call.SimpleRequestHead;
import io.inmesh.testing.HttpClientExchange.Answer;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** That a small transport keeps to the contract. */
class HttpClientExchangeTest extends ExchangeContract<Answer> {
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Override
    protected void call(Call call, Steps<Answer> steps) throws Exception {
        String text = call.body();
        BodyPublisher body = text == null ? BodyPublishers.noBody() : BodyPublishers.ofString(text);
        SimpleRequestHead head =
                SimpleRequestHead.of(text == null ? "GET" : "POST", "http://reviews:9080/reviews/0", Map.of());
        steps.run(new HttpClientExchange(client, head, body, call.once()));
    }

    @Override
    protected InputStream body(Answer response) {
        return response.body();
    }

    @Override
    protected boolean sparesConnections() {
        return false;
    }

    @Override
    protected boolean keepsBodies() {
        return false;
    }

    @Override
    protected boolean copiesBodies() {
        return false;
    }

    @Override
    protected @Nullable String header(Answer response, String name) {
        return response.headers().stream()
                .filter(header -> header.name().equalsIgnoreCase(name))
                .map(HeaderField::value)
                .findFirst()
                .orElse(null);
    }
}
