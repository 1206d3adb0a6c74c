package io.inmesh.spring.boot.client;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.http.client.ClientHttpRequestFactory;

/**
 * What Spring's own classes call in a JVM that was started with the agent, which changes them so: the mesh gets in front of
 * clients that are no beans. The transport is asked for at each request, so that a client may be made before there is an
 * application context and outlive it; without one every request goes its own way. Knows its parameters as objects only, since
 * the caller may be a class of another application. Thread-safe.
 */
public final class AgentHook {
    private static final String RUNNING = "io.inmesh.agent.version";
    private static final Logger LOG = LoggerFactory.getLogger(AgentHook.class);
    private static final ObjectSet LEFT_ALONE = new ObjectSet();
    private static final AtomicBoolean HAS_FAILED = new AtomicBoolean();

    private AgentHook() {}

    /** Whether this JVM was started with the agent. */
    static boolean isActive() {
        return System.getProperty(RUNNING) != null;
    }

    /**
     * The request factory for one request of a RestTemplate.
     *
     * @param factory that it has, with its interceptors
     * @return the given one where the mesh is not to be asked
     */
    public static Object template(Object factory, Object template) {
        return unlessItFails(
                factory,
                () -> !LEFT_ALONE.contains(template) && AgentTransport.newest() != null
                        ? meshed(factory, AgentTransport::newest)
                        : factory);
    }

    /**
     * The request factory of a new RestClient.
     *
     * @param factory that it would have, without its interceptors
     */
    public static Object factory(Object factory, Object builder) {
        return unlessItFails(factory, () -> forGood(factory, builder, way -> meshed(factory, way)));
    }

    /** The connector of a new WebClient, given the one that it would have. */
    public static Object connector(Object connector, Object builder) {
        return unlessItFails(
                connector, () -> forGood(connector, builder, way -> AgentConnectors.meshed(connector, way)));
    }

    /**
     * The filters of a new WebClient.
     *
     * @param filters null for none
     */
    public static @Nullable Object filters(@Nullable Object filters) {
        return filters == null ? null : AgentConnectors.scoped(filters);
    }

    /** Told of a builder that was copied, or made of a client: it is left alone where that was. */
    public static void copied(@Nullable Object from, Object to) {
        if (from != null && LEFT_ALONE.contains(from)) {
            LEFT_ALONE.add(to);
        }
    }

    /** Lets a client, or a builder of clients, go its own way, and what is copied or built from it. */
    static void leaveAlone(Object client) {
        if (!isActive()) {
            return;
        }
        Object target = AopProxyUtils.getSingletonTarget(client);
        Object real = target == null ? client : target;
        LEFT_ALONE.add(real);
        leaveAloneField(real, "builder");
        leaveAloneField(real, "clientRequestFactory");
        Object exchange = Fields.read(real, "exchangeFunction");
        if (exchange != null) {
            leaveAloneField(exchange, "connector");
        }
    }

    private static void leaveAloneField(Object owner, String name) {
        Object value = Fields.read(owner, name);
        if (value != null) {
            LEFT_ALONE.add(value);
        }
    }

    private static Object forGood(Object sender, Object builder, Function<Way, Object> meshing) {
        if (LEFT_ALONE.contains(builder)) {
            return sender;
        }
        Way way = new Way();
        Object meshed = meshing.apply(way);
        way.sender = meshed;
        return meshed;
    }

    /** Spring's classes did without the agent. */
    private static Object unlessItFails(Object given, Supplier<Object> meshing) {
        try {
            return meshing.get();
        } catch (RuntimeException | LinkageError failure) {
            if (HAS_FAILED.compareAndSet(false, true)) {
                LOG.warn("Some clients that are no beans go past the mesh: the agent cannot get in front", failure);
            }
            return given;
        }
    }

    private static Object meshed(Object factory, Supplier<@Nullable MeshTransport> transport) {
        return factory instanceof ClientHttpRequestFactory own && RequestFactories.refusal(own) == null
                ? RequestFactories.meshed(own, transport)
                : factory;
    }

    /** From one client to the transport of the moment, unless the client has come to be left alone. */
    private static final class Way implements Supplier<@Nullable MeshTransport> {
        private volatile @Nullable Object sender;

        @Override
        public @Nullable MeshTransport get() {
            Object own = sender;
            return own != null && LEFT_ALONE.contains(own) ? null : AgentTransport.newest();
        }
    }
}
