package io.inmesh.spring.boot.actuate;

import io.inmesh.explain.Explanation;
import io.inmesh.spring.boot.client.BalancerDecisions;
import io.inmesh.spring.boot.client.OwnRegistries;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;

/** What the endpoint shows of load balancers beside the mesh. */
final class BalancersView {
    private final ObjectProvider<BalancerDecisions> decisions;
    private final ObjectProvider<OwnRegistries> registries;

    BalancersView(ObjectProvider<BalancerDecisions> decisions, ObjectProvider<OwnRegistries> registries) {
        this.decisions = decisions;
        this.registries = registries;
    }

    /** Who decided the calls of each service, of clients that have a load balancer of their own. */
    List<Map<String, Object>> list() {
        BalancerDecisions decided = decisions.getIfAvailable();
        return decided == null
                ? List.of()
                : decided.list().stream().map(BalancersView::decisions).toList();
    }

    private static Map<String, Object> decisions(BalancerDecisions.Decisions decisions) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("service", decisions.service());
        map.put("byMesh", decisions.byMesh());
        map.put("byApplication", decisions.byApplication());
        return map;
    }

    /**
     * Who would choose the instance of a request: {@code mesh}, or {@code application} with what its registries know of the
     * service. Added where the application has registries.
     */
    void addBalancer(Map<String, Object> answer, String url, Explanation explanation) {
        OwnRegistries own = registries.getIfAvailable();
        if (own == null) {
            return;
        }
        boolean mesh = explanation.decision() != Explanation.Decision.PASSTHROUGH;
        answer.put("balancer", mesh ? "mesh" : "application");
        String host = URI.create(url).getHost();
        if (host != null) {
            Described.putAll(answer, "registered", new LinkedHashMap<>(own.instances(host)));
        }
    }
}
