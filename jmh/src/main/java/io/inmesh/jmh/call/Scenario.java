package io.inmesh.jmh.call;

import java.util.ArrayList;
import java.util.List;

/**
 * One kind of call.
 *
 * @param protocol by which the endpoints are called, without TLS
 * @param body what a call carries
 * @param threads that call at the same time
 * @param endpoints that take turns
 * @param timeout whether the route has one
 */
record Scenario(Protocol protocol, Body body, int threads, int endpoints, boolean timeout) {
    /** HTTP/1.1 or HTTP/2. */
    enum Protocol {
        H1,
        H2
    }

    /** Bytes that a call sends and gets. */
    enum Body {
        GET_1K("get-1k", 0, 1 << 10),
        POST_1K("post-1k", 1 << 10, 0),
        GET_1M("get-1m", 0, 1 << 20),
        POST_1M("post-1m", 1 << 20, 0);

        final String word;
        final int sent;
        final int received;

        Body(String word, int sent, int received) {
            this.word = word;
            this.sent = sent;
            this.received = received;
        }

        boolean large() {
            return sent + received >= 1 << 20;
        }
    }

    /** Small ones in every combination; large ones, on which threads and endpoints have less influence, in a few. */
    static final List<Scenario> ALL = all();

    /** One for each thing that can be wrong. */
    static final List<Scenario> QUICK = List.of(
            new Scenario(Protocol.H1, Body.GET_1K, 1, 1, false),
            new Scenario(Protocol.H1, Body.GET_1K, 1, 1, true),
            new Scenario(Protocol.H1, Body.GET_1K, 2, 20, true),
            new Scenario(Protocol.H1, Body.GET_1M, 1, 1, true),
            new Scenario(Protocol.H2, Body.GET_1K, 1, 1, true));

    private static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>();
        for (Protocol protocol : Protocol.values()) {
            for (int threads = 1; threads <= 2; threads++) {
                all.add(new Scenario(protocol, Body.GET_1K, threads, 1, false));
                all.add(new Scenario(protocol, Body.GET_1K, threads, 1, true));
                all.add(new Scenario(protocol, Body.GET_1K, threads, 20, true));
                all.add(new Scenario(protocol, Body.POST_1K, threads, 1, true));
                all.add(new Scenario(protocol, Body.GET_1M, threads, 1, true));
                all.add(new Scenario(protocol, Body.POST_1M, threads, 1, true));
            }
        }
        return List.copyOf(all);
    }

    /** Its words, as they are chosen by. */
    @Override
    public String toString() {
        return String.join(
                " ",
                protocol == Protocol.H1 ? "h1" : "h2",
                body.word,
                "threads=" + threads,
                "endpoints=" + endpoints,
                timeout ? "timeout" : "no-timeout");
    }
}
