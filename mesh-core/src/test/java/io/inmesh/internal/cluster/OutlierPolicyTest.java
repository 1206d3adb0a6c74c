package io.inmesh.internal.cluster;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inmesh.model.OutlierDetection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutlierPolicyTest {
    private static OutlierPolicy of(OutlierDetection.Builder asked) {
        return requireNonNull(OutlierPolicy.of(asked.build()));
    }

    @Test
    void whatIsNotGivenIsAsInIstio() {
        assertThat(OutlierPolicy.of(null)).isNull();

        assertThat(of(OutlierDetection.builder()))
                .isEqualTo(new OutlierPolicy(
                        null, false, 5, 0, 0, TimeUnit.SECONDS.toNanos(10), TimeUnit.SECONDS.toNanos(30), 10, 0));
    }

    @Test
    void zeroIsOffButForLocalFailures() {
        OutlierPolicy policy = of(OutlierDetection.builder()
                .splitExternalLocalOriginErrors(true)
                .consecutive5xxErrors(0)
                .consecutiveGatewayErrors(0)
                .consecutiveLocalOriginFailures(0));

        assertThat(policy.serverErrors()).isZero();
        assertThat(policy.gatewayErrors()).isZero();
        assertThat(policy.localFailures()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource({"30s, 1, 30s", "30s, 3, 90s", "30s, 10, 300s", "30s, 11, 300s", "400s, 1, 400s", "400s, 2, 400s"})
    void anEjectionGrowsUpToFiveMinutesOrTheShortestOne(String base, int count, String lasts) {
        OutlierPolicy policy = of(OutlierDetection.builder().baseEjectionTime(seconds(base)));

        assertThat(policy.ejectionNanos(count)).isEqualTo(seconds(lasts).toNanos());
    }

    private static Duration seconds(String text) {
        return Duration.parse("PT" + text);
    }

    @ParameterizedTest
    @CsvSource({"30s, 10, true", "30s, 11, false", "400s, 1, true", "400s, 2, false", "36600d, 1, true"})
    void theCountStopsOneAfterTheLongestEjection(String base, int count, boolean grows) {
        Duration duration = base.endsWith("d")
                ? Duration.ofDays(Long.parseLong(base.substring(0, base.length() - 1)))
                : seconds(base);

        assertThat(of(OutlierDetection.builder().baseEjectionTime(duration)).grows(count))
                .isEqualTo(grows);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 9, false",
        "0, 0, 10, true",
        "0, 1, 10, false",
        "0, 1, 20, true",
        "25, 1, 10, true",
        "25, 2, 10, false",
        "33, 0, 3, false",
        "34, 0, 3, true",
        "100, 2, 3, true"
    })
    void aHostIsEjectedOnlyWhereTheShareStaysWithinTheLimit(int percent, int ejected, int hosts, boolean may) {
        OutlierPolicy policy = of(OutlierDetection.builder().maxEjectionPercent(percent));

        assertThat(policy.mayEject(ejected, hosts)).isEqualTo(may);
    }

    @ParameterizedTest
    @CsvSource({"200, 200", "429, 500", "500, 200", "502, 200", "503, 500", "599, 200", "1000, 200"})
    void whereStatusesAreGivenTheyAreErrorsAndNoOthers(int status, int counted) {
        assertThat(of(OutlierDetection.builder().httpErrorCodes(List.of(429, 503)))
                        .counted(status))
                .isEqualTo(counted);
        assertThat(of(OutlierDetection.builder()).counted(status)).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 99, 600, 2_000_000_000})
    void whatIsNoStatusIsRefused(int code) {
        OutlierDetection.Builder asked = OutlierDetection.builder().httpErrorCodes(List.of(503, code));

        assertThatThrownBy(asked::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(code + " is not an HTTP status: give codes from 100 to 599");
    }

    @ParameterizedTest
    @CsvSource({"0, 10", "100, 1", "99, 2", "50, 2", "34, 3", "33, 4", "10, 10", "1, 100"})
    void ofTheLeastHostsOneMayBeEjectedAndOfFewerNone(int percent, int hosts) {
        OutlierDetection.Builder asked = OutlierDetection.builder().maxEjectionPercent(percent);

        assertThat(asked.build().leastHosts()).isEqualTo(hosts);
        assertThat(of(asked).mayEject(0, hosts)).isTrue();
        assertThat(of(asked).mayEject(0, hosts - 1)).isFalse();
    }

    @Test
    void saysForPeopleWhatItDoes() {
        assertThat(of(OutlierDetection.builder()).words())
                .isEqualTo(
                        "5 consecutive 5xx errors eject for 30000ms or longer, until a sweep each 10000ms; at most 10 %"
                                + " of the endpoints");
        assertThat(of(OutlierDetection.builder()
                                .splitExternalLocalOriginErrors(true)
                                .consecutiveGatewayErrors(3)
                                .minHealthPercent(40))
                        .words())
                .startsWith("5 consecutive 5xx errors or 3 consecutive gateway errors or 5 consecutive local-origin"
                        + " failures eject for")
                .endsWith(", which are used all the same where fewer than 40 % are left");
        assertThat(of(OutlierDetection.builder().httpErrorCodes(List.of(503, 429)))
                        .words())
                .startsWith("5 consecutive errors (status 429, 503) eject for");
        assertThat(of(OutlierDetection.builder().consecutive5xxErrors(0)).words())
                .isEqualTo("nobody is ejected");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 3, false",
        "50, 2, 3, false",
        "50, 1, 3, true",
        "50, 0, 3, true",
        "50, 5, 10, false",
        "50, 4, 10, true",
        "100, 5, 7, false",
        "100, 7, 10, true"
    })
    void ejectedHostsServeBelowTheLeastHealth(int percent, int well, int hosts, boolean panics) {
        OutlierPolicy policy = of(OutlierDetection.builder().minHealthPercent(percent));

        assertThat(policy.panics(well, hosts)).isEqualTo(panics);
    }
}
