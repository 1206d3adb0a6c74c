package io.inmesh.telemetry.metrics;

import io.inmesh.event.ResponseFlag;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One value for each pair of status and flag, made when it is first asked for. Looking one up takes neither a lock nor
 * memory. Thread-safe.
 */
final class CodeTable<T> {
    /** A status beyond which there is none. */
    private static final int STATUS_END = 1000;

    /** Stands for a status that is not told apart from others. */
    static final int OTHER_STATUS = STATUS_END;

    private static final int FLAGS = ResponseFlag.values().length + 1;

    private final int limit;
    private final Maker<T> maker;
    private volatile Held<T> held = new Held<>(new int[0], List.of());

    /** Makes what the table holds. */
    @FunctionalInterface
    interface Maker<T> {
        /**
         * Called once for each pair.
         *
         * @param status 0 for none, {@link #OTHER_STATUS} for one that is not told apart
         */
        T make(int status, @Nullable ResponseFlag flag);
    }

    /** Keys in ascending order, and the value of each. */
    private record Held<T>(int[] keys, List<T> values) {
        @Nullable
        T find(int key) {
            int index = Arrays.binarySearch(keys, key);
            return index < 0 ? null : values.get(index);
        }

        Held<T> with(int key, T value) {
            int at = -Arrays.binarySearch(keys, key) - 1;
            int[] moreKeys = new int[keys.length + 1];
            System.arraycopy(keys, 0, moreKeys, 0, at);
            moreKeys[at] = key;
            System.arraycopy(keys, at, moreKeys, at + 1, keys.length - at);
            List<T> moreValues = new ArrayList<>(values);
            moreValues.add(at, value);
            return new Held<>(moreKeys, List.copyOf(moreValues));
        }
    }

    /**
     * Makes an empty table.
     *
     * @param limit how many pairs are told apart; of those beyond it only the flag is
     */
    CodeTable(int limit, Maker<T> maker) {
        this.limit = limit;
        this.maker = maker;
    }

    /** The value of a pair. */
    T get(int status, @Nullable ResponseFlag flag) {
        int known = status < 0 || status >= STATUS_END ? OTHER_STATUS : status;
        Held<T> now = held;
        T value = now.find(key(known, flag));
        if (value == null && now.keys().length >= limit) {
            value = now.find(key(OTHER_STATUS, flag));
        }
        return value == null ? add(known, flag) : value;
    }

    private synchronized T add(int status, @Nullable ResponseFlag flag) {
        Held<T> now = held;
        int told = now.keys().length < limit ? status : OTHER_STATUS;
        int key = key(told, flag);
        T known = now.find(key(status, flag));
        if (known == null) {
            known = now.find(key);
        }
        if (known != null) {
            return known;
        }
        T made = maker.make(told, flag);
        held = now.with(key, made);
        return made;
    }

    private static int key(int status, @Nullable ResponseFlag flag) {
        return status * FLAGS + (flag == null ? 0 : flag.ordinal() + 1);
    }
}
