package io.inmesh.internal.balance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EdfScheduleTest {
    @Test
    void equalWeightsComeInOrder() {
        assertThat(EdfSchedule.cycle(new int[] {1, 1, 1}, 3)).containsExactly(0, 1, 2);
    }

    @Test
    void aTieGoesToWhomeverWasEnteredFirst() {
        assertThat(EdfSchedule.cycle(new int[] {2, 1}, 3)).containsExactly(0, 1, 0);
        assertThat(EdfSchedule.cycle(new int[] {1, 2}, 3)).containsExactly(1, 0, 1);
    }

    @Test
    void turnsFallDueByWeight() {
        // Due: a at 1/5, 2/5 .. 5/5; b and c at 1, entered before a's last.
        assertThat(EdfSchedule.cycle(new int[] {5, 1, 1}, 7)).containsExactly(0, 0, 0, 0, 1, 2, 0);
        // Due: a 1/3 2/3 1, b 1/2 1, c 1; at 1 c was entered first, then b, then a.
        assertThat(EdfSchedule.cycle(new int[] {3, 2, 1}, 6)).containsExactly(0, 1, 0, 2, 1, 0);
    }

    @Test
    void turnsOfOneHostAreEvenlySpacedAmongEquals() {
        int[] cycle = EdfSchedule.cycle(new int[] {4, 4, 2, 2}, 12);

        assertThat(cycle).containsExactly(0, 1, 2, 3, 0, 1, 0, 1, 2, 3, 0, 1);
    }
}
