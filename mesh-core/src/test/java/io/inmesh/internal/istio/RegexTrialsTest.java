package io.inmesh.internal.istio;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.internal.istio.TextCondition.Kind;
import org.junit.jupiter.api.Test;

class RegexTrialsTest {
    private final RegexTrials trials = new RegexTrials();

    @Test
    void nothingIsConcludedOnceTheWorkIsDone() {
        TextCondition regex = new TextCondition(Kind.REGEX, "(/[a-z]+){1,100}", false);
        String text = "/abc".repeat(400);
        assertThat(trials.matches(regex, "/abc")).isTrue();

        int matched = 0;
        while (matched < 1_000 && trials.matches(regex, text.substring(0, 400))) {
            matched++;
        }

        assertThat(matched).isBetween(10, (int) (RegexTrials.MOST_WORK / (RegexSize.of(regex.value()) * 400)));
        assertThat(trials.matches(regex, text.substring(0, 400))).isFalse();
        assertThat(trials.matches(new TextCondition(Kind.REGEX, "/new", false), "/new"))
                .isFalse();
    }

    @Test
    void textsThatBeginOtherwiseCostNothing() {
        TextCondition regex = new TextCondition(Kind.REGEX, "/api/v1/[0-9]{1,100}", false);
        String other = "/other".repeat(1_000);

        for (int i = 0; i < 100_000; i++) {
            assertThat(trials.matches(regex, other)).isFalse();
        }

        assertThat(trials.matches(regex, "/api/v1/7")).isTrue();
    }

    @Test
    void whatIsNoExpressionOrTooLargeMatchesNothing() {
        assertThat(trials.matches(new TextCondition(Kind.REGEX, "/(", false), "/("))
                .isFalse();
        assertThat(trials.matches(new TextCondition(Kind.REGEX, "(a{100}){1000}", false), "a"))
                .isFalse();
    }
}
