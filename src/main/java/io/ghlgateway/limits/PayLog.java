package io.ghlgateway.limits;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The payments of one key in the last interval and a little longer, each with how its bucket stood thereafter; of an older
 * one nothing could be told. Not thread-safe.
 */
final class PayLog {

    private static final int MOST = 1_024;

    /** @param taken how many this replica had taken until then, that payment included */
    record Entry(long paidAt, Reading reading, int count, long taken) {}

    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private long taken;

    /** @param keep in nanoseconds */
    void add(long paidAt, Reading reading, int count, long keep) {
        taken += count;
        for (var oldest = entries.peekFirst();
                oldest != null && (paidAt - oldest.paidAt() > keep || entries.size() == MOST);
                oldest = entries.peekFirst()) {
            entries.removeFirst();
        }
        entries.addLast(new Entry(paidAt, reading, count, taken));
    }

    /** What follows is not counted where these were. */
    void clear() {
        entries.clear();
    }

    /** The last payment that was made no later than this; null when it is not known any more. */
    @Nullable
    Entry at(long paidAt) {
        for (var latest = entries.descendingIterator(); latest.hasNext(); ) {
            var entry = latest.next();
            if (entry.paidAt() - paidAt <= 0) {
                return entry;
            }
        }
        return null;
    }

    /** How many were paid for within so long before or after. */
    int around(long paidAt, long within) {
        int count = 0;
        for (var entry : entries) {
            if (Math.abs(entry.paidAt() - paidAt) <= within) {
                count += entry.count();
            }
        }
        return count;
    }

    /** How many this replica took after that payment. */
    long takenSince(Entry entry) {
        return taken - entry.taken();
    }
}
