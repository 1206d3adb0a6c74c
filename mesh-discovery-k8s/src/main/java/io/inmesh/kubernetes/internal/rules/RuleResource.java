package io.inmesh.kubernetes.internal.rules;

import io.inmesh.kubernetes.internal.resource.CustomResource;
import io.inmesh.kubernetes.internal.resource.ResourceReader;
import io.inmesh.kubernetes.internal.resource.ResourceType;
import java.util.List;

/** A kind of Istio's rules, with the API versions in which a server may have it. */
public enum RuleResource {
    /** Where requests go. */
    VIRTUAL_SERVICE("networking.istio.io", "virtualservices", "VirtualService", "v1", "v1beta1", "v1alpha3"),
    /** How they go, and the subsets. */
    DESTINATION_RULE("networking.istio.io", "destinationrules", "DestinationRule", "v1", "v1beta1", "v1alpha3"),
    /** Services that no Service object describes. */
    SERVICE_ENTRY("networking.istio.io", "serviceentries", "ServiceEntry", "v1", "v1beta1", "v1alpha3"),
    /** What comes in from outside. */
    GATEWAY("networking.istio.io", "gateways", "Gateway", "v1", "v1beta1", "v1alpha3"),
    /** Who may call what. */
    AUTHORIZATION_POLICY("security.istio.io", "authorizationpolicies", "AuthorizationPolicy", "v1", "v1beta1"),
    /** Whose tokens are believed. */
    REQUEST_AUTHENTICATION("security.istio.io", "requestauthentications", "RequestAuthentication", "v1", "v1beta1");

    private final String group;
    private final String plural;
    private final String kind;
    private final List<String> versions;

    RuleResource(String group, String plural, String kind, String... versions) {
        this.group = group;
        this.plural = plural;
        this.kind = kind;
        this.versions = List.of(versions);
    }

    /** The Kubernetes kind. */
    public String kind() {
        return kind;
    }

    /** The resource in its versions, newest first; all tell the same objects. */
    List<ResourceType<CustomResource>> types(ResourceReader<CustomResource> reader) {
        return versions.stream()
                .map(version -> ResourceType.of(group, version, plural, kind, reader))
                .toList();
    }

    /** {@code virtualservices.networking.istio.io}. */
    String qualifiedName() {
        return plural + "." + group;
    }
}
