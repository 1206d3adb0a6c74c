package io.inmesh.internal.istio;

import io.inmesh.config.ConfigCheck;
import io.inmesh.internal.text.Message;
import io.inmesh.internal.text.Message.Value;
import io.inmesh.internal.text.MessageText;
import io.inmesh.internal.text.Place;
import io.inmesh.model.HeaderName;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What Istio requires of one HTTP route (pkg/config/validation: validateHTTPRoute). */
final class HttpRouteRules {
    private static final int KIB = 1024;

    private final RuleChecks checks;
    private final DestinationChecks destinations;
    private final FaultRules faults;
    private final RetryRules retries;

    HttpRouteRules(RuleChecks checks) {
        this.checks = checks;
        destinations = new DestinationChecks(checks);
        faults = new FaultRules(checks);
        retries = new RetryRules(checks);
    }

    /** @param inDelegate whether the VirtualService is itself a delegate */
    void check(Message route, boolean inDelegate) {
        actions(route, inDelegate);
        route.messages("match").forEach(this::match);
        checks.headers().edits(route.message("headers"));
        cors(route.message("corsPolicy"));
        faults.check(route.message("fault"));
        mirrors(route);
        redirect(route.message("redirect"));
        prefixRewrite(route);
        directResponse(route.message("directResponse"));
        retries.check(route.message("retries"));
        rewrite(route.message("rewrite"));
        authority(route);
        destinations.weighted(route.messages("route"), route.place("route"));
        checks.duration(route, "timeout", "for no limit");
        perTryTimeout(route.duration("timeout"), route.message("retries"));
    }

    private void perTryTimeout(@Nullable Duration timeout, @Nullable Message retries) {
        Duration perTry = retries == null ? null : retries.duration("perTryTimeout");
        if (retries != null && timeout != null && perTry != null && perTry.compareTo(timeout) >= 0) {
            checks.warning(
                    retries.place("perTryTimeout"),
                    "perTryTimeout is not shorter than the route's timeout, and so counts for nothing",
                    "write a shorter one, or remove it");
        }
    }

    private void actions(Message route, boolean inDelegate) {
        if (route.has("delegate") && !inDelegate) {
            excludes(route, "delegate", "route", "redirect");
            return;
        }
        if (route.has("delegate")) {
            checks.error(
                    route.place("delegate"), "a delegate cannot delegate further", "write the routes here instead");
        }
        if (route.has("redirect")) {
            excludes(route, "redirect", "route", "fault", "rewrite", "directResponse");
        } else if (route.has("directResponse")) {
            excludes(route, "directResponse", "route", "fault", "rewrite");
        } else if (route.list("route").isEmpty()) {
            checks.error(
                    route.place(),
                    "the route leads nowhere: it has none of route, redirect, directResponse and delegate",
                    "add a route with a destination");
        }
        if (route.has("mirror") && !route.list("mirrors").isEmpty()) {
            checks.error(route.place("mirrors"), "mirror and mirrors exclude each other", "keep mirrors");
        }
    }

    private void excludes(Message route, String action, String... others) {
        for (String other : others) {
            boolean given = other.equals("route") ? !route.list(other).isEmpty() : route.has(other);
            if (given) {
                checks.error(
                        route.place(other),
                        "a route with " + action + " cannot have " + other,
                        "remove one, or split the route");
            }
        }
    }

    private void match(Message match) {
        match.map("headers").forEach((name, value) -> {
            matchedHeaderName(name, value.place());
            stringMatch(value.message(), false);
        });
        match.map("withoutHeaders").forEach((name, value) -> {
            matchedHeaderName(name, value.place());
            if (!value.message().string("regex").equals("*")) {
                stringMatch(value.message(), false);
            }
        });
        stringMatch(match.message("uri"), true);
        for (String field : List.of("scheme", "method", "authority")) {
            stringMatch(match.message(field), false);
        }
        match.map("queryParams").values().forEach(value -> stringMatch(value.message(), false));
        checks.portOrNone(match, "port");
        checks.labels(match.map("sourceLabels"));
        checks.gateways(match.list("gateways"));
        String namespace = match.string("sourceNamespace");
        if (!namespace.isEmpty() && !NameRules.isDnsLabel(namespace)) {
            checks.error(
                    match.place("sourceNamespace"),
                    MessageText.quote(namespace) + " is not a namespace",
                    "correct the name");
        }
    }

    private void matchedHeaderName(String name, Place place) {
        if (!HeaderRules.isClaim(name) && !HeaderRules.isPseudoHeader(name)) {
            headerName(name, place);
        }
    }

    private void headerName(String name, Place place) {
        if (!HeaderName.isValid(name)) {
            checks.error(place, MessageText.quote(name) + " is not a header name", "use " + HeaderName.CHARACTERS);
        }
    }

    private void stringMatch(@Nullable Message match, boolean emptyPrefixAllowed) {
        if (match == null) {
            return;
        }
        if (match.has("regex")) {
            if (match.string("regex").isEmpty()) {
                checks.error(match.place("regex"), "the expression is empty", "write one, or remove the condition");
            } else {
                checks.regex(match.string("regex"), match.place("regex"));
            }
        } else if (match.has("prefix") && match.string("prefix").isEmpty() && !emptyPrefixAllowed) {
            checks.error(match.place("prefix"), "the prefix is empty", "write {} where any value will do, or a prefix");
        }
        String used = match.has("regex") ? "regex" : "prefix";
        int given = (match.has("exact") ? 1 : 0) + (match.has("prefix") ? 1 : 0) + (match.has("regex") ? 1 : 0);
        if (given > 1) {
            checks.warning(
                    match.place(),
                    "exact, prefix and regex exclude each other; Istio takes " + used + " and ignores the rest",
                    "keep one of them");
        }
    }

    private void cors(@Nullable Message cors) {
        if (cors == null) {
            return;
        }
        for (Message origin : cors.messages("allowOrigins")) {
            String text = origin.string(origin.has("regex") ? "regex" : origin.has("prefix") ? "prefix" : "exact");
            if (text.isEmpty()) {
                checks.error(origin.place(), "an allowed origin must not be empty", "write exact, prefix or regex");
            } else if (origin.has("regex")) {
                checks.regex(text, origin.place("regex"));
            }
        }
        for (Value method : cors.list("allowMethods")) {
            Set<String> methods =
                    Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE", "*");
            if (!methods.contains(method.string())) {
                checks.error(
                        method.place(),
                        MessageText.quote(method.string()) + " is not an HTTP method",
                        "write it as GET");
            }
        }
        for (String field : List.of("allowHeaders", "exposeHeaders")) {
            for (Value name : cors.list(field)) {
                if (!name.string().equals("*")) {
                    headerName(name.string(), name.place());
                }
            }
        }
        checks.duration(cors, "maxAge");
        Duration maxAge = cors.duration("maxAge");
        if (maxAge != null && maxAge.toNanosPart() > 0) {
            checks.error(cors.place("maxAge"), "maxAge has whole seconds only", "round it");
        }
    }

    private void mirrors(Message route) {
        Message mirror = route.message("mirror");
        if (mirror != null) {
            destinations.destination(mirror);
        }
        Long percent = route.numberOrNull("mirrorPercent");
        if (percent != null) {
            if (mirror != null) {
                checks.warning(
                        ConfigCheck.DEPRECATED,
                        route.place("mirrorPercent"),
                        "mirrorPercent is deprecated",
                        "write mirrorPercentage");
            }
            mirrorPercentage(percent.doubleValue(), route.place("mirrorPercent"));
        }
        Message percentage = route.message("mirrorPercentage");
        if (percentage != null) {
            mirrorPercentage(percentage.doubleOrNull("value"), percentage.place("value"));
        }
        if (mirror == null && (percent != null || percentage != null)) {
            checks.warning(
                    route.place(percent == null ? "mirrorPercentage" : "mirrorPercent"),
                    "a percentage without mirror does nothing",
                    "remove it, or add mirror");
        }
        for (Message policy : route.messages("mirrors")) {
            Message destination = policy.message("destination");
            if (destination == null) {
                checks.error(policy.place(), "a mirror needs a destination", "add destination: {host: …}");
                continue;
            }
            destinations.destination(destination);
            Message share = policy.message("percentage");
            if (share != null) {
                mirrorPercentage(share.doubleOrNull("value"), share.place("value"));
            }
        }
    }

    private void mirrorPercentage(@Nullable Double value, Place place) {
        if (value != null && (value < 0 || value > 100)) {
            checks.error(
                    place, "the percentage " + value + " is not between 0 and 100", "write a number from 0 to 100");
        }
    }

    private void redirect(@Nullable Message redirect) {
        if (redirect == null) {
            return;
        }
        if (List.of("uri", "authority", "scheme", "prefixRewrite").stream()
                        .allMatch(field -> redirect.string(field).isEmpty())
                && !redirect.has("port")
                && !redirect.has("derivePort")) {
            checks.error(
                    redirect.place(),
                    "the redirect changes nothing: redirect must specify URI, authority, scheme, or port",
                    "add one of them");
            return;
        }
        if (!redirect.string("uri").isEmpty()
                && !redirect.string("prefixRewrite").isEmpty()) {
            checks.error(
                    redirect.place("prefixRewrite"), "uri and prefixRewrite exclude each other", "keep one of them");
        }
        long code = redirect.number("redirectCode");
        if (code != 0 && (code < 300 || code > 399)) {
            checks.error(
                    redirect.place("redirectCode"),
                    code + " is not a redirect code",
                    "write 301, 302, 303, 307 or 308");
        } else if (code != 0 && !Set.of(301L, 302L, 303L, 307L, 308L).contains(code)) {
            checks.warning(
                    redirect.place("redirectCode"),
                    code + " is not a code that Istio executes",
                    "write 301, 302, 303, 307 or 308");
        }
        String scheme = redirect.string("scheme");
        if (!scheme.isEmpty() && !scheme.equals("http") && !scheme.equals("https")) {
            checks.error(
                    redirect.place("scheme"),
                    MessageText.quote(scheme) + " cannot be redirected to",
                    "write http or https");
        }
        checks.portOrNone(redirect, "port");
    }

    /** A matched prefix can be replaced only where every match has one. */
    private void prefixRewrite(Message route) {
        Message redirect = route.message("redirect");
        if (redirect == null || redirect.string("prefixRewrite").isEmpty()) {
            return;
        }
        for (Message match : route.messages("match")) {
            Message uri = match.message("uri");
            if (uri != null && (uri.has("regex") || !uri.has("prefix"))) {
                checks.error(
                        redirect.place("prefixRewrite"),
                        "prefixRewrite needs matches by uri prefix only",
                        "match by prefix, or use uri");
                return;
            }
        }
    }

    private void directResponse(@Nullable Message response) {
        if (response == null) {
            return;
        }
        checks.status(response.number("status"), response.place("status"));
        Message body = response.message("body");
        if (body == null) {
            return;
        }
        byte[] bytes = body.bytes("bytes");
        long size = bytes != null ? bytes.length : body.string("string").getBytes(StandardCharsets.UTF_8).length;
        if (size > KIB * KIB) {
            checks.error(body.place(), "the body has " + size + " bytes, more than 1 MiB", "serve it elsewhere");
        } else if (size > 100 * KIB) {
            checks.warning(body.place(), "the body has " + size + " bytes, which is much for a rule", "shorten it");
        }
    }

    private void rewrite(@Nullable Message rewrite) {
        if (rewrite == null) {
            return;
        }
        Message regex = rewrite.message("uriRegexRewrite");
        boolean uri = !rewrite.string("uri").isEmpty();
        if (uri && regex != null) {
            checks.error(
                    rewrite.place("uriRegexRewrite"), "uri and uriRegexRewrite exclude each other", "keep one of them");
        } else if (!uri && regex == null && rewrite.string("authority").isEmpty()) {
            checks.error(
                    rewrite.place(),
                    "the rewrite changes nothing",
                    "add uri, uriRegexRewrite or authority, or remove it");
        } else if (regex != null) {
            if (regex.string("match").isEmpty() || regex.string("rewrite").isEmpty()) {
                checks.error(regex.place(), "uriRegexRewrite needs both match and rewrite", "add what is missing");
            } else {
                checks.regex(regex.string("match"), regex.place("match"));
            }
        }
    }

    /** The authority may be set in one place only. */
    private void authority(Message route) {
        Message rewrite = route.message("rewrite");
        Message headers = route.message("headers");
        Message request = headers == null ? null : headers.message("request");
        if (request == null) {
            return;
        }
        String current = rewrite == null ? "" : rewrite.string("authority");
        for (String field : List.of("set", "add")) {
            for (Map.Entry<String, Value> header : request.map(field).entrySet()) {
                if (HeaderRules.isAuthority(header.getKey())) {
                    if (!current.isEmpty()) {
                        checks.error(
                                header.getValue().place(),
                                "the authority is set twice, to " + MessageText.quote(current) + " too",
                                "set it once, best by rewrite.authority");
                        return;
                    }
                    current = header.getValue().string();
                }
            }
        }
    }
}
