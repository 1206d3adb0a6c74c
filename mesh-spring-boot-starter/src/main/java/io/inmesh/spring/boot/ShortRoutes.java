package io.inmesh.spring.boot;

import io.inmesh.model.Destination;
import io.inmesh.model.Headers;
import io.inmesh.model.Headers.HeaderOperations;
import io.inmesh.model.HttpDirectResponse;
import io.inmesh.model.HttpFaultInjection;
import io.inmesh.model.HttpRedirect;
import io.inmesh.model.HttpRetry;
import io.inmesh.model.HttpRewrite;
import io.inmesh.model.HttpRoute;
import io.inmesh.model.HttpRouteDestination;
import io.inmesh.spring.boot.ServiceProperties.DirectResponse;
import io.inmesh.spring.boot.ServiceProperties.Fault;
import io.inmesh.spring.boot.ServiceProperties.HeaderEdit;
import io.inmesh.spring.boot.ServiceProperties.HeaderEdits;
import io.inmesh.spring.boot.ServiceProperties.Redirect;
import io.inmesh.spring.boot.ServiceProperties.Retries;
import io.inmesh.spring.boot.ServiceProperties.Rewrite;
import io.inmesh.spring.boot.ServiceProperties.Route;
import io.inmesh.spring.boot.ServiceProperties.Target;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compiles the routes of one service of the short form. */
final class ShortRoutes {
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final int MILLION = 1_000_000;

    private final String self;
    private final ServiceProperties service;
    private final PropertyProblems problems;
    private final ShortMatches matches;

    /**
     * Makes a compiler.
     *
     * @param self full name of the service
     */
    ShortRoutes(String self, ServiceProperties service, PropertyProblems problems) {
        this.self = self;
        this.service = service;
        this.problems = problems;
        this.matches = new ShortMatches(problems);
    }

    /**
     * Compiles.
     *
     * @param path of the service
     * @return empty when calls need no rule
     */
    List<HttpRoute> compile(String path) {
        if (service.routes().isEmpty()) {
            if (service.timeout() == null && service.retries() == null) {
                return List.of();
            }
            Route whole = new Route(null, List.of(), List.of(), null, null, null, null, null, null, null);
            return List.of(route(whole, path));
        }
        List<HttpRoute> routes = new ArrayList<>();
        for (int i = 0; i < service.routes().size(); i++) {
            routes.add(route(service.routes().get(i), path + ".routes[" + i + "]"));
        }
        if (service.routes().stream().noneMatch(route -> route.match().isEmpty())) {
            problems.warning(
                    path + ".routes",
                    "every route has a condition; calls that meet none of them fail with 404",
                    "end the list with a route without 'match'");
        }
        return routes;
    }

    private HttpRoute route(Route route, String path) {
        exclusive(route, path);
        boolean forwards = route.redirect() == null && route.directResponse() == null;
        Retries retries = route.retries() == null ? service.retries() : route.retries();
        Duration timeout = route.timeout() == null ? service.timeout() : route.timeout();
        wholeMillis(timeout, path + ".timeout");
        return HttpRoute.builder()
                .name(route.name() == null ? "" : route.name())
                .match(matches.compile(route.match(), path + ".match"))
                .route(forwards ? targets(route.to(), path + ".to") : List.of())
                .redirect(redirect(route.redirect(), path + ".redirect"))
                .directResponse(directResponse(route.directResponse(), path + ".direct-response"))
                .rewrite(rewrite(route.rewrite(), path + ".rewrite"))
                .timeout(timeout)
                .retries(retries(retries, path + ".retries"))
                .fault(fault(route.fault(), path + ".fault"))
                .headers(headers(route.headers()))
                .origin(problems.place(path))
                .build();
    }

    private void exclusive(Route route, String path) {
        int ends = (route.to().isEmpty() ? 0 : 1)
                + (route.redirect() == null ? 0 : 1)
                + (route.directResponse() == null ? 0 : 1);
        if (ends > 1) {
            problems.error(path, "a route has one of 'to', 'redirect' and 'direct-response'", "leave one");
        }
        if (route.rewrite() != null && (route.redirect() != null || route.directResponse() != null)) {
            problems.error(path + ".rewrite", "nothing is forwarded here that could be rewritten", "remove it");
        }
        if (route.fault() != null && (route.redirect() != null || route.directResponse() != null)) {
            problems.error(path + ".fault", "a fault needs a route that forwards", "remove it");
        }
    }

    private List<HttpRouteDestination> targets(List<Target> targets, String path) {
        if (targets.isEmpty()) {
            return List.of(new HttpRouteDestination(new Destination(self, null, 0), 0, Headers.NONE));
        }
        weights(targets, path);
        boolean unweighted = targets.stream().allMatch(target -> target.weight() == null);
        List<HttpRouteDestination> destinations = new ArrayList<>();
        for (int i = 0; i < targets.size(); i++) {
            Target target = targets.get(i);
            String at = path + "[" + i + "]";
            if (target.port() != null) {
                problems.portInRange(target.port(), at + ".port");
            }
            String subset = target.subset();
            if (subset != null && target.host() == null && !service.subsets().containsKey(subset)) {
                problems.error(
                        at + ".subset",
                        "this service has no subset '" + subset + "'",
                        service.subsets().isEmpty()
                                ? "define it under 'subsets'"
                                : MessageText.suggest(subset, service.subsets().keySet()));
            }
            int weight = target.weight() == null ? (unweighted && targets.size() > 1 ? 1 : 0) : target.weight();
            destinations.add(new HttpRouteDestination(
                    new Destination(
                            target.host() == null ? self : target.host(),
                            subset,
                            target.port() == null ? 0 : target.port()),
                    weight,
                    headers(target.headers())));
        }
        return destinations;
    }

    private void weights(List<Target> targets, String path) {
        long sum = 0;
        int given = 0;
        for (int i = 0; i < targets.size(); i++) {
            Integer weight = targets.get(i).weight();
            if (weight != null && weight < 0) {
                problems.error(path + "[" + i + "].weight", "a weight is 0 or more", "");
            }
            given += weight == null ? 0 : 1;
            sum += weight == null ? 0 : weight;
        }
        if (given > 0 && given < targets.size()) {
            problems.error(path, "some destinations have a weight and some have none", "give every one a weight");
        } else if (given > 1 && sum == 0) {
            problems.error(path, "the weights add up to 0", "give at least one destination a weight above 0");
        }
    }

    private @Nullable HttpRedirect redirect(@Nullable Redirect redirect, String path) {
        if (redirect == null) {
            return null;
        }
        if (!REDIRECTS.contains(redirect.status())) {
            problems.error(path + ".status", redirect.status() + " is no redirect", "use 301, 302, 303, 307 or 308");
        }
        if (redirect.port() != null) {
            problems.portInRange(redirect.port(), path + ".port");
        }
        return HttpRedirect.builder()
                .uri(redirect.path())
                .authority(redirect.authority())
                .port(redirect.port() == null ? 0 : redirect.port())
                .scheme(redirect.scheme())
                .redirectCode(redirect.status())
                .build();
    }

    private @Nullable HttpDirectResponse directResponse(@Nullable DirectResponse response, String path) {
        if (response == null) {
            return null;
        }
        int status = status(response.status(), path);
        String body = response.body() == null ? "" : response.body();
        return new HttpDirectResponse(status, body.getBytes(StandardCharsets.UTF_8));
    }

    private @Nullable HttpRewrite rewrite(@Nullable Rewrite rewrite, String path) {
        if (rewrite == null) {
            return null;
        }
        ServiceProperties.PathRegex regex = rewrite.pathRegex();
        if (regex == null) {
            return new HttpRewrite(rewrite.path(), rewrite.authority(), null);
        }
        if (rewrite.path() != null) {
            problems.error(path, "'path' and 'path-regex' exclude each other", "leave one");
        }
        String match = problems.required(regex.match(), path + ".path-regex.match");
        matches.regex(match, path + ".path-regex.match");
        String replacement = problems.required(regex.rewrite(), path + ".path-regex.rewrite");
        return new HttpRewrite(null, rewrite.authority(), new HttpRewrite.RegexRewrite(match, replacement));
    }

    private @Nullable HttpRetry retries(@Nullable Retries retries, String path) {
        if (retries == null || retries.attempts() == null) {
            return null;
        }
        if (retries.attempts() < 0) {
            problems.error(path + ".attempts", "a number of attempts is 0 or more", "write 0 to turn retries off");
        }
        return HttpRetry.builder(retries.attempts()).build();
    }

    private @Nullable HttpFaultInjection fault(@Nullable Fault fault, String path) {
        if (fault == null) {
            return null;
        }
        HttpFaultInjection.Delay delay = null;
        if (fault.delay() != null) {
            Duration duration = fault.delay().duration();
            if (duration == null) {
                problems.error(path + ".delay.duration", "missing", "write how long, such as 2s");
                duration = Duration.ofSeconds(1);
            }
            wholeMillis(duration, path + ".delay.duration");
            delay = new HttpFaultInjection.Delay(duration, parts(fault.delay().percent(), path + ".delay.percent"));
        }
        HttpFaultInjection.Abort abort = null;
        if (fault.abort() != null) {
            abort = new HttpFaultInjection.Abort(
                    status(fault.abort().status(), path + ".abort"),
                    null,
                    parts(fault.abort().percent(), path + ".abort.percent"));
        }
        if (delay == null && abort == null) {
            problems.error(path, "neither 'delay' nor 'abort' is given", "give one or remove the fault");
        }
        return new HttpFaultInjection(delay, abort);
    }

    private int status(@Nullable Integer status, String path) {
        if (status == null || status < 200 || status > 599) {
            problems.error(
                    path + ".status",
                    status == null ? "missing" : status + " is not a status that can be answered",
                    "write a number from 200 to 599");
            return 500;
        }
        return status;
    }

    private int parts(double percent, String path) {
        if (!(percent >= 0 && percent <= 100)) {
            problems.error(path, percent + " is not a percentage", "write a number from 0 to 100");
            return 0;
        }
        return (int) Math.round(percent * MILLION / 100);
    }

    private void wholeMillis(@Nullable Duration duration, String path) {
        if (duration != null && (duration.isNegative() || duration.toNanosPart() % MILLION != 0)) {
            problems.error(path, "a duration is a whole number of milliseconds, not negative", "");
        }
    }

    private static Headers headers(@Nullable HeaderEdits edits) {
        return edits == null ? Headers.NONE : new Headers(operations(edits.request()), operations(edits.response()));
    }

    private static HeaderOperations operations(@Nullable HeaderEdit edit) {
        return edit == null ? HeaderOperations.NONE : new HeaderOperations(edit.set(), edit.add(), edit.remove());
    }
}
