package io.inmesh.model;

import java.util.List;

/**
 * What a request is to do (Istio: Operation); all lists that are not empty must match. Texts are exact, {@code prefix*},
 * {@code *suffix} or {@code *} for present.
 *
 * @param hosts values of Host without regard to case, one must match; empty for any
 * @param notHosts values of Host without regard to case, none may match
 * @param ports local ports, one must match; empty for any
 * @param notPorts local ports, none may match
 * @param methods methods, one must match; empty for any
 * @param notMethods methods, none may match
 * @param paths canonical paths without query; {@code {*}} and {@code {**}} make a template, one must match; empty for any
 * @param notPaths canonical paths without query; {@code {*}} and {@code {**}} make a template, none may match
 */
public record RequestOperation(
        List<String> hosts,
        List<String> notHosts,
        List<String> ports,
        List<String> notPorts,
        List<String> methods,
        List<String> notMethods,
        List<String> paths,
        List<String> notPaths) {
    public RequestOperation {
        hosts = List.copyOf(hosts);
        notHosts = List.copyOf(notHosts);
        ports = List.copyOf(ports);
        notPorts = List.copyOf(notPorts);
        methods = List.copyOf(methods);
        notMethods = List.copyOf(notMethods);
        paths = List.copyOf(paths);
        notPaths = List.copyOf(notPaths);
    }

    /** Starts one of which only this is given. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts a copy. */
    public Builder toBuilder() {
        return new Builder()
                .hosts(hosts)
                .notHosts(notHosts)
                .ports(ports)
                .notPorts(notPorts)
                .methods(methods)
                .notMethods(notMethods)
                .paths(paths)
                .notPaths(notPaths);
    }

    /** Collects the parts; not thread-safe. */
    public static final class Builder {
        private List<String> hosts = List.of();
        private List<String> notHosts = List.of();
        private List<String> ports = List.of();
        private List<String> notPorts = List.of();
        private List<String> methods = List.of();
        private List<String> notMethods = List.of();
        private List<String> paths = List.of();
        private List<String> notPaths = List.of();

        private Builder() {}

        /** Values of Host without regard to case, one must match; empty for any. */
        public Builder hosts(List<String> newHosts) {
            hosts = newHosts;
            return this;
        }

        /** Values of Host without regard to case, none may match. */
        public Builder notHosts(List<String> newNotHosts) {
            notHosts = newNotHosts;
            return this;
        }

        /** Local ports, one must match; empty for any. */
        public Builder ports(List<String> newPorts) {
            ports = newPorts;
            return this;
        }

        /** Local ports, none may match. */
        public Builder notPorts(List<String> newNotPorts) {
            notPorts = newNotPorts;
            return this;
        }

        /** Methods, one must match; empty for any. */
        public Builder methods(List<String> newMethods) {
            methods = newMethods;
            return this;
        }

        /** Methods, none may match. */
        public Builder notMethods(List<String> newNotMethods) {
            notMethods = newNotMethods;
            return this;
        }

        /** Canonical paths without query; {@code {*}} and {@code {**}} make a template, one must match; empty for any. */
        public Builder paths(List<String> newPaths) {
            paths = newPaths;
            return this;
        }

        /** Canonical paths without query; {@code {*}} and {@code {**}} make a template, none may match. */
        public Builder notPaths(List<String> newNotPaths) {
            notPaths = newNotPaths;
            return this;
        }

        /** The request operation. */
        public RequestOperation build() {
            return new RequestOperation(hosts, notHosts, ports, notPorts, methods, notMethods, paths, notPaths);
        }
    }
}
