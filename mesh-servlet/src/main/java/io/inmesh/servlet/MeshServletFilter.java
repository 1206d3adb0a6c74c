package io.inmesh.servlet;

import io.inmesh.Mesh;
import io.inmesh.inbound.InboundContext;
import io.inmesh.inbound.Scope;
import io.inmesh.model.InboundPolicy;
import io.inmesh.observe.InboundObserver;
import io.inmesh.servlet.internal.answer.FaultAnswers;
import io.inmesh.servlet.internal.answer.ServerHeader;
import io.inmesh.servlet.internal.inbound.Admission;
import io.inmesh.servlet.internal.inbound.CarriedRequest;
import io.inmesh.servlet.internal.inbound.InboundCapture;
import io.inmesh.servlet.internal.inbound.PolicyAdmission;
import io.inmesh.servlet.internal.judge.PolicyLog;
import io.inmesh.servlet.internal.judge.RequestJudge;
import io.inmesh.servlet.internal.limit.RateLimits;
import io.inmesh.servlet.internal.observed.InboundObservers;
import io.inmesh.servlet.internal.observed.ObservedRequest;
import io.inmesh.servlet.internal.request.RequestReader;
import io.inmesh.servlet.internal.request.ShownHead;
import io.inmesh.servlet.internal.time.RequestIds;
import io.inmesh.servlet.internal.time.Ticker;
import io.inmesh.servlet.policy.PathPolicy;
import io.inmesh.servlet.policy.RateLimit;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives each request that comes in to an application an {@link InboundContext}, so that the calls of the mesh that are made
 * on its behalf carry what the request came with: the headers by which it is traced, and those that a {@link
 * PropagationPolicy} names. Nothing in the application has to copy them. A request that comes without an {@code
 * x-request-id} gets one, which the application sees as if it had come.
 *
 * <p>The context is current on the thread of the request, of each of its dispatches (ASYNC, ERROR, FORWARD and INCLUDE), in
 * {@code AsyncContext.start} and in the listeners of an {@code AsyncContext}; {@link InboundContext#propagating} takes it to
 * other threads. It is also the request's {@linkplain #CONTEXT attribute}, for callbacks of non-blocking I/O.
 *
 * <p>To be added before all filters that make calls, for all types of dispatch, with async support:
 *
 * <pre>{@code
 * FilterRegistration.Dynamic mesh = servletContext.addFilter("mesh",
 *         MeshServletFilter.builder().propagate("end-user").build());
 * mesh.setAsyncSupported(true);
 * mesh.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*");
 * }</pre>
 *
 * <p>In a {@code web.xml} it takes the parameters {@code propagate} (names of headers with commas or spaces between) and
 * {@code trust-deadline}. Thread-safe.
 */
public final class MeshServletFilter implements Filter {
    /** Name of the request attribute that holds the {@link InboundContext}. */
    public static final String CONTEXT = "io.inmesh.inbound.InboundContext";

    private static final AtomicLong INSTANCES = new AtomicLong();

    /** Of requests that this filter has let in: that another one has says nothing about its policies. */
    private final String admittedAttribute = MeshServletFilter.class.getName() + INSTANCES.incrementAndGet();

    private final Supplier<String> ids;
    private final LongSupplier ticker;
    private final Admission admission;
    private final boolean judgesByPolicies;
    private final InboundObservers observers;
    private volatile InboundCapture capture;

    /** A filter as {@code builder().build()} makes it, for a {@code web.xml}. */
    public MeshServletFilter() {
        this(builder());
    }

    private MeshServletFilter(Builder builder) {
        ids = builder.ids;
        ticker = builder.ticker;
        admission = builder.admission();
        judgesByPolicies = builder.policies != null;
        observers = new InboundObservers(builder.observers);
        capture = capture(builder.policy());
    }

    private InboundCapture capture(PropagationPolicy policy) {
        return new InboundCapture(policy.headers(), policy.trustDeadline(), policy.maxBytes(), ids, ticker);
    }

    /** Starts to describe a filter that hands on {@link PropagationPolicy#DEFAULT}. */
    public static Builder builder() {
        return new Builder();
    }

    /** Whether it was built with {@link Builder#policies}. */
    public boolean judgesByPolicies() {
        return judgesByPolicies;
    }

    /**
     * Reads the parameters of a {@code web.xml}; without any the filter stays as it was made.
     *
     * @throws ServletException when one of them makes no sense
     */
    @Override
    public void init(FilterConfig config) throws ServletException {
        String names = config.getInitParameter("propagate");
        String trust = config.getInitParameter("trust-deadline");
        if (names == null && trust == null) {
            return;
        }
        if (trust != null && !trust.equals("true") && !trust.equals("false")) {
            throw new ServletException("Parameter trust-deadline of filter " + config.getFilterName() + " is \"" + trust
                    + "\"; write true or false");
        }
        try {
            capture = capture(builder()
                    .propagate(names == null ? List.of() : words(names))
                    .trustDeadline("true".equals(trust))
                    .policy());
        } catch (IllegalArgumentException e) {
            throw new ServletException(
                    "Parameter propagate of filter " + config.getFilterName() + ": " + e.getMessage(), e);
        }
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.split("[,\\s]+", -1))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    @Override
    public void destroy() {
        admission.close();
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (request instanceof HttpServletRequest httpRequest && response instanceof HttpServletResponse httpResponse) {
            if (observers.isEmpty()) {
                serve(httpRequest, httpResponse, chain);
            } else {
                observe(httpRequest, httpResponse, chain);
            }
        } else {
            chain.doFilter(request, response);
        }
    }

    private void observe(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        ObservedRequest known = ObservedRequest.of(request, observers);
        ObservedRequest observed = known == null
                ? ObservedRequest.begin(observers, ShownHead.of(request), ticker, request, response)
                : known;
        if (!observed.isHeard()) {
            serve(request, response, chain);
            return;
        }
        Throwable thrown = null;
        if (known != null) {
            known.dispatched(request.getDispatcherType());
        }
        try {
            serve(observed.counted(request), observed.counted(response), chain);
        } catch (Throwable failure) {
            thrown = failure;
            throw failure;
        } finally {
            if (known == null) {
                observed.returned(thrown);
            } else {
                known.returned(request.getDispatcherType(), thrown);
            }
        }
    }

    @SuppressWarnings("try") // The scope is there to be closed.
    private void serve(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        boolean again = request.getAttribute(admittedAttribute) != null;
        HttpServletRequest admitted = again ? admission.again(request) : admission.admit(request, response);
        if (admitted == null) {
            return;
        }
        admitted.setAttribute(admittedAttribute, Boolean.TRUE);
        InboundContext context = known(request);
        if (context == null) {
            context = capture.of(admitted);
            admitted.setAttribute(CONTEXT, context);
        }
        try (Scope scope = context.open()) {
            chain.doFilter(CarriedRequest.of(admitted, context), response);
        }
    }

    /** Of an earlier dispatch; null in the first. */
    private static @Nullable InboundContext known(HttpServletRequest request) {
        return request.getAttribute(CONTEXT) instanceof InboundContext context ? context : null;
    }

    /** Describes a filter; not thread-safe. */
    public static final class Builder {
        private PropagationPolicy policy = PropagationPolicy.DEFAULT;
        private @Nullable Mesh policies;
        private final List<RateLimit> limits = new ArrayList<>();
        private PathPolicy paths = PathPolicy.STRICT;
        private int trustedHops;
        private final List<InboundObserver> observers = new ArrayList<>();
        private Supplier<String> ids = RequestIds.RANDOM;
        private LongSupplier ticker = Ticker.SYSTEM;

        private Builder() {}

        /** Hands on what a policy says, in place of what was told before. */
        public Builder policy(PropagationPolicy newPolicy) {
            policy = newPolicy;
            return this;
        }

        /**
         * Hands these headers on too, such as {@code end-user}.
         *
         * @throws IllegalArgumentException as {@link PropagationPolicy.Builder#build} says
         */
        public Builder propagate(String... names) {
            return propagate(List.of(names));
        }

        /** {@link #propagate(String...)}. */
        public Builder propagate(List<String> names) {
            policy = PropagationPolicy.builder()
                    .headers(policy.headers())
                    .headers(names)
                    .trustDeadline(policy.trustDeadline())
                    .maxBytes(policy.maxBytes())
                    .build();
            return this;
        }

        /** Whether callers may say how long they wait; see {@link PropagationPolicy#trustDeadline}. False unless told. */
        public Builder trustDeadline(boolean trust) {
            policy = new PropagationPolicy(policy.headers(), trust, policy.maxBytes());
            return this;
        }

        /**
         * Judges requests by the AuthorizationPolicies and RequestAuthentications of a mesh that concern this application
         * ({@link Mesh#inboundPolicy}), before the application sees them. Refused ones are answered with 400, 401 or 403. What
         * a token says is the attribute {@link TokenClaims#ATTRIBUTE}. Not so unless told.
         *
         * @param mesh stays its maker's
         */
        public Builder policies(Mesh mesh) {
            policies = mesh;
            return this;
        }

        /**
         * Lets no more requests pass than a limit says, beside the limits that were told before; no limit unless told. Those
         * beyond are answered with 429. What policies refuse is not counted.
         *
         * @throws IllegalArgumentException when it is for routes or virtual hosts, which only a gateway has
         */
        public Builder rateLimit(RateLimit limit) {
            if (limit.needsRoutes()) {
                throw new IllegalArgumentException("limit \"" + limit.name()
                        + "\" is for routes or virtual hosts, which only a gateway has; give it a path");
            }
            limits.add(limit);
            return this;
        }

        /** Which paths come in where policies judge or limits count, and in which form; {@link PathPolicy#STRICT} unless told. */
        public Builder pathPolicy(PathPolicy policy) {
            paths = policy;
            return this;
        }

        /**
         * How many proxies before this application are trusted to tell the truth in {@code X-Forwarded-*}, where policies
         * judge or limits count; 0 unless told. As of a gateway: {@link GatewayServletBuilder#trustedHops}.
         *
         * @throws IllegalArgumentException when it is less than 0
         */
        public Builder trustedHops(int hops) {
            if (hops < 0) {
                throw new IllegalArgumentException("trustedHops is " + hops + "; give 0 or more");
            }
            trustedHops = hops;
            return this;
        }

        /**
         * Tells an observer of each request, beside those that were told before, whatever becomes of it: from its first
         * dispatch until its answer is complete. One that this observer has heard of from another filter or from a {@link
         * GatewayServlet} is not told again.
         */
        public Builder observer(InboundObserver observer) {
            observers.add(Objects.requireNonNull(observer));
            return this;
        }

        Admission admission() {
            Mesh mesh = policies;
            if (mesh == null && limits.isEmpty()) {
                return Admission.OPEN;
            }
            return new PolicyAdmission(
                    mesh == null ? () -> InboundPolicy.NONE : mesh::inboundPolicy,
                    new RequestReader(paths, trustedHops, IntUnaryOperator.identity()),
                    new RequestJudge(paths, new PolicyLog()),
                    new RateLimits(limits, paths, ticker),
                    new FaultAnswers(ServerHeader.PASS, false),
                    (request, token) -> request.setAttribute(
                            TokenClaims.ATTRIBUTE, new TokenClaims(token.issuer(), token.subject(), token.claims())));
        }

        /** Puts ids and time into a test's hands. */
        Builder machinery(Supplier<String> newIds, LongSupplier newTicker) {
            ids = newIds;
            ticker = newTicker;
            return this;
        }

        PropagationPolicy policy() {
            return policy;
        }

        /** The filter. */
        public MeshServletFilter build() {
            return new MeshServletFilter(this);
        }
    }
}
