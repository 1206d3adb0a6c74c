package io.inmesh.internal.istio;

import io.inmesh.config.ConfigCheck;
import io.inmesh.internal.istio.EarlierMatches.Earlier;
import io.inmesh.internal.text.Message;
import io.inmesh.internal.text.MessageText;
import io.inmesh.internal.text.Place;
import io.inmesh.model.VirtualService;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Routes and matches that no request reaches because earlier ones take them all. Always warnings, as in Istio
 * (pkg/config/validation: analyzeUnreachableHTTPRules); beyond Istio, a match also counts as taken where an earlier one
 * asks for less. A route of which all matches are taken is told once, as a route.
 */
final class UnreachableRoutes {
    /** Of no rule: a delegate does not know whose gateways lead to it. */
    private static final Set<String> UNKNOWN_GATEWAYS = Set.of("");

    /** Of a longer route nobody finds out what moving it would do. */
    private static final int MOST_MATCHES = 100;

    private final RuleChecks checks;
    private final String list;
    private final String requests;
    private final String namespace;
    private final Set<String> gateways;
    private final MatchConditions none;
    private final EarlierMatches earlier = new EarlierMatches();
    private final List<String> names = new ArrayList<>();

    /**
     * @param list the field with the routes: {@code http}, {@code tls} or {@code tcp}
     * @param namespace of the rule
     */
    private UnreachableRoutes(RuleChecks checks, Message spec, String list, String namespace) {
        this.checks = checks;
        this.list = list;
        this.requests = list.equals("http") ? "request" : "connection";
        this.namespace = namespace;
        List<String> written = spec.strings("gateways");
        this.gateways = spec.list("hosts").isEmpty()
                ? UNKNOWN_GATEWAYS
                : MatchConditions.gateways(written.isEmpty() ? List.of(VirtualService.MESH) : written, namespace);
        this.none = MatchConditions.of(Message.empty(spec.type(), spec.place()), namespace, gateways);
    }

    static void check(RuleChecks checks, Message spec, String namespace) {
        for (String list : List.of("http", "tls", "tcp")) {
            UnreachableRoutes routes = new UnreachableRoutes(checks, spec, list, namespace);
            spec.messages(list).forEach(routes::route);
        }
    }

    /** A match, what takes its requests, null for nothing. */
    private record Judged(
            Place place,
            MatchConditions conditions,
            @Nullable Earlier taker) {}

    private void route(Message route) {
        int index = names.size();
        String name = route.string("name");
        names.add(name.isEmpty() ? list + "[" + index + "]" : MessageText.quote(name));
        if (checks.isLost(route.place())) {
            return;
        }
        List<Judged> matches = new ArrayList<>();
        for (Message match : route.messages("match")) {
            matches.add(judged(match.place(), MatchConditions.of(match, namespace, gateways), route, matches.size()));
        }
        if (matches.isEmpty()) {
            matches.add(judged(route.place(), none, route, 0));
        }
        if (matches.stream().allMatch(match -> match.taker() != null)) {
            neverUsed(index, route.place(), matches);
            return;
        }
        for (Judged match : matches) {
            if (match.taker() != null) {
                neverUsed(index, match, match.taker());
            }
        }
    }

    private Judged judged(Place place, MatchConditions conditions, Message route, int match) {
        Earlier taker = earlier.covering(conditions);
        if (taker == null) {
            earlier.add(new Earlier(names.size() - 1, match, conditions), !route.has("delegate"));
        }
        return new Judged(place, conditions, taker);
    }

    private void neverUsed(int index, Place place, List<Judged> matches) {
        Set<Integer> takers = new LinkedHashSet<>();
        Set<String> named = new LinkedHashSet<>();
        String how = "";
        boolean everything = false;
        boolean same = true;
        int first = index;
        for (Judged match : matches) {
            Earlier taker = match.taker();
            if (taker != null) {
                takers.add(taker.route());
                named.add(names.get(taker.route()));
                how = how(taker);
                first = Math.min(first, taker.route());
                everything |= earlier.covers(taker.conditions(), none);
                same &= taker.conditions().equals(match.conditions());
            }
        }
        boolean one = takers.size() == 1;
        String what = everything && one
                ? "takes every " + requests
                : same && matches.size() == 1
                        ? "has the same match"
                        : (one ? "takes all its " : "take all its ") + requests + "s"
                                + (matches.size() == 1 ? how : "");
        checks.warning(
                ConfigCheck.UNREACHABLE_ROUTE,
                place,
                "the route " + names.get(index) + " is never used: " + String.join(" and ", named) + " before it "
                        + what,
                fix(matches, first, "move it before " + names.get(first)));
    }

    private void neverUsed(int index, Judged match, Earlier taker) {
        boolean sameRoute = taker.route() == index;
        String where = sameRoute ? "match[" + taker.match() + "] before it" : names.get(taker.route()) + " before it";
        String what = taker.conditions().equals(match.conditions())
                ? sameRoute ? " is the same" : " has the same"
                : earlier.covers(taker.conditions(), none)
                        ? " takes every " + requests
                        : " takes all its " + requests + "s" + how(taker);
        checks.warning(
                ConfigCheck.UNREACHABLE_MATCH,
                match.place(),
                "the match is never used: " + where + what,
                sameRoute
                        ? "remove it"
                        : fix(
                                List.of(match),
                                taker.route(),
                                "move it to a route of its own before " + names.get(taker.route())));
    }

    private static String how(Earlier taker) {
        String words = taker.conditions().words();
        return words.isEmpty() ? "" : " by " + words;
    }

    /** Whoever comes first takes requests of those behind: where none of them would get any, moving is no remedy. */
    private String fix(List<Judged> matches, int before, String move) {
        if (matches.size() > MOST_MATCHES) {
            return "remove it";
        }
        List<MatchConditions> conditions =
                matches.stream().map(Judged::conditions).toList();
        boolean remains = earlier.anyFrom(before, conditions) || earlier.isRepetitive(conditions);
        return remains ? "remove it" : move + ", or remove it";
    }
}
