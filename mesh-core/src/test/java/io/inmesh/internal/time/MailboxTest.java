package io.inmesh.internal.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class MailboxTest {
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<Integer> read = new ArrayList<>();
    private final Mailbox<Integer> mailbox = new Mailbox<>(tasks::add, read::add);

    @Test
    void aSourceInAHurryQueuesOneTaskForTheNewestValue() {
        for (int value = 1; value <= 1_000; value++) {
            mailbox.put(value);
        }

        assertThat(tasks).hasSize(1);
        tasks.remove().run();
        assertThat(read).containsExactly(1_000);
    }

    @Test
    void aValueAfterTheReadingIsReadInItsTurn() {
        mailbox.put(1);
        tasks.remove().run();
        mailbox.put(2);

        assertThat(tasks).hasSize(1);
        tasks.remove().run();
        assertThat(read).containsExactly(1, 2);
    }
}
