package io.inmesh.internal.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.call.RequestHead;
import io.inmesh.call.SimpleRequestHead;
import io.inmesh.model.HttpMatchRequest;
import io.inmesh.model.Origin;
import io.inmesh.model.PathNormalization;
import io.inmesh.model.StringMatch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The index of a sequence against trying one route after the other. */
class RouteSequenceTest {
    private static final List<String> PATHS =
            List.of("/", "/a", "/a/", "/a/b", "/ab", "/abc", "/b", "/A/b", "/a/b/c", "/ä", "/a%20b", "");
    private static final List<String> NAMES = List.of("x", "X", "y", "x-y", "end-user", "host", ":method", ":path");
    private static final List<String> VALUES = List.of("1", "2", "12", "", "GET", "h", "h:80", "/a/b");

    @Property(tries = 3000)
    void theIndexFindsTheRouteThatTryingInTurnFinds(@ForAll Random random) {
        List<CompiledRoute> routes = IntStream.range(0, random.nextInt(40))
                .mapToObj(i -> route(i, match(random)))
                .toList();
        RouteSequence sequence = RouteSequence.of(routes);
        for (int i = 0; i < 20; i++) {
            RequestHead head = head(random);
            String path = PathNormalization.BASE.canonical(head.pathAndQuery());
            int end = PathNormalization.pathEnd(path);

            CompiledRoute inTurn = routes.stream()
                    .filter(route -> route.matches(head, path, end))
                    .findFirst()
                    .orElse(null);

            assertThat(sequence.first(head, path, end))
                    .as("%s %s in %s", head, path, routes)
                    .isSameAs(inTurn);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4, 50})
    void routesKeepTheirOrder(int count) {
        List<CompiledRoute> routes = IntStream.range(0, count)
                .mapToObj(i -> route(i, match("/" + i, Map.of())))
                .toList();

        assertThat(RouteSequence.of(routes).list()).containsExactlyElementsOf(routes);
    }

    /** Callers of a gateway choose how many lines of a header there are. */
    @Test
    void aLineThatIsRepeatedIsTriedOnce() {
        List<CompiledRoute> routes = IntStream.range(0, 20)
                .mapToObj(i -> route(i, match("/", Map.of("x", new StringMatch.Regex("b" + i)))))
                .toList();
        RouteSequence sequence = RouteSequence.of(routes);
        AtomicInteger read = new AtomicInteger();
        RequestHead head = counting(head("/", Map.of("x", Collections.nCopies(1000, "a"))), read);

        assertThat(sequence.first(head, "/", 1)).isNull();

        // 20 routes over 1000 lines, and each line compared with those before it until one is alike.
        assertThat(read).hasValueLessThan(40_000);
    }

    /** Counts the values of lines that are read. */
    private static RequestHead counting(RequestHead head, AtomicInteger read) {
        return new RequestHead() {
            @Override
            public String method() {
                return head.method();
            }

            @Override
            public String scheme() {
                return head.scheme();
            }

            @Override
            public String authority() {
                return head.authority();
            }

            @Override
            public int port() {
                return head.port();
            }

            @Override
            public String pathAndQuery() {
                return head.pathAndQuery();
            }

            @Override
            public int headerCount() {
                return head.headerCount();
            }

            @Override
            public String headerName(int index) {
                return head.headerName(index);
            }

            @Override
            public String headerValue(int index) {
                read.incrementAndGet();
                return head.headerValue(index);
            }
        };
    }

    @Test
    void manyPathsThatLieInEachOtherAreFound() {
        List<CompiledRoute> routes = new ArrayList<>();
        StringBuilder path = new StringBuilder("/");
        for (int i = 0; i < 2000; i++) {
            routes.add(0, route(i, match(path.append('a').toString(), Map.of())));
        }
        RouteSequence sequence = RouteSequence.of(routes);
        String asked = "/" + "a".repeat(1500) + "b";

        CompiledRoute found = sequence.first(head(asked, Map.of()), asked, asked.length());

        assertThat(found).isSameAs(routes.get(500));
    }

    private static CompiledRoute route(int index, HttpMatchRequest match) {
        return new CompiledRoute(
                "",
                "route-" + index,
                Origin.NONE,
                RouteMatcher.of(match, false),
                List.of(),
                0,
                null,
                null,
                HeaderEdits.NONE,
                null,
                null,
                0,
                RetryPlan.DEFAULT,
                List.of(),
                null);
    }

    private static HttpMatchRequest match(String prefix, Map<String, StringMatch> headers) {
        return match(new StringMatch.Prefix(prefix), null, headers, Map.of(), Map.of(), false);
    }

    private static HttpMatchRequest match(Random random) {
        return match(
                random.nextInt(4) == 0 ? null : condition(random, PATHS),
                random.nextInt(4) == 0 ? condition(random, VALUES) : null,
                random.nextBoolean() ? conditions(random, NAMES) : Map.of(),
                random.nextInt(4) == 0 ? conditions(random, NAMES) : Map.of(),
                random.nextInt(4) == 0 ? conditions(random, List.of("q", "r")) : Map.of(),
                random.nextInt(4) == 0);
    }

    private static HttpMatchRequest match(
            StringMatch uri,
            StringMatch authority,
            Map<String, StringMatch> headers,
            Map<String, StringMatch> withoutHeaders,
            Map<String, StringMatch> queryParams,
            boolean ignoreCase) {
        return HttpMatchRequest.builder()
                .uri(uri)
                .authority(authority)
                .headers(headers)
                .withoutHeaders(withoutHeaders)
                .queryParams(queryParams)
                .ignoreUriCase(ignoreCase)
                .build();
    }

    private static Map<String, StringMatch> conditions(Random random, List<String> names) {
        return random.nextBoolean()
                ? Map.of(pick(random, names), condition(random, VALUES))
                : Map.of(names.get(0), condition(random, VALUES), names.get(1), condition(random, VALUES));
    }

    private static StringMatch condition(Random random, List<String> texts) {
        String text = pick(random, texts);
        return switch (random.nextInt(5)) {
            case 0 -> new StringMatch.Prefix(text);
            case 1 -> new StringMatch.Regex(text + ".*");
            case 2 -> new StringMatch.Present();
            default -> new StringMatch.Exact(text);
        };
    }

    private static RequestHead head(Random random) {
        Map<String, List<String>> headers = random.nextInt(3) == 0
                ? Map.of()
                : Map.of(
                        pick(random, List.of("x", "X-Y", "End-User")),
                        List.of(pick(random, VALUES), pick(random, VALUES)),
                        pick(random, List.of("X", "Y", "y")),
                        List.of(pick(random, VALUES), pick(random, VALUES), pick(random, VALUES)));
        String path = pick(random, PATHS) + pick(random, List.of("", "/b", "c", "?q=1", "?r=12&q"));
        return head(path.startsWith("/") ? path : "/" + path, headers);
    }

    private static RequestHead head(String pathAndQuery, Map<String, List<String>> headers) {
        return SimpleRequestHead.of("GET", "http://h" + pathAndQuery, headers);
    }

    private static String pick(Random random, List<String> texts) {
        return texts.get(random.nextInt(texts.size()));
    }
}
