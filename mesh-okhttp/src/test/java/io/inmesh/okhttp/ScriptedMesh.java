package io.inmesh.okhttp;

import io.inmesh.call.Attempt;
import io.inmesh.call.CallEnd;
import io.inmesh.call.ConnectionSettings;
import io.inmesh.call.Exchange;
import io.inmesh.call.HeaderField;
import io.inmesh.call.RequestHead;
import io.inmesh.call.ResponseEdits;
import io.inmesh.call.SimpleRequestHead;
import io.inmesh.call.SyntheticResponse;
import io.inmesh.call.TransportAttempt;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.event.Outcome;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Plays the mesh for one transport: a script says what happens to each request, attempts that were never sent go on to
 * the next endpoint, and every end of every attempt is written down.
 */
final class ScriptedMesh implements MeshInterceptor.Execution {
    /**
     * What happens to a request.
     *
     * @param answer given without a server; null to send
     * @param endpoints one an attempt
     */
    record Plan(
            @Nullable SyntheticResponse answer,
            List<Endpoint> endpoints,
            UnaryOperator<Attempt> change,
            @Nullable ResponseEdits edits) {
        static Plan to(Endpoint... endpoints) {
            return new Plan(null, List.of(endpoints), UnaryOperator.identity(), null);
        }

        static Plan answering(SyntheticResponse answer) {
            return new Plan(answer, List.of(), UnaryOperator.identity(), null);
        }

        Plan path(String pathAndQuery) {
            return with(attempt -> copy(attempt).pathAndQuery(pathAndQuery).build());
        }

        Plan authority(String authority) {
            return with(attempt -> copy(attempt).authority(authority).build());
        }

        Plan headers(HeaderField... headers) {
            return with(attempt -> copy(attempt).headers(List.of(headers)).build());
        }

        Plan http2() {
            return with(attempt -> copy(attempt).http2(true).build());
        }

        Plan connection(ConnectionSettings settings) {
            return with(attempt -> copy(attempt).connection(settings).build());
        }

        private static Attempt.Builder copy(Attempt attempt) {
            RequestHead sent = new SimpleRequestHead(
                    "GET", attempt.scheme(), attempt.authority(), 0, attempt.pathAndQuery(), List.of());
            return Attempt.builder(attempt.number(), sent)
                    .endpoint(attempt.endpoint())
                    .connection(attempt.connection())
                    .http2(attempt.http2())
                    .headers(attempt.headers());
        }

        Plan edits(ResponseEdits newEdits) {
            return new Plan(answer, endpoints, change, newEdits);
        }

        private Plan with(UnaryOperator<Attempt> next) {
            return new Plan(answer, endpoints, attempt -> next.apply(change.apply(attempt)), edits);
        }
    }

    private final Function<RequestHead, @Nullable Plan> script;
    final List<Outcome> outcomes = new CopyOnWriteArrayList<>();
    final List<IOException> failures = new CopyOnWriteArrayList<>();
    final AtomicInteger inFlight = new AtomicInteger();
    volatile @Nullable Exchange<Response> latest;
    volatile @Nullable TransportAttempt<Response> latestAttempt;
    volatile UnaryOperator<IOException> translation = UnaryOperator.identity();

    /** A script that answers null lets the call through. */
    ScriptedMesh(Function<RequestHead, @Nullable Plan> script) {
        this.script = script;
    }

    @Override
    public Response execute(Exchange<Response> exchange) throws IOException {
        latest = exchange;
        Plan plan = script.apply(exchange.head());
        if (plan == null) {
            return exchange.passThrough();
        }
        if (plan.answer() != null) {
            return exchange.synthesize(plan.answer());
        }
        IOException last = new IOException("the script has no endpoint");
        int number = 0;
        for (Endpoint endpoint : plan.endpoints()) {
            Attempt attempt = plan.change()
                    .apply(Attempt.builder(++number, exchange.head())
                            .endpoint(endpoint)
                            .build());
            inFlight.incrementAndGet();
            TransportAttempt<Response> sent = exchange.attempt(attempt);
            latestAttempt = sent;
            Response response;
            try {
                response = sent.send();
            } catch (IOException e) {
                inFlight.decrementAndGet();
                Outcome outcome = sent.classifyFailure(e);
                outcomes.add(outcome);
                failures.add(e);
                last = e;
                if (outcome instanceof Outcome.NeverSent && exchange.replayable()) {
                    continue;
                }
                throw e;
            }
            return sent.deliver(response, plan.edits(), new CountingEnd());
        }
        throw last;
    }

    private final class CountingEnd implements CallEnd {
        private final AtomicInteger ends = new AtomicInteger();

        @Override
        public void ended(Outcome outcome) {
            if (ends.getAndIncrement() == 0) {
                outcomes.add(outcome);
                inFlight.decrementAndGet();
            }
        }

        @Override
        public IOException translate(IOException failure) {
            return translation.apply(failure);
        }
    }
}
