package io.inmesh.kubernetes.internal.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonToken;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigUpdate;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.kubernetes.internal.resource.CustomResource;
import io.inmesh.kubernetes.internal.resource.JsonStreams;
import io.inmesh.kubernetes.internal.resource.UnreadableObjectException;
import io.inmesh.model.AuthorizationPolicy;
import io.inmesh.model.MeshConfig;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** Whatever a rule object of the cluster looks like, reading it ends, throws nothing and does not touch the others. */
@Tag("one-jdk")
class RuleObjectsPropertiesTest {
    private static final String RULE = """
            {"apiVersion": "networking.istio.io/v1", "kind": "VirtualService",
             "metadata": {"name": "reviews", "namespace": "shop", "uid": "u1", "resourceVersion": "7", "generation": 2,
               "creationTimestamp": "2026-01-01T00:00:00Z", "labels": {"a": "b"},
               "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{}"},
               "managedFields": [{"manager": "kubectl", "fieldsV1": {"f:spec": {".": {}}}}]},
             "spec": {"hosts": ["reviews", "*.example.com"], "gateways": ["mesh"], "exportTo": ["."],
               "http": [
                 {"name": "first",
                  "match": [{"uri": {"regex": "/a[0-9]{1,3}"}, "headers": {"end-user": {"exact": "jason"}}, "port": 9080}],
                  "route": [{"destination": {"host": "reviews", "subset": "v2", "port": {"number": 9080}}, "weight": 75},
                            {"destination": {"host": "ratings"}, "weight": 25}],
                  "timeout": "1.5s", "retries": {"attempts": 2, "perTryTimeout": "500ms", "retryOn": "5xx"},
                  "fault": {"delay": {"fixedDelay": "7s", "percentage": {"value": 0.07}}}},
                 {"match": [{"uri": {"exact": "/old"}}], "redirect": {"uri": "/moved", "redirectCode": 308}},
                 {"route": [{"destination": {"host": "reviews", "subset": "v1"}}],
                  "headers": {"request": {"set": {"x": "y"}}}}]},
             "status": {"conditions": []}}
            """;
    private static final String OTHER = """
            {"metadata": {"name": "other", "namespace": "shop", "uid": "u2", "resourceVersion": "8"},
             "spec": {"hosts": ["other"], "http": [{"route": [{"destination": {"host": "other"}}]}]}}
            """;

    private static final String POLICY = """
            {"metadata": {"name": "policy", "namespace": "shop", "uid": "u1", "resourceVersion": "7"},
             "spec": {"selector": {"matchLabels": {"app": "web"}}, "action": "DENY",
               "rules": [
                 {"from": [{"source": {"principals": ["*"], "notIpBlocks": ["10.0.0.0/8"]}}],
                  "to": [{"operation": {"paths": ["/a/{*}", "/b*"], "methods": ["GET"], "ports": ["80"]}}],
                  "when": [{"key": "request.headers[x]", "values": ["a"]}]},
                 {"from": [{"source": {"requestPrincipals": ["a/b"]}}]}]}}
            """;
    private static final String AUTHENTICATION = """
            {"metadata": {"name": "policy", "namespace": "shop", "uid": "u1", "resourceVersion": "7"},
             "spec": {"selector": {"matchLabels": {"app": "web"}},
               "jwtRules": [
                 {"issuer": "a", "audiences": ["b"], "jwksUri": "https://example.com/keys", "timeout": "2s",
                  "fromHeaders": [{"name": "x", "prefix": "P "}], "fromParams": ["p"],
                  "outputClaimToHeaders": [{"header": "x-sub", "claim": "sub"}], "forwardOriginalToken": true},
                 {"issuer": "b", "jwks": "{\\"keys\\": [{\\"kty\\": \\"RSA\\"}]}"}]}}
            """;

    /** What is put in the place of a value: what JSON has, and what has broken readers before. */
    private static final List<JsonElement> ODD = List.of(
            JsonNull.INSTANCE,
            new JsonPrimitive(true),
            new JsonPrimitive(""),
            new JsonPrimitive("\u0000\r\n\ud800"),
            new JsonPrimitive("(a+)+$"),
            new JsonPrimitive("(((a{1,1000}){1,1000}){1,1000})"),
            new JsonPrimitive("x".repeat(100_000)),
            new JsonPrimitive(-1),
            new JsonPrimitive(new BigDecimal("1e400")),
            new JsonPrimitive(new BigDecimal("1e-2147483000")),
            new JsonPrimitive(Long.MAX_VALUE),
            new JsonObject(),
            new JsonArray(),
            nested(400));

    private static JsonElement nested(int depth) {
        JsonElement inner = new JsonObject();
        for (int i = 0; i < depth; i++) {
            JsonArray outer = new JsonArray();
            outer.add(inner);
            inner = outer;
        }
        return inner;
    }

    @Property(tries = 3_000)
    void mutatedObjectsAreAcceptedOrReportedAndTheOthersStay(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        JsonElement mutated = JsonParser.parseString(RULE);
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            mutate(mutated, random);
        }
        RuleTable table = new RuleTable("rules", ConfigReader.strict());
        table.applied(RuleResource.VIRTUAL_SERVICE, RuleObjects.object(RuleResource.VIRTUAL_SERVICE, RULE));

        List<CustomResource> read = readAll("[" + mutated + "," + OTHER + "]");
        read.forEach(object -> table.applied(RuleResource.VIRTUAL_SERVICE, object));

        ConfigUpdate update = table.update(List.of());
        assertThat(config(update).virtualServices())
                .extracting(rule -> rule.meta().name())
                .contains("other")
                .hasSizeGreaterThanOrEqualTo(1);
        assertThat(update.problems())
                .filteredOn(ConfigProblem::isError)
                .allMatch(problem -> problem.origin().source().startsWith("VirtualService/"))
                .noneMatch(problem -> problem.message().contains("could not be read"));
    }

    /** As after a start, when no version before is known: nothing is let in because something cannot be read. */
    @Property(tries = 2_000)
    void mutatedPoliciesAreInForceOrHaveSomethingInTheirPlace(@ForAll long seed, @ForAll boolean token)
            throws IOException {
        Random random = new Random(seed);
        RuleResource kind = token ? RuleResource.REQUEST_AUTHENTICATION : RuleResource.AUTHORIZATION_POLICY;
        JsonElement mutated = JsonParser.parseString(token ? AUTHENTICATION : POLICY);
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            mutate(mutated, random);
        }
        RuleTable table = new RuleTable("rules", ConfigReader.sensible().forInbound());

        List<CustomResource> read = readAll(kind, "[" + mutated + "]");
        read.forEach(object -> table.applied(kind, object));

        ConfigUpdate update = table.update(List.of());
        MeshConfig config = config(update);
        boolean closed = config.authorizationPolicies().stream().anyMatch(AuthorizationPolicy::isStandIn);
        boolean refused = update.problems().stream().anyMatch(ConfigProblem::isError)
                && config.requestAuthentications().isEmpty()
                && config.authorizationPolicies().stream()
                        .allMatch(policy -> policy.isStandIn() || policy.meta().refusesCalls());
        assertThat(config.authorizationPolicies().size()
                        + config.requestAuthentications().size())
                .as("%s", update.problems())
                .isEqualTo(read.size());
        assertThat(closed && !refused).as("%s", update.problems()).isFalse();
        config.authorizationPolicies().stream()
                .filter(AuthorizationPolicy::isStandIn)
                .forEach(RuleObjectsPropertiesTest::assertRefusesAll);
        assertThat(update.problems()).noneMatch(problem -> problem.message().contains("could not be read"));
    }

    private static void assertRefusesAll(AuthorizationPolicy policy) {
        if (policy.action() == AuthorizationPolicy.Action.ALLOW) {
            assertThat(policy.rules()).isEmpty();
        } else {
            assertThat(policy.rules())
                    .isNotEmpty()
                    .allMatch(rule -> rule.from().isEmpty()
                            && rule.to().isEmpty()
                            && rule.when().isEmpty());
        }
    }

    @Property(tries = 1_000)
    void brokenTextEndsInAnErrorOfReadingAndNothingElse(@ForAll long seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder("[" + RULE + "," + OTHER + "]");
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes && text.length() > 1; i++) {
            int at = 1 + random.nextInt(text.length() - 1);
            switch (random.nextInt(3)) {
                case 0 -> text.setCharAt(at, (char) (32 + random.nextInt(96)));
                case 1 -> text.deleteCharAt(at);
                default -> text.setLength(at + 1);
            }
        }
        RuleTable table = new RuleTable("rules", ConfigReader.strict());

        try {
            readAll(text.toString()).forEach(object -> table.applied(RuleResource.VIRTUAL_SERVICE, object));
        } catch (IOException broken) {
            assertThat(broken).isNotInstanceOf(UnreadableObjectException.class);
        }

        assertThat(table.update(List.of()).problems())
                .noneMatch(problem -> problem.message().contains("could not be read"));
    }

    private static MeshConfig config(ConfigUpdate update) {
        return update instanceof ConfigUpdate.Partial partial
                ? partial.config()
                : ((ConfigUpdate.Valid) update).config();
    }

    /** Objects one after the other as a list has them; one that makes no sense is left out. */
    private static List<CustomResource> readAll(String list) throws IOException {
        return readAll(RuleResource.VIRTUAL_SERVICE, list);
    }

    private static List<CustomResource> readAll(RuleResource kind, String list) throws IOException {
        List<CustomResource> objects = new ArrayList<>();
        try (com.fasterxml.jackson.core.JsonParser json = JsonStreams.open(list)) {
            while (json.nextToken() != JsonToken.END_ARRAY) {
                try {
                    objects.add(kind.read(json));
                } catch (UnreadableObjectException unreadable) {
                    assertThat(unreadable.getMessage()).isNotEmpty();
                }
            }
        }
        return objects;
    }

    /** Changes one value somewhere below. */
    private static void mutate(JsonElement at, Random random) {
        if (at instanceof JsonObject map && !map.isEmpty()) {
            List<Map.Entry<String, JsonElement>> entries = List.copyOf(map.entrySet());
            Map.Entry<String, JsonElement> entry = entries.get(random.nextInt(entries.size()));
            if (goesDeeper(entry.getValue(), random)) {
                mutate(entry.getValue(), random);
                return;
            }
            switch (random.nextInt(4)) {
                case 0 -> map.remove(entry.getKey());
                case 1 -> map.add(entry.getKey() + "x", entry.getValue());
                case 2 -> map.add(entry.getKey().toUpperCase(java.util.Locale.ROOT), entry.getValue());
                default -> map.add(entry.getKey(), odd(random));
            }
        } else if (at instanceof JsonArray list && !list.isEmpty()) {
            int index = random.nextInt(list.size());
            if (goesDeeper(list.get(index), random)) {
                mutate(list.get(index), random);
                return;
            }
            switch (random.nextInt(3)) {
                case 0 -> list.remove(index);
                case 1 -> list.add(list.get(index).deepCopy());
                default -> list.set(index, odd(random));
            }
        }
    }

    private static boolean goesDeeper(JsonElement value, Random random) {
        return !value.isJsonPrimitive() && !value.isJsonNull() && random.nextInt(5) > 0;
    }

    private static JsonElement odd(Random random) {
        return ODD.get(random.nextInt(ODD.size())).deepCopy();
    }
}
