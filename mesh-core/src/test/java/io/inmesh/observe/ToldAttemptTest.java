package io.inmesh.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.call.AttemptTraffic;
import org.junit.jupiter.api.Test;

class ToldAttemptTest {
    private final ToldAttempt told = new ToldAttempt();

    private void start(int... numbers) {
        for (int number : numbers) {
            told.started(new StartedAttempt(number, null, "a", "/", new AttemptTraffic()));
        }
    }

    private int number() {
        StartedAttempt attempt = told.get();
        return attempt == null ? 0 : attempt.number();
    }

    @Test
    void isTheLatestOfThoseThatFollowOneAnother() {
        assertThat(number()).isZero();
        start(1);
        assertThat(told.answered(1)).isFalse();
        assertThat(told.ended(1)).isFalse();
        assertThat(number()).isEqualTo(1);
        start(2);
        assertThat(told.ended(2)).isFalse();

        assertThat(number()).isEqualTo(2);
    }

    @Test
    void isTheSecondWhereThatWins() {
        start(1, 2);
        assertThat(told.ended(1)).isFalse();
        assertThat(told.answered(2)).isFalse();
        assertThat(told.ended(2)).isFalse();

        assertThat(number()).isEqualTo(2);
    }

    @Test
    void isTheFirstWhereTheSecondIsBrokenOff() {
        start(1, 2);
        assertThat(told.ended(2)).isTrue();
        assertThat(told.answered(1)).isFalse();
        assertThat(told.ended(1)).isFalse();

        assertThat(number()).isEqualTo(1);
    }

    @Test
    void isTheSecondWhereTheFirstHadAnAnswerThatDoesNotStand() {
        start(1, 2);
        assertThat(told.answered(1)).isTrue();
        assertThat(number()).isEqualTo(1);
        assertThat(told.ended(1)).isTrue();

        assertThat(number()).isEqualTo(2);
    }

    @Test
    void isTheFirstWhereNeitherAnswerStands() {
        start(1, 2);
        assertThat(told.answered(1)).isTrue();
        assertThat(told.answered(2)).isFalse();
        assertThat(number()).isEqualTo(1);
        assertThat(told.is(1)).isTrue();
        assertThat(told.is(2)).isFalse();
        assertThat(told.ended(2)).isFalse();
        assertThat(told.ended(1)).isFalse();

        assertThat(number()).isEqualTo(1);
    }

    @Test
    void isTheFirstWhereTheSecondHadAnAnswerThatDoesNotStand() {
        start(1, 2);
        assertThat(told.answered(2)).isFalse();
        assertThat(told.ended(2)).isTrue();
        assertThat(number()).isEqualTo(1);
        assertThat(told.ended(1)).isFalse();
        start(3);

        assertThat(number()).isEqualTo(3);
    }
}
