package io.inmesh.kubernetes.internal.rules;

import com.fasterxml.jackson.core.JsonParser;
import io.inmesh.kubernetes.internal.resource.CustomResource;
import io.inmesh.kubernetes.internal.resource.ResourceType;
import io.inmesh.kubernetes.internal.resource.Resources;
import java.io.IOException;
import java.util.List;

/** A kind of Istio's rules, with the API versions in which a server may have it. */
public enum RuleResource {
    /** Where requests go. */
    VIRTUAL_SERVICE("VirtualService", "v1", "v1beta1", "v1alpha3"),
    /** How they go, and the subsets. */
    DESTINATION_RULE("DestinationRule", "v1", "v1beta1", "v1alpha3"),
    /** Services that no Service object describes. */
    SERVICE_ENTRY("ServiceEntry", "v1", "v1beta1", "v1alpha3"),
    /** What gateways listen for. */
    GATEWAY("Gateway", "v1", "v1beta1", "v1alpha3"),
    /** Who may call what. */
    AUTHORIZATION_POLICY("AuthorizationPolicy", "v1", "v1beta1"),
    /** Whose tokens are believed. */
    REQUEST_AUTHENTICATION("RequestAuthentication", "v1", "v1beta1");

    private final ResourceType<CustomResource> newest;
    private final List<String> versions;

    RuleResource(String kind, String... versions) {
        this.newest = Resources.customResource(kind);
        this.versions = List.of(versions);
    }

    /** The Kubernetes kind. */
    public String kind() {
        return newest.kind();
    }

    /** Whether it refuses requests that come in: what cannot be read of it must not open a door. */
    boolean isPolicy() {
        return this == AUTHORIZATION_POLICY || this == REQUEST_AUTHENTICATION;
    }

    /** The resource in its versions, newest first; all tell the same objects. */
    List<ResourceType<CustomResource>> types() {
        return versions.stream().map(this::inVersion).toList();
    }

    private ResourceType<CustomResource> inVersion(String version) {
        return new ResourceType<>(
                newest.group(), version, newest.plural(), newest.kind(), newest.metadataOnly(), newest.reader());
    }

    /** Reads one object. */
    CustomResource read(JsonParser json) throws IOException {
        return newest.reader().read(json);
    }

    /** {@code virtualservices.networking.istio.io}. */
    String qualifiedName() {
        return newest.qualifiedName();
    }
}
