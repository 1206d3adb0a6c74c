package io.inmesh.spring.boot.client;

import io.inmesh.Mesh;
import io.inmesh.config.ConfigSource;
import io.inmesh.endpoint.EndpointSource;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.observe.MeshObserver;
import io.inmesh.spring.boot.MeshAutoConfiguration;
import io.inmesh.spring.boot.MeshBuilderCustomizer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.SpringBootVersion;
import org.springframework.core.SpringProperties;
import org.springframework.core.type.MethodMetadata;
import org.springframework.util.ClassUtils;

/**
 * The transport of one application context, made when it is first asked for.
 *
 * <p>Where Spring locks strictly, as 6.1 always does, no thread can make a bean while another makes one. A bean that waits,
 * while it is made, for a call of another thread would wait for ever, were the mesh to be made for that call. There the mesh
 * is made together with the first client, by the thread that starts the context, unless it is made of beans of the
 * application, which may need that client. Until it is there, calls of other threads go past it. Thread-safe.
 */
public final class LazyTransport implements Supplier<@Nullable MeshTransport>, SmartInitializingSingleton {
    private static final Logger LOG = LoggerFactory.getLogger(LazyTransport.class);
    private static final String STRICT = "spring.locking.strict";

    /** Those with Spring 6.1. */
    private static final List<String> STRICT_LINES = List.of("3.2.", "3.3.");

    private static final String STARTER = ClassUtils.getPackageName(MeshAutoConfiguration.class);
    private static final List<String> HOMES =
            List.of(STARTER + ".Mesh", STARTER + ".telemetry.Mesh", STARTER + ".console.Mesh");
    private static final List<Class<?>> PARTS = List.of(
            Mesh.class,
            WorkloadIdentity.class,
            ConfigSource.class,
            EndpointSource.class,
            MeshObserver.class,
            MeshBuilderCustomizer.class);

    private final ObjectProvider<MeshTransport> provider;
    private final ConfigurableListableBeanFactory beans;
    private final Thread starting = Thread.currentThread();
    private final boolean strict = isStrict(SpringBootVersion.getVersion());
    private final AtomicBoolean isTold = new AtomicBoolean();
    private volatile @Nullable MeshTransport made;
    private volatile boolean started;

    LazyTransport(ObjectProvider<MeshTransport> provider, ConfigurableListableBeanFactory beans) {
        this.provider = provider;
        this.beans = beans;
    }

    private static boolean isStrict(@Nullable String boot) {
        return SpringProperties.getFlag(STRICT)
                || STRICT_LINES.stream().anyMatch(line -> (boot + ".").startsWith(line));
    }

    /** The transport; null for a thread that has to do without. */
    @Override
    public @Nullable MeshTransport get() {
        MeshTransport known = made;
        if (known != null && (started || !strict || known.hasMesh())) {
            return known;
        }
        if (strict && !started && Thread.currentThread() != starting) {
            tell();
            return null;
        }
        if (known == null) {
            known = provider.getObject();
            made = known;
        }
        return known;
    }

    private void tell() {
        if (isTold.compareAndSet(false, true)) {
            LOG.warn(
                    "While the application starts, calls of the thread {} go past the mesh, which is not made yet and cannot"
                            + " be made on this thread: this line of Spring would let it wait for the bean that is being"
                            + " made. Calls after the start go by the mesh.",
                    Thread.currentThread().getName());
        }
    }

    /** Told that there is a client, by which other threads may call from now on. */
    void clientIsMade() {
        if (strict
                && !started
                && Thread.currentThread() == starting
                && beans.isConfigurationFrozen()
                && PARTS.stream()
                        .flatMap(type -> Stream.of(beans.getBeanNamesForType(type, true, false)))
                        .allMatch(this::isOurs)) {
            makeMesh();
        }
    }

    @Override
    public void afterSingletonsInstantiated() {
        if (strict) {
            makeMesh();
        }
        started = true;
    }

    private void makeMesh() {
        MeshTransport transport = get();
        if (transport != null) {
            transport.makeMesh();
        }
    }

    /** Whether a part of the mesh comes from the starter itself. */
    private boolean isOurs(String name) {
        if (!beans.containsBeanDefinition(name)
                || !(beans.getBeanDefinition(name) instanceof AnnotatedBeanDefinition definition)) {
            return false;
        }
        MethodMetadata method = definition.getFactoryMethodMetadata();
        return method != null && HOMES.stream().anyMatch(method.getDeclaringClassName()::startsWith);
    }
}
