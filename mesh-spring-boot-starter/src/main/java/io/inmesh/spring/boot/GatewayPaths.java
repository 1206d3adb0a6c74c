package io.inmesh.spring.boot;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Sees to it that no servlet but the gateway's has all paths: it would never be called, and containers do not say so. Servlets
 * with a path of their own keep it.
 */
final class GatewayPaths implements SmartInitializingSingleton {
    /** Name of the gateway's servlet. */
    static final String GATEWAY = "meshGateway";

    /** What it is mapped to. */
    static final String ALL = "/*";

    private static final Set<String> ALL_PATHS = Set.of("/", ALL);
    private static final String SPRING_MVC = "dispatcherServlet";

    /** Servlets of containers, which serve files and say 404, and which a gateway does without. */
    private static final List<String> OF_CONTAINERS = List.of("org.apache.catalina.", "org.eclipse.jetty.");

    private final ServletContext servlets;
    private final PropertyProblems problems;

    GatewayPaths(ServletContext servlets, PropertyProblems problems) {
        this.servlets = servlets;
        this.problems = problems;
    }

    @Override
    public void afterSingletonsInstantiated() {
        for (Map.Entry<String, ? extends ServletRegistration> entry :
                servlets.getServletRegistrations().entrySet()) {
            String name = entry.getKey();
            boolean all = !Collections.disjoint(entry.getValue().getMappings(), ALL_PATHS);
            if (all && !name.equals(GATEWAY) && !isOfContainer(entry.getValue())) {
                problems.error(
                        MeshGatewayServletAutoConfiguration.ENABLED,
                        "is true, but the servlet '" + name + "' has all paths too",
                        name.equals(SPRING_MVC)
                                ? "give Spring MVC a path, such as spring.mvc.servlet.path=/app, or leave it away, see"
                                        + " docs/spring-boot.md"
                                : "give it a path of its own");
            }
        }
        if (!problems.errors().isEmpty()) {
            throw new MeshPropertiesException(problems.errors());
        }
    }

    private static boolean isOfContainer(ServletRegistration registration) {
        String type = registration.getClassName();
        return type != null && OF_CONTAINERS.stream().anyMatch(type::startsWith);
    }
}
