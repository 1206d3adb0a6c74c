package io.inmesh.internal.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class StripedCursorTest {
    @Test
    void goesRoundWithoutEndEvenAtTheLargestPlace() {
        int length = Integer.MAX_VALUE;
        int[] places = StripedCursor.places(2, stripe -> length - 2);

        assertThat(List.of(next(places, length), next(places, length), next(places, length), next(places, length)))
                .containsExactly(length - 2, length - 1, 0, 1);
    }

    @Test
    void aCycleOfOneStaysWhereItIs() {
        int[] places = StripedCursor.places(2, stripe -> 0);

        assertThat(List.of(next(places, 1), next(places, 1))).containsExactly(0, 0);
    }

    private static int next(int[] places, int length) {
        return StripedCursor.next(places, StripedCursor.shift(2), length);
    }

    @Test
    void eachStripeHasItsOwnPlace() {
        int[] places = StripedCursor.places(8, stripe -> 10 * stripe);

        int first = StripedCursor.next(places, StripedCursor.shift(8), 1_000);

        for (int stripe = 0; stripe < 8; stripe++) {
            int start = 10 * stripe;
            assertThat(StripedCursor.place(places, stripe)).isEqualTo(start == first ? start + 1 : start);
        }
    }

    @Test
    void threadsMadeOneAfterTheOtherSpreadOverTheStripes() throws InterruptedException {
        int stripes = 8;
        int[] places = StripedCursor.places(stripes, stripe -> 100 * stripe);
        int shift = StripedCursor.shift(stripes);
        Map<Integer, Integer> threadsByStripe = new ConcurrentHashMap<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            threads.add(new Thread(
                    () -> threadsByStripe.merge(StripedCursor.next(places, shift, 1_000) / 100, 1, Integer::sum)));
        }
        for (Thread thread : threads) {
            thread.start();
            thread.join(10_000);
        }

        assertThat(threadsByStripe).hasSize(stripes);
        assertThat(threadsByStripe.values())
                .allSatisfy(count -> assertThat(count).isBetween(5, 11));
    }

    @Test
    void stripesAreAPowerOfTwoFromTwoUp() {
        int stripes = StripedCursor.defaultStripes();

        assertThat(Integer.bitCount(stripes)).isEqualTo(1);
        assertThat(stripes).isBetween(2, 64);
        assertThat(stripes)
                .isGreaterThanOrEqualTo(Math.min(64, 2 * Runtime.getRuntime().availableProcessors()));
    }
}
