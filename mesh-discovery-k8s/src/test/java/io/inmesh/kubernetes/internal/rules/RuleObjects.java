package io.inmesh.kubernetes.internal.rules;

import io.inmesh.kubernetes.internal.resource.CustomResource;
import io.inmesh.kubernetes.internal.resource.JsonStreams;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Rule objects as the API server tells them, read as the watch reads them. */
final class RuleObjects {
    static final String GOOD = "{\"route\": [{\"destination\": {\"host\": \"%s\", \"subset\": \"%s\"}}]}";
    static final String NO_WEIGHT =
            "{\"route\": [{\"destination\": {\"host\": \"a\"}, \"weight\": 0}, {\"destination\": {\"host\": \"b\"}, \"weight\": 0}]}";

    private RuleObjects() {}

    /** Sends everything for a host of namespace {@code shop} to a subset. */
    static CustomResource virtualService(String host, String uid, int version, String subset) {
        return virtualService("shop", host, uid, version, GOOD.formatted(host, subset));
    }

    /** One that the reader refuses. */
    static CustomResource badVirtualService(String host, String uid, int version) {
        return virtualService("shop", host, uid, version, NO_WEIGHT);
    }

    static CustomResource virtualService(String namespace, String host, String uid, int version, String http) {
        return object(RuleResource.VIRTUAL_SERVICE, """
                {"metadata": {"name": "%s", "namespace": "%s", "uid": "%s", "resourceVersion": "%d",
                   "creationTimestamp": "2026-01-01T00:00:00Z"},
                 "spec": {"hosts": ["%s"], "http": [%s]}}
                """.formatted(host, namespace, uid, version, host, http));
    }

    static CustomResource destinationRule(String host, String uid, int version, String created) {
        return object(RuleResource.DESTINATION_RULE, """
                {"metadata": {"name": "%s", "namespace": "shop", "uid": "%s", "resourceVersion": "%d",
                   "creationTimestamp": "%s"},
                 "spec": {"host": "%s", "subsets": [{"name": "v1", "labels": {"version": "v1"}}]}}
                """.formatted(host, uid, version, created, host));
    }

    static CustomResource object(RuleResource kind, String json) {
        try {
            return kind.read(JsonStreams.open(json));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
