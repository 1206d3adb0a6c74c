package io.inmesh.console;

import java.util.List;

/**
 * What one reader of {@code api/events} is sent, as Server-Sent Events. Asked for the next once a second by whoever carries them;
 * holds nothing that would have to be released. Used by one thread at a time.
 */
public final class ConsoleEvents {
    private final Console console;
    private final LiveTail tail;
    private long readUpTo = -1;
    private String lastState = "";

    ConsoleEvents(Console console, LiveTail tail) {
        this.console = console;
        this.tail = tail;
    }

    /** The events since the last time: {@code services}, and {@code calls} and {@code state} when there is news. */
    public String next() {
        StringBuilder events = new StringBuilder(4096);
        append(events, "services", console.servicesText());
        long before = readUpTo;
        List<TailEntry> entries = tail.from(Math.max(before, 0));
        if (!entries.isEmpty()) {
            long first = entries.get(0).number();
            readUpTo = entries.get(entries.size() - 1).number() + 1;
            long missed = before < 0 ? 0 : first - before;
            append(events, "calls", JsonText.of(TailDocument.of(tail.started(), entries, missed)));
        }
        String state = console.stateText();
        if (!state.equals(lastState)) {
            lastState = state;
            append(events, "state", state);
        }
        return events.toString();
    }

    /** JSON as we write it has no line ends. */
    private static void append(StringBuilder events, String name, String json) {
        events.append("event: ").append(name).append("\ndata: ").append(json).append("\n\n");
    }
}
