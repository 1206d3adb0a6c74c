package io.inmesh.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceNameTest {
    @ParameterizedTest
    @CsvSource({"Reviews.Default, reviews.default", "api.example.com., api.example.com", "*.Example.com, *.example.com"
    })
    void isInLowerCaseWithoutTrailingDot(String written, String host) {
        assertThat(new ServiceName(written)).hasToString(host).isEqualTo(new ServiceName(host));
    }

    @Test
    void aServiceOfTheClusterHasTheClustersDomain() {
        String host = ServiceName.inCluster("reviews.default", "cluster.local");

        assertThat(host).isEqualTo("reviews.default.svc.cluster.local");
        assertThat(ServiceName.serviceAndNamespace(host, "cluster.local")).isEqualTo("reviews.default");
    }

    @ParameterizedTest
    @CsvSource({
        "reviews.default.svc.other.domain",
        "reviews.default.svccluster.local",
        "reviews.default.svc",
        "svc.cluster.local",
        "cluster.local",
        "api.example.com",
        "a"
    })
    void otherHostsAreOutside(String host) {
        assertThat(ServiceName.serviceAndNamespace(host, "cluster.local")).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "api.example.com, api.example.com, true",
        "api.example.com, example.com, false",
        "*, api.example.com, true",
        "*, *.example.com, true",
        "*.example.com, api.example.com, true",
        "*.example.com, a.b.example.com, true",
        "*.example.com, example.com, false",
        "*.example.com, *.b.example.com, true",
        "*.b.example.com, *.example.com, false",
        "*api.example.com, api.example.com, true",
        "api.example.com, *.example.com, false"
    })
    void aPatternCoversWhatEndsAsItDoes(String pattern, String host, boolean covered) {
        assertThat(ServiceName.covers(pattern, host)).isEqualTo(covered);
    }
}
