package io.ghlgateway.limits;

import org.jspecify.annotations.Nullable;

/**
 * The payments of one key in the last interval and a little longer, each with how its bucket stood thereafter; of an older
 * one nothing could be told. Not thread-safe.
 */
final class PayLog {
    /*
     * A ring of numbers: entries that live for some seconds, as objects, are what a young collection copies most, again and
     * again, and that is how long it stops everything.
     */

    private static final int MOST = 1_024; // powers of two, as all sizes of the ring
    private static final int FIRST = 1; // of many keys most send seldom
    private static final int LEFT = 4; // to one that was busy: the next of its bursts need not grow it again

    private static final int WIDTH = 8;
    private static final int PAID_AT = 0;
    private static final int COUNT = 1;
    private static final int TAKEN = 2;
    private static final int QUOTA = 3;
    private static final int SPENT = 4;
    private static final int RESTRAINT = 5;
    private static final int TOTAL = 6;
    private static final int BORN = 7;

    /** @param taken how many this replica had taken until then, that payment included */
    record Entry(long paidAt, Reading reading, int count, long taken) {}

    private long[] ring = new long[FIRST * WIDTH];
    private int oldest;
    private int size;
    private long taken;

    /** @param keep in nanoseconds */
    void add(long paidAt, Reading reading, int count, long keep) {
        taken += count;
        while (size > 0 && (paidAt - ring[slot(0) + PAID_AT] > keep || size == MOST)) {
            oldest++;
            size--;
        }
        if (size == 0 && room() > LEFT) {
            ring = new long[LEFT * WIDTH]; // it was busy once
        } else if (size == room()) {
            grow();
        }
        int slot = slot(size++);
        ring[slot + PAID_AT] = paidAt;
        ring[slot + COUNT] = count;
        ring[slot + TAKEN] = taken;
        ring[slot + QUOTA] = reading.quota();
        ring[slot + SPENT] = reading.spent();
        ring[slot + RESTRAINT] = packed(reading.restraint());
        ring[slot + TOTAL] = reading.total();
        ring[slot + BORN] = reading.born();
    }

    /** What follows is not counted where these were. */
    void clear() {
        size = 0;
        ring = new long[FIRST * WIDTH];
    }

    /** The last payment that was made no later than this; null when it is not known any more. */
    @Nullable
    Entry at(long paidAt) {
        for (int i = size - 1; i >= 0; i--) {
            int slot = slot(i);
            if (ring[slot + PAID_AT] - paidAt <= 0) {
                return entry(slot);
            }
        }
        return null;
    }

    /** How many were paid for within so long before or after. */
    int around(long paidAt, long within) {
        int count = 0;
        for (int i = 0; i < size; i++) {
            int slot = slot(i);
            if (Math.abs(ring[slot + PAID_AT] - paidAt) <= within) {
                count += (int) ring[slot + COUNT];
            }
        }
        return count;
    }

    /** How many this replica took after that payment. */
    long takenSince(Entry entry) {
        return taken - entry.taken();
    }

    private Entry entry(int slot) {
        var reading = new Reading(
                ring[slot + QUOTA],
                ring[slot + SPENT],
                restraint(ring[slot + RESTRAINT]),
                ring[slot + TOTAL],
                ring[slot + BORN]);
        return new Entry(ring[slot + PAID_AT], reading, (int) ring[slot + COUNT], ring[slot + TAKEN]);
    }

    private static long packed(Restraint restraint) {
        return (long) restraint.foreign() << 32 | restraint.allowance();
    }

    private static Restraint restraint(long packed) {
        var restraint = new Restraint((int) (packed >>> 32), (int) packed);
        return restraint.equals(Restraint.NONE) ? Restraint.NONE : restraint;
    }

    private int room() {
        return ring.length / WIDTH;
    }

    private int slot(int entry) {
        return (oldest + entry & room() - 1) * WIDTH;
    }

    private void grow() {
        var larger = new long[2 * ring.length];
        for (int i = 0; i < size; i++) {
            System.arraycopy(ring, slot(i), larger, i * WIDTH, WIDTH);
        }
        ring = larger;
        oldest = 0;
    }
}
