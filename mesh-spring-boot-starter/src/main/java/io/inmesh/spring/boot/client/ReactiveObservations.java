package io.inmesh.spring.boot.client;

import io.micrometer.observation.Observation;
import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;
import reactor.util.context.ContextView;

/**
 * Makes the observation that Reactor's context has, that of WebClient's exchange, the current one of the thread that executes
 * its call; without it the call would be nobody's. Nothing where Micrometer is absent. Thread-safe.
 */
final class ReactiveObservations {
    /** Under which Reactor's context has it (Micrometer: ObservationThreadLocalAccessor). */
    private static final String KEY = "micrometer.observation";

    private static final boolean PRESENT =
            ClassUtils.isPresent("io.micrometer.observation.Observation", ReactiveObservations.class.getClassLoader());

    private ReactiveObservations() {}

    /** The request, which remembers the observation that a context has. */
    static Request remembered(Request request, ContextView context) {
        return PRESENT ? Remembered.in(request, context.getOrDefault(KEY, null)) : request;
    }

    /** Answers the request with its observation as the current one. */
    static Response within(Interceptor.Chain chain) throws IOException {
        return PRESENT ? Remembered.within(chain) : chain.proceed(chain.request());
    }

    private static final class Remembered {
        static Request in(Request request, @Nullable Object told) {
            return told instanceof Observation observation && !observation.isNoop()
                    ? request.newBuilder().tag(Observation.class, observation).build()
                    : request;
        }

        @SuppressWarnings("try") // The scope is there to be closed.
        static Response within(Interceptor.Chain chain) throws IOException {
            Observation observation = chain.request().tag(Observation.class);
            if (observation == null) {
                return chain.proceed(chain.request());
            }
            try (Observation.Scope scope = observation.openScope()) {
                return chain.proceed(chain.request());
            }
        }
    }
}
