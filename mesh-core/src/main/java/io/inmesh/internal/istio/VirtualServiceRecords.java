package io.inmesh.internal.istio;

import io.inmesh.internal.text.Message;
import io.inmesh.internal.text.Message.Value;
import io.inmesh.model.CorsPolicy;
import io.inmesh.model.Delegate;
import io.inmesh.model.Destination;
import io.inmesh.model.Headers;
import io.inmesh.model.Headers.HeaderOperations;
import io.inmesh.model.HttpDirectResponse;
import io.inmesh.model.HttpFaultInjection;
import io.inmesh.model.HttpMatchRequest;
import io.inmesh.model.HttpMirrorPolicy;
import io.inmesh.model.HttpRedirect;
import io.inmesh.model.HttpRetry;
import io.inmesh.model.HttpRewrite;
import io.inmesh.model.HttpRoute;
import io.inmesh.model.HttpRouteDestination;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.StringMatch;
import io.inmesh.model.VirtualService;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns a VirtualService that passed {@link VirtualServiceRules} into its record. */
final class VirtualServiceRecords {
    private static final int MILLION = 1_000_000;

    private VirtualServiceRecords() {}

    static VirtualService virtualService(ObjectMeta meta, Message spec) {
        return new VirtualService(
                meta,
                spec.strings("hosts"),
                spec.strings("gateways"),
                spec.messages("http").stream().map(VirtualServiceRecords::route).toList(),
                spec.strings("exportTo"));
    }

    private static HttpRoute route(Message route) {
        return HttpRoute.builder()
                .name(route.string("name"))
                .match(route.messages("match").stream()
                        .map(VirtualServiceRecords::match)
                        .toList())
                .route(route.messages("route").stream()
                        .map(VirtualServiceRecords::routeDestination)
                        .toList())
                .redirect(redirect(route.message("redirect")))
                .directResponse(directResponse(route.message("directResponse")))
                .delegate(delegate(route.message("delegate")))
                .rewrite(rewrite(route.message("rewrite")))
                .timeout(route.duration("timeout"))
                .retries(retry(route.message("retries")))
                .fault(fault(route.message("fault")))
                .mirrors(mirrors(route))
                .cors(cors(route.message("corsPolicy")))
                .headers(headers(route.message("headers")))
                .origin(route.place().origin())
                .build();
    }

    private static HttpMatchRequest match(Message match) {
        StringMatch uri = stringMatch(match.message("uri"));
        return HttpMatchRequest.builder()
                .name(match.string("name"))
                .uri(uri instanceof StringMatch.Present ? null : uri)
                .scheme(stringMatch(match.message("scheme")))
                .method(stringMatch(match.message("method")))
                .authority(stringMatch(match.message("authority")))
                .headers(stringMatches(match.map("headers")))
                .withoutHeaders(stringMatches(match.map("withoutHeaders")))
                .queryParams(stringMatches(match.map("queryParams")))
                .port(match.integer("port"))
                .sourceLabels(match.stringMap("sourceLabels"))
                .sourceNamespace(blankToNull(match.string("sourceNamespace")))
                .gateways(match.strings("gateways"))
                .ignoreUriCase(match.bool("ignoreUriCase"))
                .statPrefix(blankToNull(match.string("statPrefix")))
                .origin(match.place().origin())
                .build();
    }

    /** Where several members are given the last one in Istio's declaration wins, as in its own reader. */
    static @Nullable StringMatch stringMatch(@Nullable Message match) {
        if (match == null) {
            return null;
        }
        if (match.has("regex")) {
            return new StringMatch.Regex(match.string("regex"));
        }
        if (match.has("prefix")) {
            return new StringMatch.Prefix(match.string("prefix"));
        }
        return match.has("exact") ? new StringMatch.Exact(match.string("exact")) : new StringMatch.Present();
    }

    private static Map<String, StringMatch> stringMatches(Map<String, Value> matches) {
        Map<String, StringMatch> records = new LinkedHashMap<>();
        matches.forEach((name, value) -> {
            StringMatch match = stringMatch(value.message());
            records.put(name, match == null ? new StringMatch.Present() : match);
        });
        return records;
    }

    private static HttpRouteDestination routeDestination(Message route) {
        Message destination = route.message("destination");
        if (destination == null) {
            throw new IllegalStateException("a route without destination passed the rules");
        }
        return new HttpRouteDestination(
                destination(destination), route.integer("weight"), headers(route.message("headers")));
    }

    private static Destination destination(Message destination) {
        Message port = destination.message("port");
        return new Destination(
                destination.string("host"),
                blankToNull(destination.string("subset")),
                port == null ? 0 : port.integer("number"));
    }

    /** {@code allowOrigin}, the old form, counts where the new one is not there. */
    private static @Nullable CorsPolicy cors(@Nullable Message cors) {
        if (cors == null) {
            return null;
        }
        List<StringMatch> origins = new ArrayList<>();
        for (Message origin : cors.messages("allowOrigins")) {
            StringMatch match = stringMatch(origin);
            if (match != null) {
                origins.add(match);
            }
        }
        if (origins.isEmpty()) {
            cors.strings("allowOrigin").forEach(origin -> origins.add(new StringMatch.Exact(origin)));
        }
        return CorsPolicy.builder(origins)
                .allowMethods(cors.strings("allowMethods"))
                .allowHeaders(cors.strings("allowHeaders"))
                .exposeHeaders(cors.strings("exposeHeaders"))
                .maxAge(cors.duration("maxAge"))
                .allowCredentials(cors.boolOrNull("allowCredentials"))
                .ignoreUnmatchedPreflights(cors.string("unmatchedPreflights").equals("IGNORE"))
                .build();
    }

    private static @Nullable HttpRedirect redirect(@Nullable Message redirect) {
        if (redirect == null) {
            return null;
        }
        String derivePort = redirect.stringOrNull("derivePort");
        return HttpRedirect.builder()
                .uri(blankToNull(redirect.string("uri")))
                .prefixRewrite(blankToNull(redirect.string("prefixRewrite")))
                .authority(blankToNull(redirect.string("authority")))
                .port(redirect.integer("port"))
                .derivePort(derivePort == null ? null : HttpRedirect.DerivePort.valueOf(derivePort))
                .scheme(blankToNull(redirect.string("scheme")))
                .redirectCode(redirect.number("redirectCode") == 0 ? 301 : redirect.integer("redirectCode"))
                .build();
    }

    private static @Nullable HttpDirectResponse directResponse(@Nullable Message response) {
        if (response == null) {
            return null;
        }
        Message body = response.message("body");
        byte[] content = new byte[0];
        if (body != null) {
            byte[] bytes = body.bytes("bytes");
            content = bytes != null ? bytes : body.string("string").getBytes(StandardCharsets.UTF_8);
        }
        return new HttpDirectResponse(response.integer("status"), content);
    }

    private static @Nullable Delegate delegate(@Nullable Message delegate) {
        return delegate == null
                ? null
                : new Delegate(delegate.string("name"), blankToNull(delegate.string("namespace")));
    }

    private static @Nullable HttpRewrite rewrite(@Nullable Message rewrite) {
        if (rewrite == null) {
            return null;
        }
        Message regex = rewrite.message("uriRegexRewrite");
        return new HttpRewrite(
                blankToNull(rewrite.string("uri")),
                blankToNull(rewrite.string("authority")),
                regex == null ? null : new HttpRewrite.RegexRewrite(regex.string("match"), regex.string("rewrite")));
    }

    private static @Nullable HttpRetry retry(@Nullable Message retries) {
        if (retries == null) {
            return null;
        }
        List<String> retryOn = new ArrayList<>();
        for (String condition : retries.string("retryOn").split(",", -1)) {
            if (!condition.isBlank()) {
                retryOn.add(condition.strip());
            }
        }
        return HttpRetry.builder(retries.integer("attempts"))
                .perTryTimeout(retries.duration("perTryTimeout"))
                .retryOn(retryOn)
                .retryRemoteLocalities(retries.boolOrNull("retryRemoteLocalities"))
                .retryIgnorePreviousHosts(retries.boolOrNull("retryIgnorePreviousHosts"))
                .backoff(retries.duration("backoff"))
                .build();
    }

    private static @Nullable HttpFaultInjection fault(@Nullable Message fault) {
        if (fault == null) {
            return null;
        }
        HttpFaultInjection.Delay delay = delay(fault.message("delay"));
        HttpFaultInjection.Abort abort = abort(fault.message("abort"));
        return delay == null && abort == null ? null : new HttpFaultInjection(delay, abort);
    }

    private static HttpFaultInjection.@Nullable Delay delay(@Nullable Message delay) {
        Duration fixedDelay = delay == null ? null : delay.duration("fixedDelay");
        if (delay == null || fixedDelay == null) {
            return null;
        }
        Message percentage = delay.message("percentage");
        int partsPerMillion = percentage != null
                ? partsPerMillion(percentage)
                : Math.max(0, Math.min(100, delay.integer("percent"))) * (MILLION / 100);
        return new HttpFaultInjection.Delay(fixedDelay, partsPerMillion);
    }

    private static HttpFaultInjection.@Nullable Abort abort(@Nullable Message abort) {
        if (abort == null || (!abort.has("httpStatus") && !abort.has("grpcStatus"))) {
            return null;
        }
        String grpcStatus = abort.stringOrNull("grpcStatus");
        return new HttpFaultInjection.Abort(
                grpcStatus == null ? abort.integer("httpStatus") : 0, grpcStatus, share(abort));
    }

    /** Of a million calls those that an abort hits. */
    static int share(Message abort) {
        Message percentage = abort.message("percentage");
        return percentage == null ? 0 : partsPerMillion(percentage);
    }

    private static List<HttpMirrorPolicy> mirrors(Message route) {
        List<HttpMirrorPolicy> mirrors = new ArrayList<>();
        Message mirror = route.message("mirror");
        if (mirror != null) {
            Message percentage = route.message("mirrorPercentage");
            Long percent = route.numberOrNull("mirrorPercent");
            int partsPerMillion = MILLION;
            if (percentage != null) {
                partsPerMillion = partsPerMillion(percentage);
            } else if (percent != null) {
                partsPerMillion = (int) Math.min(100, percent) * (MILLION / 100);
            }
            mirrors.add(new HttpMirrorPolicy(destination(mirror), partsPerMillion));
        }
        for (Message policy : route.messages("mirrors")) {
            Message destination = policy.message("destination");
            Message percentage = policy.message("percentage");
            if (destination != null) {
                mirrors.add(new HttpMirrorPolicy(
                        destination(destination), percentage == null ? MILLION : partsPerMillion(percentage)));
            }
        }
        return mirrors;
    }

    private static Headers headers(@Nullable Message headers) {
        return headers == null
                ? Headers.NONE
                : new Headers(operations(headers.message("request")), operations(headers.message("response")));
    }

    private static HeaderOperations operations(@Nullable Message operations) {
        return operations == null
                ? HeaderOperations.NONE
                : new HeaderOperations(
                        operations.stringMap("set"), operations.stringMap("add"), operations.strings("remove"));
    }

    /** Cuts off what is finer than a millionth, as Istio does. */
    private static int partsPerMillion(Message percentage) {
        Double value = percentage.doubleOrNull("value");
        return value == null ? 0 : (int) (Math.max(0.0, Math.min(100.0, value)) * 10_000);
    }

    static @Nullable String blankToNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
