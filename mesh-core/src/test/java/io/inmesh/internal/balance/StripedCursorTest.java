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
        StripedCursor cursor = new StripedCursor(length, 2, stripe -> length - 2);

        assertThat(List.of(cursor.next(), cursor.next(), cursor.next(), cursor.next()))
                .containsExactly(length - 2, length - 1, 0, 1);
    }

    @Test
    void aCycleOfOneStaysWhereItIs() {
        StripedCursor cursor = new StripedCursor(1, 2, stripe -> 0);

        assertThat(List.of(cursor.next(), cursor.next())).containsExactly(0, 0);
    }

    @Test
    void eachStripeHasItsOwnPlace() {
        StripedCursor cursor = new StripedCursor(1_000, 8, stripe -> 10 * stripe);

        int first = cursor.next();

        for (int stripe = 0; stripe < 8; stripe++) {
            int start = 10 * stripe;
            assertThat(cursor.place(stripe)).isEqualTo(start == first ? start + 1 : start);
        }
    }

    @Test
    void threadsMadeOneAfterTheOtherSpreadOverTheStripes() throws InterruptedException {
        int stripes = 8;
        StripedCursor cursor = new StripedCursor(1_000, stripes, stripe -> 100 * stripe);
        Map<Integer, Integer> threadsByStripe = new ConcurrentHashMap<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            threads.add(new Thread(() -> threadsByStripe.merge(cursor.next() / 100, 1, Integer::sum)));
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
