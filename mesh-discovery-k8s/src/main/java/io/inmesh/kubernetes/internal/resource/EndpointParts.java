package io.inmesh.kubernetes.internal.resource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what EndpointSlices and v1 Endpoints have in common: ports and endpoints. */
final class EndpointParts {
    private static final int MOST_PROBLEMS = 5;
    private static final int LAST_PORT = 65_535;

    private final JsonCursor json;
    private final List<String> problems = new ArrayList<>(0);
    private boolean anyGood;

    EndpointParts(JsonCursor json) {
        this.json = json;
    }

    /** Of endpoints that were left out. */
    List<String> problems() {
        return problems;
    }

    /** Whether endpoints were left out and none was good: more likely our misreading than theirs. */
    boolean allBad() {
        return !anyGood && !problems.isEmpty();
    }

    List<SlicePort> ports() throws IOException {
        List<SlicePort> ports = new ArrayList<>(2);
        json.list(() -> {
            PortFields port = new PortFields();
            json.object(port::field);
            ports.add(json.share(new SlicePort(port.name, port.number)));
        });
        return json.share(List.copyOf(ports));
    }

    /** Endpoints of a slice, which have conditions of their own. */
    List<SliceEndpoint> endpoints() throws IOException {
        return endpoints(null, null);
    }

    /** Addresses of v1 Endpoints, in which pods that terminate do not occur. */
    List<SliceEndpoint> addresses(boolean ready) throws IOException {
        return endpoints(ready, false);
    }

    private List<SliceEndpoint> endpoints(@Nullable Boolean ready, @Nullable Boolean terminating) throws IOException {
        List<SliceEndpoint> endpoints = new ArrayList<>();
        EndpointFields endpoint = new EndpointFields(ready, terminating);
        json.list(() -> {
            List<String> own = json.apart(endpoint);
            if (!own.isEmpty()) {
                if (problems.size() < MOST_PROBLEMS) {
                    problems.add(String.join("; ", own));
                }
            } else {
                anyGood = true;
                if (!endpoint.address.isEmpty()) {
                    endpoints.add(endpoint.result());
                }
            }
        });
        return endpoints;
    }

    private final class PortFields {
        private String name = "";
        private int number;

        void field(String field) throws IOException {
            switch (field) {
                case "name" -> name = json.sharedText();
                case "port" -> number = json.number(LAST_PORT);
                default -> json.skip();
            }
        }
    }

    /** The fields of one endpoint after the other. */
    private final class EndpointFields implements JsonCursor.Value {
        private final @Nullable Boolean usuallyReady;
        private final @Nullable Boolean usuallyTerminating;

        private final JsonCursor.Field fields = this::field;
        private final JsonCursor.Field conditions = this::condition;
        private final JsonCursor.Field targets = this::target;
        private final JsonCursor.Value addresses = this::address;

        private String address = "";
        private @Nullable Boolean ready;
        private @Nullable Boolean serving;
        private @Nullable Boolean terminating;
        private String nodeName = "";
        private String zone = "";
        private String kind = "";
        private String namespace = "";
        private String name = "";
        private String uid = "";

        EndpointFields(@Nullable Boolean ready, @Nullable Boolean terminating) {
            this.usuallyReady = ready;
            this.usuallyTerminating = terminating;
        }

        @Override
        public void read() throws IOException {
            address = "";
            ready = usuallyReady;
            serving = null;
            terminating = usuallyTerminating;
            nodeName = "";
            zone = "";
            kind = "";
            namespace = "";
            name = "";
            uid = "";
            json.object(fields);
        }

        SliceEndpoint result() {
            ObjectKey pod = uid.isEmpty() && kind.equals("Pod") ? new ObjectKey(namespace, name) : null;
            return new SliceEndpoint(address, ready, serving, terminating, nodeName, zone, uid, pod);
        }

        private void field(String field) throws IOException {
            switch (field) {
                case "addresses" -> json.list(addresses);
                case "ip" -> address = json.text();
                case "conditions" -> json.object(conditions);
                case "nodeName" -> nodeName = json.sharedText();
                case "zone" -> zone = json.sharedText();
                case "targetRef" -> json.object(targets);
                default -> json.skip();
            }
        }

        private void address() throws IOException {
            if (address.isEmpty()) {
                address = json.text();
            } else {
                json.skip();
            }
        }

        private void condition(String field) throws IOException {
            switch (field) {
                case "ready" -> ready = json.bool();
                case "serving" -> serving = json.bool();
                case "terminating" -> terminating = json.bool();
                default -> json.skip();
            }
        }

        private void target(String field) throws IOException {
            switch (field) {
                case "kind", "namespace" -> {
                    String text = json.sharedText();
                    if (field.equals("kind")) {
                        kind = text;
                    } else {
                        namespace = text;
                    }
                }
                case "name", "uid" -> {
                    String text = json.text();
                    if (field.equals("name")) {
                        name = text;
                    } else {
                        uid = text;
                    }
                }
                default -> json.skip();
            }
        }
    }
}
