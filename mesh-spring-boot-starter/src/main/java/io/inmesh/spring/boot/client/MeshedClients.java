package io.inmesh.spring.boot.client;

import io.inmesh.spring.boot.client.ClientBeans.ClientBean;
import java.util.ArrayList;
import java.util.List;
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
final class MeshedClients implements BeanPostProcessor, PriorityOrdered {
    private static final String SCOPED_TARGET = "scopedTarget.";

    private final List<ClientKind> kinds;
    private final ClientExclusions exclusions;
    private final ClientBeans beans;

    MeshedClients(
            Supplier<@Nullable MeshTransport> transport,
            ClientExclusions exclusions,
            BalancerPasses passes,
            ClientBeans beans,
            @Nullable ClassLoader loader) {
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
                Meshed meshed = mesh(kind, bean, name);
                beans.add(new ClientBean(plain(name), bean.getClass().getName(), meshed.leftAlone(), meshed.remark()));
                return meshed.client();
            }
        }
        return bean;
    }

    private Meshed mesh(ClientKind kind, Object bean, String name) {
        return exclusions.excludes(plain(name), bean.getClass())
                ? Meshed.not(kind.leaveAlone(bean), ClientExclusions.REASON)
                : kind.mesh(bean);
    }

    /** Scopes such as refresh put the name of their proxy in front of the one behind it. */
    private static String plain(String name) {
        return name.startsWith(SCOPED_TARGET) ? name.substring(SCOPED_TARGET.length()) : name;
    }
}
