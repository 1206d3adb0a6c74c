package io.inmesh.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.config.RuleUser;
import io.inmesh.inbound.InboundContext;
import io.inmesh.inbound.Scope;
import io.inmesh.servlet.MeshServletFilter;
import io.inmesh.spring.boot.inbound.CarryingExecutors;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.web.filter.CharacterEncodingFilter;

@ExtendWith(OutputCaptureExtension.class)
class MeshInboundAutoConfigurationTest {
    private static final AutoConfigurations CONFIGURATIONS =
            AutoConfigurations.of(MeshAutoConfiguration.class, MeshInboundAutoConfiguration.class);

    private final WebApplicationContextRunner runner =
            new WebApplicationContextRunner().withConfiguration(CONFIGURATIONS);

    @Test
    void isThereWhereThereAreServletsUnlessSwitchedOff() {
        runner.run(context ->
                assertThat(context).hasSingleBean(FilterRegistrationBean.class).hasSingleBean(CarryingExecutors.class));
        runner.withPropertyValues("mesh.inbound.enabled=false")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(FilterRegistrationBean.class)
                        .doesNotHaveBean(CarryingExecutors.class));
        runner.withPropertyValues("mesh.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(FilterRegistrationBean.class));
        new ApplicationContextRunner()
                .withConfiguration(CONFIGURATIONS)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(FilterRegistrationBean.class));
    }

    @Test
    void saysWhichNameIsNone() {
        runner.withPropertyValues("mesh.inbound.headers[0]=end-user", "mesh.inbound.headers[1]=end user")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("mesh.inbound.headers[1]")
                        .hasMessageContaining("\"end user\""));
        runner.withPropertyValues("mesh.inbound.headers=content-length")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("mesh.inbound.headers[0]")
                        .hasMessageContaining("leave it out"));
    }

    private static final String POLICY =
            "apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\n" + "metadata: {name: nobody}\nspec: {%s}\n";

    private static int statusOf(FilterRegistrationBean<?> registration) throws Exception {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "/");
        request.setServletPath("/");
        request.addHeader("host", "localhost");
        MockHttpServletResponse response = new MockHttpServletResponse();
        registration.getFilter().doFilter(request, response, (in, out) -> ((HttpServletResponse) out).setStatus(204));
        return response.getStatus();
    }

    @ParameterizedTest
    @CsvSource({
        ", 403",
        "mesh.inbound.policies=false, 204",
        "mesh.inbound.policies=true, 403",
        // It judges by itself, and judges tokens that must still be there.
        "mesh.gateway.enabled=true, 204"
    })
    void policiesAmongTheRulesAreInForceUnlessSwitchedOff(@Nullable String property, int status) {
        runner.withPropertyValues("mesh.resources.policy=" + POLICY.formatted(""), property == null ? "a=b" : property)
                .run(context -> assertThat(statusOf(context.getBean(FilterRegistrationBean.class)))
                        .isEqualTo(status));
    }

    @ParameterizedTest
    @CsvSource({
        "server.forward-headers-strategy=native, true",
        "server.forward-headers-strategy=none, false",
        "spring.main.cloud-platform=kubernetes, true",
        "a=b, false"
    })
    void warnsWhereAddressesAreBelieved(String property, boolean warns, CapturedOutput output) {
        runner.withPropertyValues(property).run(context -> assertThat(context).hasNotFailed());
        assertThat(output.getAll()).as("without policies").doesNotContain(ForwardedAddresses.ADVICE);
        runner.withPropertyValues("mesh.resources.policy=" + POLICY.formatted(""), property)
                .run(context -> assertThat(context).hasNotFailed());
        assertThat(output.getAll().contains(ForwardedAddresses.ADVICE)).isEqualTo(warns);
    }

    @Test
    void policiesOfAClusterHaveToBeAskedForBesides() {
        runner.run(context -> {
            JudgedRequests judged = context.getBean(JudgedRequests.class);
            assertThat(judged.ruleUser()).isEqualTo(RuleUser.SERVER);
            assertThat(judged.ruleUserInCluster(false)).isEqualTo(RuleUser.CALLER);
            assertThat(judged.ruleUserInCluster(true)).isEqualTo(RuleUser.SERVER);
        });
        runner.withPropertyValues("mesh.inbound.policies=false")
                .run(context -> assertThat(context.getBean(JudgedRequests.class).ruleUserInCluster(true))
                        .isEqualTo(RuleUser.CALLER));
    }

    @Test
    void aPolicyThatCannotBeReadStopsTheStartWhereItWouldBeInForce() {
        WebApplicationContextRunner broken =
                runner.withPropertyValues("mesh.resources.policy=" + POLICY.formatted("ruls: []"));

        broken.run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining("ruls"));
        broken.withPropertyValues("mesh.inbound.policies=false")
                .run(context -> assertThat(context).hasNotFailed());
        broken.withPropertyValues("mesh.inbound.enabled=false")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void anApplicationsOwnFilterStandsInItsPlace() {
        runner.withUserConfiguration(OwnFilter.class)
                .run(context -> assertThat(context).doesNotHaveBean("meshInbound"));
        runner.withUserConfiguration(OwnRegistration.class)
                .run(context -> assertThat(context).doesNotHaveBean("meshInbound"));
    }

    @Test
    void tellsWhenAnApplicationsOwnFilterLeavesPoliciesAside(CapturedOutput output) {
        WebApplicationContextRunner withPolicy =
                runner.withPropertyValues("mesh.resources.policy=" + POLICY.formatted(""));
        runner.withUserConfiguration(OwnFilter.class)
                .run(context -> assertThat(context).hasNotFailed());
        withPolicy.run(context -> assertThat(context).hasNotFailed());
        withPolicy
                .withUserConfiguration(JudgingFilter.class)
                .run(context -> assertThat(context).hasNotFailed());
        assertThat(output.getAll()).doesNotContain(MeshInboundAutoConfiguration.OWN_FILTER);

        withPolicy
                .withUserConfiguration(OwnRegistration.class)
                .run(context -> assertThat(context).hasNotFailed());
        assertThat(output.getAll()).contains(MeshInboundAutoConfiguration.OWN_FILTER);
    }

    @Test
    void warnsWhereLimitsCountAddressesThatCallersTell(CapturedOutput output) {
        runner.withPropertyValues(
                        "server.forward-headers-strategy=native",
                        "mesh.inbound.rate-limits[0].requests=1",
                        "mesh.inbound.rate-limits[0].per=1d",
                        "mesh.inbound.rate-limits[0].by=ip")
                .run(context -> assertThat(context).hasNotFailed());

        assertThat(output.getAll()).contains(ForwardedAddresses.ADVICE);
    }

    @Test
    void othersFiltersAreNoneOfIts(CapturedOutput output) {
        runner.withPropertyValues("mesh.resources.policy=" + POLICY.formatted(""))
                .withUserConfiguration(ForeignFilters.class)
                .run(context -> assertThat(context).hasNotFailed().hasBean("meshInbound"));

        assertThat(output.getAll()).doesNotContain(MeshInboundAutoConfiguration.OWN_FILTER);
    }

    static class ForeignFilters {
        @Bean
        @SuppressWarnings("rawtypes")
        FilterRegistrationBean raw() {
            return new FilterRegistrationBean<>(new CharacterEncodingFilter());
        }

        @Bean
        FilterRegistrationBean<?> any() {
            return new FilterRegistrationBean<>(new CharacterEncodingFilter());
        }
    }

    static class JudgingFilter {
        @Bean
        MeshServletFilter own(Mesh mesh) {
            return MeshServletFilter.builder().policies(mesh).build();
        }
    }

    static class OwnFilter {
        @Bean
        MeshServletFilter own() {
            return MeshServletFilter.builder().build();
        }
    }

    static class OwnRegistration {
        @Bean
        FilterRegistrationBean<MeshServletFilter> own() {
            return new FilterRegistrationBean<>(MeshServletFilter.builder().build());
        }
    }

    @Test
    void countsRequests() {
        runner.withPropertyValues(
                        "mesh.inbound.rate-limits[0].requests=1",
                        "mesh.inbound.rate-limits[0].per=1d",
                        "mesh.inbound.rate-limits[0].by=ip, header:x-key")
                .run(context -> {
                    FilterRegistrationBean<?> registration = context.getBean(FilterRegistrationBean.class);
                    assertThat(statusOf(registration)).isEqualTo(204);
                    assertThat(statusOf(registration)).isEqualTo(429);
                });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        mesh.inbound.rate-limits[0].route=r      | mesh.inbound.rate-limits[0].route   | only a gateway has routes
        mesh.inbound.rate-limits[0].by=host      | mesh.inbound.rate-limits[0].by[0]   | write ip, header:NAME or claim:NAME
        mesh.inbound.rate-limits[0].path=/       | mesh.inbound.rate-limits[0].per     | missing
        mesh.inbound.trusted-hops=-1             | mesh.inbound.trusted-hops           | write 0 or more
        mesh.inbound.policy=false                | mesh.inbound.policy                 | known here: enabled
        """)
    void whatMakesNoSenseIsRefused(String property, String place, String fix) {
        runner.withPropertyValues("mesh.inbound.rate-limits[0].requests=1", property)
                .run(context -> assertThat(NestedExceptionUtils.getMostSpecificCause(context.getStartupFailure()))
                        .hasMessageContainingAll(place, fix));
    }

    @Test
    void claimsAreNoKeysWhereNobodyLooksAtTokensAndGatewaysCountThemselves() {
        WebApplicationContextRunner limited = runner.withPropertyValues(
                "mesh.inbound.rate-limits[0].requests=1",
                "mesh.inbound.rate-limits[0].per=1s",
                "mesh.inbound.rate-limits[0].by=claim:sub");

        limited.run(context -> assertThat(context).hasNotFailed());
        limited.withPropertyValues("mesh.inbound.policies=false")
                .run(context ->
                        assertThat(context).getFailure().rootCause().hasMessageContaining("mesh.inbound.policies"));
        limited.withPropertyValues("mesh.gateway.enabled=true")
                .run(context ->
                        assertThat(context).getFailure().rootCause().hasMessageContaining("mesh.gateway.rate-limits"));
    }

    /** An application's own decorator. */
    static class Decorated {
        private final List<String> seen = Collections.synchronizedList(new ArrayList<>());

        @Bean
        ThreadPoolTaskExecutor executor() {
            ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
            executor.setTaskDecorator(task -> () -> {
                seen.add("before " + (InboundContext.current() == null));
                task.run();
            });
            executor.initialize();
            return executor;
        }
    }

    @Test
    @SuppressWarnings("try") // The scope is there to be closed.
    void keepsTheDecoratorThatAnExecutorHas() {
        runner.withUserConfiguration(Decorated.class).run(context -> {
            ThreadPoolTaskExecutor executor = context.getBean(ThreadPoolTaskExecutor.class);
            InboundContext jason =
                    InboundContext.builder().header("end-user", "jason").build();
            try (Scope scope = jason.open()) {
                assertThat(executor.submit(InboundContext::current).get()).isSameAs(jason);
            }
            assertThat(context.getBean(Decorated.class).seen).containsExactly("before true");
        });
    }
}
