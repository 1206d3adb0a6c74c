package io.inmesh.model;

import java.util.List;

/**
 * Whom a request comes from (Istio: Source); all lists that are not empty must match. Texts are exact, {@code prefix*},
 * {@code *suffix} or {@code *} for present; blocks are addresses or CIDR.
 *
 * @param principals identities in client certificates, one must match; empty for any
 * @param notPrincipals identities in client certificates, none may match
 * @param requestPrincipals {@code issuer/subject} of tokens, one must match; empty for any
 * @param notRequestPrincipals {@code issuer/subject} of tokens, none may match
 * @param namespaces namespaces of identities in client certificates, one must match; empty for any
 * @param notNamespaces namespaces of identities in client certificates, none may match
 * @param serviceAccounts service accounts of such identities, as {@code name} or {@code namespace/name}, one must match; empty for any
 * @param notServiceAccounts service accounts of such identities, as {@code name} or {@code namespace/name}, none may match
 * @param ipBlocks addresses that the connection comes from, one must match; empty for any
 * @param notIpBlocks addresses that the connection comes from, none may match
 * @param remoteIpBlocks addresses of the client behind trusted proxies, one must match; empty for any
 * @param notRemoteIpBlocks addresses of the client behind trusted proxies, none may match
 */
public record RequestSource(
        List<String> principals,
        List<String> notPrincipals,
        List<String> requestPrincipals,
        List<String> notRequestPrincipals,
        List<String> namespaces,
        List<String> notNamespaces,
        List<String> serviceAccounts,
        List<String> notServiceAccounts,
        List<String> ipBlocks,
        List<String> notIpBlocks,
        List<String> remoteIpBlocks,
        List<String> notRemoteIpBlocks) {
    public RequestSource {
        principals = List.copyOf(principals);
        notPrincipals = List.copyOf(notPrincipals);
        requestPrincipals = List.copyOf(requestPrincipals);
        notRequestPrincipals = List.copyOf(notRequestPrincipals);
        namespaces = List.copyOf(namespaces);
        notNamespaces = List.copyOf(notNamespaces);
        serviceAccounts = List.copyOf(serviceAccounts);
        notServiceAccounts = List.copyOf(notServiceAccounts);
        ipBlocks = List.copyOf(ipBlocks);
        notIpBlocks = List.copyOf(notIpBlocks);
        remoteIpBlocks = List.copyOf(remoteIpBlocks);
        notRemoteIpBlocks = List.copyOf(notRemoteIpBlocks);
    }

    /** Starts one of which only this is given. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts a copy. */
    public Builder toBuilder() {
        return new Builder()
                .principals(principals)
                .notPrincipals(notPrincipals)
                .requestPrincipals(requestPrincipals)
                .notRequestPrincipals(notRequestPrincipals)
                .namespaces(namespaces)
                .notNamespaces(notNamespaces)
                .serviceAccounts(serviceAccounts)
                .notServiceAccounts(notServiceAccounts)
                .ipBlocks(ipBlocks)
                .notIpBlocks(notIpBlocks)
                .remoteIpBlocks(remoteIpBlocks)
                .notRemoteIpBlocks(notRemoteIpBlocks);
    }

    /** Collects the parts; not thread-safe. */
    public static final class Builder {
        private List<String> principals = List.of();
        private List<String> notPrincipals = List.of();
        private List<String> requestPrincipals = List.of();
        private List<String> notRequestPrincipals = List.of();
        private List<String> namespaces = List.of();
        private List<String> notNamespaces = List.of();
        private List<String> serviceAccounts = List.of();
        private List<String> notServiceAccounts = List.of();
        private List<String> ipBlocks = List.of();
        private List<String> notIpBlocks = List.of();
        private List<String> remoteIpBlocks = List.of();
        private List<String> notRemoteIpBlocks = List.of();

        private Builder() {}

        /** Identities in client certificates, one must match; empty for any. */
        public Builder principals(List<String> newPrincipals) {
            principals = newPrincipals;
            return this;
        }

        /** Identities in client certificates, none may match. */
        public Builder notPrincipals(List<String> newNotPrincipals) {
            notPrincipals = newNotPrincipals;
            return this;
        }

        /** {@code issuer/subject} of tokens, one must match; empty for any. */
        public Builder requestPrincipals(List<String> newRequestPrincipals) {
            requestPrincipals = newRequestPrincipals;
            return this;
        }

        /** {@code issuer/subject} of tokens, none may match. */
        public Builder notRequestPrincipals(List<String> newNotRequestPrincipals) {
            notRequestPrincipals = newNotRequestPrincipals;
            return this;
        }

        /** Namespaces of identities in client certificates, one must match; empty for any. */
        public Builder namespaces(List<String> newNamespaces) {
            namespaces = newNamespaces;
            return this;
        }

        /** Namespaces of identities in client certificates, none may match. */
        public Builder notNamespaces(List<String> newNotNamespaces) {
            notNamespaces = newNotNamespaces;
            return this;
        }

        /** Service accounts of such identities, as {@code name} or {@code namespace/name}, one must match; empty for any. */
        public Builder serviceAccounts(List<String> newServiceAccounts) {
            serviceAccounts = newServiceAccounts;
            return this;
        }

        /** Service accounts of such identities, as {@code name} or {@code namespace/name}, none may match. */
        public Builder notServiceAccounts(List<String> newNotServiceAccounts) {
            notServiceAccounts = newNotServiceAccounts;
            return this;
        }

        /** Addresses that the connection comes from, one must match; empty for any. */
        public Builder ipBlocks(List<String> newIpBlocks) {
            ipBlocks = newIpBlocks;
            return this;
        }

        /** Addresses that the connection comes from, none may match. */
        public Builder notIpBlocks(List<String> newNotIpBlocks) {
            notIpBlocks = newNotIpBlocks;
            return this;
        }

        /** Addresses of the client behind trusted proxies, one must match; empty for any. */
        public Builder remoteIpBlocks(List<String> newRemoteIpBlocks) {
            remoteIpBlocks = newRemoteIpBlocks;
            return this;
        }

        /** Addresses of the client behind trusted proxies, none may match. */
        public Builder notRemoteIpBlocks(List<String> newNotRemoteIpBlocks) {
            notRemoteIpBlocks = newNotRemoteIpBlocks;
            return this;
        }

        /** The request source. */
        public RequestSource build() {
            return new RequestSource(
                    principals,
                    notPrincipals,
                    requestPrincipals,
                    notRequestPrincipals,
                    namespaces,
                    notNamespaces,
                    serviceAccounts,
                    notServiceAccounts,
                    ipBlocks,
                    notIpBlocks,
                    remoteIpBlocks,
                    notRemoteIpBlocks);
        }
    }
}
