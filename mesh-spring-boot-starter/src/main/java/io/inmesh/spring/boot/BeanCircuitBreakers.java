package io.inmesh.spring.boot;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.inmesh.Mesh;
import io.inmesh.call.CircuitBreaker;
import io.inmesh.call.CircuitBreakers;
import io.inmesh.resilience4j.RegistryCircuitBreakers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.BeanCurrentlyInCreationException;
import org.springframework.beans.factory.ObjectProvider;

/**
 * The circuit breakers of a registry that is a bean. What listens to it may itself have been made with a client of the mesh; then
 * the registry is taken at the first call that asks for a breaker.
 */
final class BeanCircuitBreakers implements CircuitBreakers, MeshBuilderCustomizer {
    private static final Logger LOG = LoggerFactory.getLogger(BeanCircuitBreakers.class);

    private final ObjectProvider<CircuitBreakerRegistry> registry;
    private volatile @Nullable CircuitBreakers breakers;

    BeanCircuitBreakers(ObjectProvider<CircuitBreakerRegistry> registry) {
        this.registry = registry;
    }

    @Override
    public void customize(Mesh.Builder builder) {
        try {
            breakers = breakers();
        } catch (BeanCreationException failure) {
            if (!failure.contains(BeanCurrentlyInCreationException.class)) {
                throw failure;
            }
            LOG.info(
                    "The bean CircuitBreakerRegistry is being made and needs the mesh, so it is taken at the first call that asks"
                            + " for a circuit breaker; a name that it does not know is noted among the problems when rules or"
                            + " endpoints change after that");
        }
        builder.circuitBreakers(this);
    }

    private CircuitBreakers breakers() {
        CircuitBreakers known = breakers;
        if (known == null) {
            known = RegistryCircuitBreakers.of(registry.getObject());
            breakers = known;
        }
        return known;
    }

    @Override
    public CircuitBreaker named(String name) {
        return breakers().named(name);
    }

    /** Asked on the mesh's own thread, which must not wait for a bean that waits for the mesh. */
    @Override
    public @Nullable String doubt(String name) {
        CircuitBreakers known = breakers;
        return known == null ? null : known.doubt(name);
    }

    @Override
    public String toString() {
        return "BeanCircuitBreakers[" + breakers + "]";
    }
}
