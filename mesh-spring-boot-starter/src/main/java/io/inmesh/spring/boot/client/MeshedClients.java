package io.inmesh.spring.boot.client;

import io.inmesh.spring.boot.client.ClientBeans.ClientBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.util.ClassUtils;

/**
 * Puts the mesh in front of every bean that is one of Spring's HTTP clients, or a builder of such, however it was made. It
 * comes before the post-processors that make proxies, which have to stand in front of the meshed client. No other bean is
 * made for it. Thread-safe.
 */
public final class MeshedClients implements BeanPostProcessor, PriorityOrdered {
    private static final String TO_BE_MADE =
            "its scope has made none yet; what becomes of it is told here when the first is made";

    private final LazyTransport transport;
    private final List<ClientKind> kinds;
    private final ClientExclusions exclusions;
    private final ClientBeans beans;

    MeshedClients(
            LazyTransport transport,
            ClientExclusions exclusions,
            BalancerPasses passes,
            ClientBeans beans,
            @Nullable ClassLoader loader) {
        this.transport = transport;
        this.kinds = kinds(transport, passes, loader);
        this.exclusions = exclusions;
        this.beans = beans;
    }

    private static List<ClientKind> kinds(
            Supplier<@Nullable MeshTransport> transport, BalancerPasses passes, @Nullable ClassLoader loader) {
        List<ClientKind> kinds = new ArrayList<>();
        RequestFactories factories = new RequestFactories(transport);
        RestTemplates templates = new RestTemplates(factories, passes);
        kinds.add(templates);
        kinds.add(new RestClients(factories, passes));
        RestTemplateBuilders builders = RestTemplateBuilders.find(templates, loader);
        if (builders != null) {
            kinds.add(builders);
        }
        if (ClassUtils.isPresent("org.springframework.web.reactive.function.client.WebClient", loader)
                && ClassUtils.isPresent("reactor.core.publisher.Mono", loader)) {
            kinds.add(new WebClients(transport, new ReactiveBalancerPasses(passes)));
        }
        return List.copyOf(kinds);
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        for (ClientKind kind : kinds) {
            if (kind.is(bean)) {
                boolean excluded = exclusions.excludes(name, bean.getClass());
                if (exclusions.isScopesProxy(name)) {
                    beans.addToBeMade(bean(
                            name, bean.getClass(), excluded ? Meshed.excluded(bean) : Meshed.as(bean, TO_BE_MADE)));
                    return bean;
                }
                Meshed meshed = excluded ? kind.leaveAlone(bean) : kind.mesh(bean);
                transport.clientIsMade();
                beans.add(bean(name, bean.getClass(), meshed));
                return meshed.client();
            }
        }
        return bean;
    }

    /**
     * Does the same for the builder of the client that a group of HTTP service interfaces shares, which is no bean. One
     * excluded interface takes the whole group with it.
     *
     * @param services by the name of the bean that stands for each
     * @param builder changed in place
     */
    public void group(Map<String, Class<?>> services, Object builder) {
        boolean excluded = services.entrySet().stream()
                .anyMatch(service -> exclusions.excludes(service.getKey(), service.getValue()));
        for (ClientKind kind : kinds) {
            if (kind.is(builder)) {
                Meshed meshed = excluded ? kind.leaveAlone(builder) : kind.mesh(builder);
                services.forEach((name, type) -> beans.add(bean(name, type, meshed)));
            }
        }
    }

    private static ClientBean bean(String name, Class<?> type, Meshed meshed) {
        return new ClientBean(ClientExclusions.plain(name), type.getName(), meshed.leftAlone(), meshed.remark());
    }
}
