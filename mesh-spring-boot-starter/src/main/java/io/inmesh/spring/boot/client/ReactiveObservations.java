package io.inmesh.spring.boot.client;

import io.micrometer.observation.Observation;
import java.io.IOException;
import java.lang.ref.WeakReference;
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

    /**
     * An observation as the tag of a request. Weak: it leads to the response that it observes, which nothing that an attempt
     * holds may do, or nobody would notice that the response was dropped.
     */
    private record Remembered(WeakReference<Observation> observation) {
        static Request in(Request request, @Nullable Object told) {
            return told instanceof Observation observation && !observation.isNoop()
                    ? request.newBuilder()
                            .tag(Remembered.class, new Remembered(new WeakReference<Observation>(observation)))
                            .build()
                    : request;
        }

        @SuppressWarnings("try") // The scope is there to be closed.
        static Response within(Interceptor.Chain chain) throws IOException {
            Remembered remembered = chain.request().tag(Remembered.class);
            Observation observation = remembered == null ? null : remembered.observation.get();
            if (observation == null) {
                return chain.proceed(chain.request());
            }
            try (Observation.Scope scope = observation.openScope()) {
                return chain.proceed(chain.request());
            }
        }
    }
}
