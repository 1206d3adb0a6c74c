package io.inmesh.spring.boot.client;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanNameAware;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Offers the transport of one application context to clients that are no beans, in a JVM with the agent. While the context
 * starts, only on the thread that starts it: a bean made for a call on another thread would wait for that one, which may
 * itself wait for the call. Thread-safe.
 */
final class AgentTransport
        implements BeanFactoryPostProcessor, BeanNameAware, SmartInitializingSingleton, DisposableBean {
    private static final String OFFERED = "meshTransport";

    /** The newest first. */
    private static final List<AgentTransport> OPEN = new CopyOnWriteArrayList<>();

    private final ObjectProvider<MeshTransport> transport;
    private final Thread starting = Thread.currentThread();
    private String name = "";
    private boolean beingMade;
    private volatile @Nullable MeshTransport made;
    private volatile boolean started;

    AgentTransport(ObjectProvider<MeshTransport> transport) {
        this.transport = transport;
    }

    /** The transport of the application context that was started last and is still open; null for none. */
    static @Nullable MeshTransport newest() {
        for (AgentTransport open : OPEN) {
            MeshTransport offered = open.offered();
            if (offered != null) {
                return offered;
            }
        }
        return null;
    }

    private @Nullable MeshTransport offered() {
        if (started) {
            return made;
        }
        return Thread.currentThread() == starting ? make() : null;
    }

    private @Nullable MeshTransport make() {
        if (made == null && !beingMade) {
            beingMade = true;
            try {
                made = transport.getObject();
            } finally {
                beingMade = false;
            }
        }
        return made;
    }

    @Override
    public void setBeanName(String given) {
        name = given;
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        if (AgentHook.isActive()) {
            // So that it is offered no more when it is closed.
            beans.registerDependentBean(OFFERED, name);
            OPEN.add(0, this);
        }
    }

    @Override
    public void afterSingletonsInstantiated() {
        if (AgentHook.isActive()) {
            make();
            started = true;
        }
    }

    @Override
    public void destroy() {
        OPEN.remove(this);
    }
}
