package io.inmesh.config;

import java.util.Locale;

/**
 * What a {@link ConfigProblem} is about, under a name that stays the same from version to version: for ignoring it, for a
 * baseline, and for its page in {@code docs/checks.md}. Where {@code istioctl analyze} looks for the same, its code is
 * told.
 */
public enum ConfigCheck {
    // What the reader finds in one object.

    /** A text or object that cannot be had or is no YAML. */
    UNREADABLE(""),
    /** A field or value that is refused, by Istio's validation or because no such field exists. */
    INVALID("IST0106"),
    /** A value that is accepted and hardly means what its writer thinks. */
    DOUBTFUL("IST0133"),
    /** A field that Istio has deprecated. */
    DEPRECATED("IST0002"),
    /** A field that Istio knows and InMesh does not execute. */
    NOT_EXECUTED(""),
    /** Something that is told for information only, such as a document that is no Kubernetes object. */
    INFORMATION(""),
    /** An object that another one of the same kind, namespace and name replaces. */
    WRITTEN_TWICE(""),
    /** A route that no request reaches. */
    UNREACHABLE_ROUTE("IST0130"),
    /** A match that no request reaches. */
    UNREACHABLE_MATCH("IST0131"),

    // What is found across objects.

    /** A subset that no visible DestinationRule defines. */
    SUBSET_NOT_FOUND("IST0101"),
    /** A host that no service has. */
    HOST_NOT_FOUND("IST0101"),
    /** A service that is not exported to callers of a rule that leads to it. */
    HOST_NOT_VISIBLE("IST0101"),
    /** A host of a DestinationRule that no service has. */
    RULE_HOST_NOT_FOUND("IST0174"),
    /** A host written with its namespace alone, such as {@code reviews.default}. */
    HALF_NAME("IST0101"),
    /** A port that the service does not have. */
    PORT_NOT_FOUND("IST0101"),
    /** A Gateway that is not there. */
    GATEWAY_NOT_FOUND("IST0101"),
    /** A delegate that is not there, or is none. */
    DELEGATE_NOT_FOUND("IST0101"),
    /** Two VirtualServices of the mesh for one host. */
    CONFLICTING_HOSTS("IST0109"),
    /** Two DestinationRules that define the same for one host. */
    CONFLICTING_DESTINATION_RULES(""),
    /** A destination without a port, of a service with several. */
    PORT_REQUIRED("IST0112"),
    /** Routes for HTTP at a host of which no port carries HTTP. */
    NO_HTTP_PORT("IST0118"),
    /** A port of a Service whose name and {@code appProtocol} tell no protocol. */
    PORT_NAME("IST0118"),
    /** The same of a Service that is another name of a host outside. */
    EXTERNAL_NAME_PORT("IST0150"),
    /** A selector that selects no workload. */
    NO_MATCHING_WORKLOADS("IST0127"),
    /** A host of a VirtualService that none of its Gateways takes. */
    HOST_NOT_IN_GATEWAY("IST0132"),
    /** The name that Istio gives to what it makes of a Kubernetes Gateway. */
    INTERNAL_GATEWAY("IST0165"),
    /** Servers of Gateways that cannot both have what they ask for. */
    CONFLICTING_GATEWAYS("IST0145"),
    /** One certificate in servers of several Gateways. */
    DUPLICATE_CERTIFICATE("IST0138"),
    /** A route of a gateway to a whole service, whose subsets the rules of the mesh choose from. */
    ROUTES_OF_MESH_ONLY("IST0140"),
    /** A match on a claim of a token where nobody reads tokens. */
    CLAIM_WITHOUT_AUTHENTICATION("IST0149"),
    /** A Gateway whose selector misses a workload by little and has none. */
    GATEWAY_WITHOUT_WORKLOADS("IST0101"),
    /** A port of a Gateway that no Service of its workloads has. */
    GATEWAY_PORT_NOT_IN_SERVICE("IST0162"),
    /** A Secret that is not there. */
    SECRET_NOT_FOUND("IST0101"),
    /** A Secret without what its user needs of it. */
    INVALID_SECRET("IST0161"),
    /** A namespace that is not there. */
    NAMESPACE_NOT_FOUND("IST0101"),
    /** A policy that chooses gateways of the Kubernetes Gateway API by labels. */
    INEFFECTIVE_SELECTOR("IST0166"),
    /** A match for a gateway that its rule is not bound to. */
    MATCH_FOR_OTHER_GATEWAY(""),
    /** TLS to a server whose certificate older sidecars do not verify. */
    TLS_WITHOUT_CA("IST0128"),
    /** The same for one port. */
    PORT_TLS_WITHOUT_CA("IST0129"),
    /** A ServiceEntry for connections that are told apart by addresses, and has none. */
    ADDRESSES_REQUIRED("IST0134"),
    /** A port of a host to which two ServiceEntries give different protocols. */
    CONFLICTING_PROTOCOLS("IST0177"),
    /** A subset that selects no endpoint. */
    SUBSET_SELECTS_NOTHING("IST0173"),
    /** Outlier detection of so few endpoints that one of them is more than may be ejected. */
    EJECTS_NOBODY(""),
    /** A subset without labels and policy. */
    SUBSET_WITHOUT_EFFECT(""),

    // What checks and comments say of themselves.

    /** Checks that failed for a fault of InMesh; what they would find is not told. */
    CHECK_FAILED(""),
    /** A comment {@code inmesh:ignore} that ignores nothing. */
    IGNORE_COMMENT("");

    private final String istioCode;

    ConfigCheck(String istioCode) {
        this.istioCode = istioCode;
    }

    /** Name for people and files, in kebab case: {@code subset-not-found}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Code of the message of {@code istioctl analyze} that is nearest to it, such as {@code IST0101}; empty for none. */
    public String istioCode() {
        return istioCode;
    }
}
