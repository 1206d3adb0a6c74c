package io.inmesh.internal.istio;

import io.inmesh.config.ConfigCheck;
import io.inmesh.config.RuleUser;
import io.inmesh.config.UnsupportedFields;
import io.inmesh.internal.istio.UnexecutedField.Effect;
import io.inmesh.internal.text.Message;
import io.inmesh.internal.text.Message.Value;
import io.inmesh.internal.text.Place;
import io.inmesh.internal.text.ProblemList;
import io.inmesh.model.HeaderFormat;
import io.inmesh.model.HeaderFormatException;
import io.inmesh.model.SkippedField;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the fields of an object that Istio executes and this version of InMesh does not, and does what {@link
 * UnexecutedField} says about each. Values that do nothing in Istio either are fine. Used for one object.
 */
final class NotExecuted {
    /** What every such problem says after the name of the field. */
    static final String MESSAGE = " is valid in Istio but not executed by this version of InMesh: without it ";

    /** Istio's annotation that keeps calls near. */
    static final String TRAFFIC_DISTRIBUTION = "networking.istio.io/traffic-distribution";

    private static final String REFUSED_REQUESTS =
            "remove it if that will do; until then requests that it may concern are refused";

    private final ProblemList problems;
    private final UnsupportedFields unsupported;
    private final RuleUser user;
    private final long errorsBefore;
    private final List<SkippedField> skipped = new ArrayList<>();
    private boolean closes;

    /** @param errorsBefore number of errors before those of this object */
    NotExecuted(ProblemList problems, Reading how, long errorsBefore) {
        this.problems = problems;
        this.unsupported = how.unsupported();
        this.user = how.user();
        this.errorsBefore = errorsBefore;
    }

    /** Whether nobody can say without the fields that are not executed which requests a policy lets in. */
    boolean closes() {
        return closes;
    }

    /** The fields that the object is in force without, if it is. */
    List<SkippedField> skipped() {
        return skipped;
    }

    void virtualService(Message spec) {
        boolean mesh = VirtualServiceRules.appliesToMesh(spec);
        if (!mesh && !user.routesRequests()) {
            problems.note(
                    spec.place("gateways"),
                    "the rule applies to gateways only, not to calls of this application",
                    spec.list("hosts").stream().anyMatch(host -> host.string().equals("*"))
                            ? ""
                            : "add mesh to the gateways to apply it here too");
            return;
        }
        nonEmpty(spec, "tls", UnexecutedField.TLS_ROUTES);
        nonEmpty(spec, "tcp", UnexecutedField.TCP_ROUTES);
        boolean cors = user.routesRequests() && VirtualServiceRules.mayApplyToGateways(spec);
        for (Message route : spec.messages("http")) {
            if (!cors) {
                given(route, "corsPolicy", UnexecutedField.CORS_POLICY);
            }
            route(route);
        }
    }

    void destinationRule(Message spec) {
        policy(spec.message("trafficPolicy"));
        for (Message subset : spec.messages("subsets")) {
            policy(subset.message("trafficPolicy"));
        }
    }

    /** An annotation of a rule, for the kinds for which Istio gives it a meaning. */
    void annotation(RuleKind kind, String key, Place place) {
        if (kind == RuleKind.SERVICE_ENTRY && key.equals(TRAFFIC_DISTRIBUTION)) {
            UnexecutedField field = UnexecutedField.TRAFFIC_DISTRIBUTION;
            decide(field, place, "the annotation " + key + MESSAGE + field.consequence());
        }
    }

    void serviceEntry(Message spec) {
        nonEmpty(spec, "subjectAltNames", UnexecutedField.SUBJECT_ALT_NAMES);
        if (ServiceEntryRules.resolution(spec).equals("DYNAMIC_DNS")) {
            found(UnexecutedField.DYNAMIC_DNS, spec, "resolution", "resolution DYNAMIC_DNS");
        }
        spec.messages("endpoints").forEach(this::workloadEntry);
    }

    /** One that stands by itself, or an endpoint of a ServiceEntry. */
    void workloadEntry(Message endpoint) {
        String address = endpoint.string("address");
        if (address.startsWith(ServiceEntryRules.UNIX)) {
            found(UnexecutedField.UNIX_SOCKET, endpoint, "address", "the Unix domain socket " + address);
        } else if (!endpoint.string("network").isEmpty()) {
            if (address.isEmpty()) {
                found(UnexecutedField.NETWORK_GATEWAY, endpoint, "network", "a network without an address");
            } else {
                found(UnexecutedField.NETWORK, endpoint, "network", "network " + endpoint.string("network"));
            }
        }
    }

    private void route(Message route) {
        headers(route.message("headers"));
        route.messages("route").forEach(destination -> headers(destination.message("headers")));
        Message fault = route.message("fault");
        Message abort = fault == null ? null : fault.message("abort");
        if (abort != null && abort.has("grpcStatus") && VirtualServiceRecords.share(abort) > 0) {
            String name = "fault.abort.grpcStatus " + abort.string("grpcStatus");
            found(UnexecutedField.GRPC_ABORT, abort, "grpcStatus", name);
        }
        Message retries = route.message("retries");
        if (retries != null && retries.number("attempts") > 0 && retries.bool("retryRemoteLocalities")) {
            remoteLocalities(route, retries);
        }
    }

    /** Never refused: the retries themselves are made. */
    private void remoteLocalities(Message route, Message retries) {
        String consequence = UnexecutedField.RETRY_REMOTE_LOCALITIES.consequence();
        Place place = retries.place("retryRemoteLocalities");
        problems.warning(
                ConfigCheck.NOT_EXECUTED,
                place,
                "retryRemoteLocalities is not executed by this version of InMesh: " + consequence,
                "remove it, or keep it for proxies that read the rule");
        skipped.add(new SkippedField(
                route.place("retries").path() + ".retryRemoteLocalities", place.origin(), false, consequence));
    }

    private void headers(@Nullable Message headers) {
        for (String direction : List.of("request", "response")) {
            Message operations = headers == null ? null : headers.message(direction);
            if (operations != null) {
                operations.map("set").values().forEach(this::headerValue);
                operations.map("add").values().forEach(this::headerValue);
            }
        }
    }

    private void headerValue(Value value) {
        List<HeaderFormat.NotExecuted> commands;
        try {
            commands = HeaderFormat.parse(value.string()).notExecuted();
        } catch (HeaderFormatException e) {
            // The rules have said so.
            return;
        }
        if (!commands.isEmpty()) {
            HeaderFormat.NotExecuted first = commands.get(0);
            UnexecutedField field = UnexecutedField.HEADER_COMMAND;
            String sentence = "%" + first.written() + "% is a command of Envoy's: " + first.why() + "; without it "
                    + field.consequence();
            decide(field, value.place(), sentence);
        }
    }

    private void policy(@Nullable Message policy) {
        if (policy == null) {
            return;
        }
        blocks(policy);
        given(policy, "tunnel", UnexecutedField.TUNNEL);
        given(policy, "proxyProtocol", UnexecutedField.PROXY_PROTOCOL);
        Message budget = policy.message("retryBudget");
        if (budget != null && !isNothing(budget.duration("budgetInterval"))) {
            found(UnexecutedField.BUDGET_INTERVAL, budget, "budgetInterval", "retryBudget.budgetInterval");
        }
        policy.messages("portLevelSettings").forEach(this::blocks);
    }

    private void blocks(Message policy) {
        Message pool = policy.message("connectionPool");
        Message http = pool == null ? null : pool.message("http");
        if (http != null) {
            http(http);
        }
        Message tls = policy.message("tls");
        if (tls != null && !Set.of("", "DISABLE").contains(tls.string("mode"))) {
            found(UnexecutedField.TLS, tls, "mode", "tls.mode " + tls.string("mode"));
        }
        Message settings = policy.message("loadBalancer");
        if (settings != null) {
            Message hash = settings.message("consistentHash");
            if (hash != null) {
                String keys = String.join(", ", hash.given());
                found(
                        UnexecutedField.CONSISTENT_HASH,
                        settings,
                        "consistentHash",
                        "consistentHash" + (keys.isEmpty() ? "" : " (" + keys + ")"));
            }
            given(settings, "backendUtilization", UnexecutedField.BACKEND_UTILIZATION);
            given(settings, "warmup", UnexecutedField.WARMUP);
            given(settings, "warmupDurationSecs", UnexecutedField.WARMUP_DURATION_SECS);
            locality(settings);
        }
    }

    private void http(Message http) {
        if (http.number("maxConcurrentStreams") != 0) {
            found(
                    UnexecutedField.MAX_CONCURRENT_STREAMS,
                    http,
                    "maxConcurrentStreams",
                    "connectionPool.http.maxConcurrentStreams");
        }
        Message keepAlive = http.message("http2KeepAlive");
        if (keepAlive != null && !keepAlive.isEmpty()) {
            found(UnexecutedField.HTTP2_KEEP_ALIVE, http, "http2KeepAlive", "connectionPool.http.http2KeepAlive");
        }
    }

    private static boolean isNothing(@Nullable Duration duration) {
        return duration == null || duration.isZero();
    }

    /** Switched off, or nothing said, is what InMesh does. */
    private void locality(Message settings) {
        Message setting = settings.message("localityLbSetting");
        if (setting != null && !Boolean.FALSE.equals(setting.boolOrNull("enabled"))) {
            inLocality(setting, "distribute", UnexecutedField.DISTRIBUTE);
            inLocality(setting, "failover", UnexecutedField.FAILOVER);
            inLocality(setting, "failoverPriority", UnexecutedField.FAILOVER_PRIORITY);
        }
        Message zones = settings.message("zoneAwareLbSetting");
        if (zones != null && !zones.isEmpty() && !Boolean.FALSE.equals(zones.boolOrNull("enabled"))) {
            given(settings, "zoneAwareLbSetting", UnexecutedField.ZONE_AWARE);
        }
    }

    private void inLocality(Message setting, String list, UnexecutedField field) {
        if (!setting.list(list).isEmpty()) {
            found(field, setting, list, "localityLbSetting." + list);
        }
    }

    void nonEmpty(Message message, String name, UnexecutedField field) {
        if (!message.list(name).isEmpty()) {
            found(field, message, name, name);
        }
    }

    void given(Message message, String name, UnexecutedField field) {
        if (message.has(name)) {
            found(field, message, name, name);
        }
    }

    /**
     * A field was found.
     *
     * @param words the field with the value that matters, to begin a sentence with
     */
    void found(UnexecutedField field, Message message, String name, String words) {
        decide(field, message.place(name), words + MESSAGE + field.consequence());
        if (unsupported == UnsupportedFields.WARN && field.effect() == Effect.CALLS_REFUSED) {
            message.forget(name);
        }
    }

    void note(Place place, String message, String fix) {
        problems.note(place, message, fix);
    }

    /** Tells of a field as the table decides. */
    void decide(UnexecutedField field, Place place, String sentence) {
        if (problems.hasErrorAt(place)) {
            return;
        }
        boolean refusesRequests = field.effect() == Effect.REQUESTS_REFUSED;
        closes |= refusesRequests && field.closes();
        boolean refusesCalls = refusesRequests
                || (field.effect() == Effect.CALLS_REFUSED && unsupported == UnsupportedFields.SENSIBLE);
        switch (unsupported) {
            case REFUSE_ALL ->
                problems.error(
                        ConfigCheck.NOT_EXECUTED,
                        place,
                        sentence,
                        (field.fix().isEmpty() ? "remove it" : field.fix())
                                + ", or set unsupported fields to sensible or warn");
            case WARN ->
                problems.warning(
                        ConfigCheck.NOT_EXECUTED,
                        place,
                        sentence,
                        refusesRequests
                                ? REFUSED_REQUESTS
                                : field.fix().isEmpty() ? "remove it if that will do" : field.fix());
            case SENSIBLE -> sensible(field, place, sentence);
        }
        skipped.add(new SkippedField(place.path(), place.origin(), refusesCalls, field.consequence()));
    }

    private void sensible(UnexecutedField field, Place place, String sentence) {
        boolean refused = problems.errors() > errorsBefore;
        String fix = (field.fix().isEmpty() ? "remove it if that will do" : field.fix())
                + (refused ? "" : "; the rest of the rule is in force");
        switch (field.effect()) {
            case SKIPPED -> problems.warning(ConfigCheck.NOT_EXECUTED, place, sentence, fix);
            case TOLD -> problems.errorInForce(ConfigCheck.NOT_EXECUTED, place, sentence, fix);
            case REQUESTS_REFUSED -> problems.errorInForce(ConfigCheck.NOT_EXECUTED, place, sentence, REFUSED_REQUESTS);
            case CALLS_REFUSED ->
                problems.errorInForce(
                        ConfigCheck.NOT_EXECUTED,
                        place,
                        sentence,
                        "remove it, or set unsupported fields to warn"
                                + (refused
                                        ? ""
                                        : "; until then calls under it are refused, or its version before stays in force"));
        }
    }
}
