package io.ghlgateway.limits;

import org.jspecify.annotations.Nullable;

/** The last payments of one key, each with how its bucket stood thereafter. Not thread-safe. */
final class PayLog {

    /** More than are paid for while one reply is under way; of an older payment nothing is told. */
    private static final int KEPT = 64;

    /** @param taken how many this replica had taken until then, that payment included */
    record Entry(long paidAt, Reading reading, int count, long taken) {}

    private final Entry[] entries = new Entry[KEPT];
    private int next;
    private long taken;

    void add(long paidAt, Reading reading, int count) {
        taken += count;
        entries[next] = new Entry(paidAt, reading, count, taken);
        next = (next + 1) % KEPT;
    }

    /** The last payment that was made no later than this; null when it is not known any more. */
    @Nullable
    Entry at(long paidAt) {
        for (int i = 1; i <= KEPT; i++) {
            var entry = entries[Math.floorMod(next - i, KEPT)];
            if (entry == null || entry.paidAt() - paidAt <= 0) {
                return entry;
            }
        }
        return null;
    }

    /** How many of those that are kept were paid for since then. */
    int count(long since) {
        int count = 0;
        for (var entry : entries) {
            if (entry != null && entry.paidAt() - since >= 0) {
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
