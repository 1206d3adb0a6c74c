package io.inmesh.spring.boot.actuate;

import io.inmesh.Mesh;
import io.inmesh.MeshStatus;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.explain.Explanation;
import io.inmesh.spring.boot.client.ClientBeans;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * What the mesh runs on and what it would do, read-only:
 *
 * <ul>
 *   <li>{@code /mesh}: generation, sources, problems, attempts under way, and the watches where a cluster is watched;
 *   <li>{@code /mesh/routes}: the rules in force;
 *   <li>{@code /mesh/endpoints} and {@code /mesh/endpoints/{service}}: what discovery knows;
 *   <li>{@code /mesh/clients}: the application's HTTP client beans, and which of them are meshed;
 *   <li>{@code /mesh/balancers}: who decided the calls of each service, beside a load balancer of the application's;
 *   <li>{@code /mesh/explain?method=&url=&header=Name:Value}: where a request would go and why.
 * </ul>
 *
 * Values of headers that usually hold secrets are not shown. Addresses are: whoever exposes the endpoint over the web has
 * opted in to them.
 */
// No default access: Spring Boot has that attribute from 3.4 on, and older lines cannot read a class that carries it.
@Endpoint(id = "mesh")
public final class MeshEndpoint {
    private final Mesh mesh;
    private final Supplier<@Nullable ClusterView> cluster;
    private final Supplier<@Nullable ClientBeans> clients;
    private final BalancersView balancers;

    /**
     * Makes an endpoint.
     *
     * @param cluster what is shown of a cluster, null where none is watched
     * @param clients null in an application without Spring's HTTP clients
     */
    MeshEndpoint(
            Mesh mesh,
            Supplier<@Nullable ClusterView> cluster,
            Supplier<@Nullable ClientBeans> clients,
            BalancersView balancers) {
        this.mesh = mesh;
        this.cluster = cluster;
        this.clients = clients;
        this.balancers = balancers;
    }

    /** Generation, sources, problems, attempts under way. */
    @ReadOperation
    public Map<String, Object> status() {
        MeshStatus status = mesh.status();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("generation", status.generation());
        if (status.publishedAt() != null) {
            answer.put("publishedAt", status.publishedAt().toString());
        }
        answer.put("sources", status.sources().stream().map(Described::source).toList());
        answer.put(
                "problems", status.problems().stream().map(Described::problem).toList());
        answer.put("attempts", Described.attempts(status.attempts()));
        ClusterView kubernetes = cluster.get();
        if (kubernetes != null) {
            answer.put("kubernetes", kubernetes.status());
        }
        return answer;
    }

    /**
     * One view.
     *
     * @param view {@code routes}, {@code endpoints}, {@code clients}, {@code balancers} or {@code explain}
     * @param method for explain; null means GET
     * @param url for explain
     * @param header for explain: {@code Name:Value}, one or several
     * @return null for an unknown view
     */
    // Spring Boot 3 takes a parameter for optional by Spring's annotation alone.
    @SuppressWarnings("deprecation")
    @ReadOperation
    public @Nullable Object view(
            @Selector String view,
            @org.springframework.lang.Nullable @Nullable String method,
            @org.springframework.lang.Nullable @Nullable String url,
            @org.springframework.lang.Nullable @Nullable Object header) {
        return switch (view) {
            case "routes" -> Described.routes(mesh.routes());
            case "endpoints" -> endpoints();
            case "clients" -> clients();
            case "balancers" -> balancers.list();
            case "explain" -> explain(method == null ? "GET" : method, url, headers(header));
            default -> null;
        };
    }

    /**
     * One service of the view {@code endpoints}.
     *
     * @param view {@code endpoints}
     * @param service full name, or its first part when that is enough
     * @return null when there is none
     */
    @ReadOperation
    public @Nullable Object element(@Selector String view, @Selector String service) {
        if (!view.equals("endpoints")) {
            return null;
        }
        List<ServiceEndpoints> services = mesh.services();
        List<Map<String, Object>> found = services.stream()
                .filter(known -> known.service().host().equalsIgnoreCase(service))
                .map(this::service)
                .toList();
        if (found.isEmpty()) {
            found = services.stream()
                    .filter(known -> known.service().host().startsWith(service + "."))
                    .map(this::service)
                    .toList();
        }
        return found.isEmpty() ? null : found.size() == 1 ? found.get(0) : found;
    }

    private List<Map<String, Object>> clients() {
        ClientBeans made = clients.get();
        return made == null
                ? List.of()
                : made.list().stream().map(Described::client).toList();
    }

    private Map<String, Object> endpoints() {
        Map<String, Object> answer = new LinkedHashMap<>();
        ClusterView kubernetes = cluster.get();
        if (kubernetes != null) {
            Described.putAll(answer, "kubernetes", kubernetes.endpoints());
        }
        answer.put("services", mesh.services().stream().map(this::service).toList());
        return answer;
    }

    private Map<String, Object> service(ServiceEndpoints service) {
        Map<String, Object> answer = Described.service(service);
        ClusterView kubernetes = cluster.get();
        if (kubernetes != null) {
            Described.putAll(answer, "kubernetes", kubernetes.service(service.service()));
        }
        return answer;
    }

    private Map<String, Object> explain(String method, @Nullable String url, Map<String, List<String>> headers) {
        if (url == null) {
            throw new InvalidEndpointRequestException(
                    "The parameter 'url' is missing", "Give an absolute URL: explain?url=http://reviews/api");
        }
        try {
            Explanation explanation = mesh.explain(method, url, headers);
            Map<String, Object> answer = Described.explanation(explanation);
            balancers.addBalancer(answer, url, explanation);
            return answer;
        } catch (IllegalArgumentException e) {
            throw new InvalidEndpointRequestException(
                    "The parameter 'url' cannot be read: " + e.getMessage(), "Give an absolute http or https URL", e);
        }
    }

    private static Map<String, List<String>> headers(@Nullable Object given) {
        Collection<?> lines =
                given instanceof Collection<?> several ? several : given == null ? List.of() : List.of(given);
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (Object line : lines) {
            String text = line.toString();
            int colon = text.indexOf(':', 1);
            if (colon < 0) {
                throw new InvalidEndpointRequestException(
                        "The parameter 'header' has no colon: " + text, "Write header=Name:Value");
            }
            headers.computeIfAbsent(text.substring(0, colon).strip(), name -> new ArrayList<>())
                    .add(text.substring(colon + 1).strip());
        }
        return headers;
    }
}
