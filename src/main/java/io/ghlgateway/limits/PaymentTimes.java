package io.ghlgateway.limits;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * When payments were made, the eldest first, those of one moment together; each entry also tells how many payments there were
 * in all until then, so that counting those since some moment is one search. Milliseconds. Not thread-safe.
 */
final class PaymentTimes {

    static final int ENTRY = 12;

    private long total;
    private long base; // of the total, what came before the first entry that is kept
    private long[] whens;
    private long[] totals;
    private int size;

    private PaymentTimes(int room) {
        whens = new long[Math.max(4, room)];
        totals = new long[whens.length];
    }

    static PaymentTimes none() {
        return new PaymentTimes(0);
    }

    /** All that is left of {@code in}: total(6) base(6), then for each entry when(6) total(6). */
    static PaymentTimes of(ByteBuffer in) {
        var times = new PaymentTimes(in.remaining() / ENTRY - 1);
        times.total = six(in);
        times.base = six(in);
        while (in.remaining() >= ENTRY) {
            times.whens[times.size] = six(in);
            times.totals[times.size++] = six(in);
        }
        return times;
    }

    PaymentTimes copy() {
        var copy = new PaymentTimes(size);
        copy.total = total;
        copy.base = base;
        copy.size = size;
        System.arraycopy(whens, 0, copy.whens, 0, size);
        System.arraycopy(totals, 0, copy.totals, 0, size);
        return copy;
    }

    int bytes() {
        return ENTRY + size * ENTRY;
    }

    void into(ByteBuffer out) {
        six(six(out, total), base);
        for (int i = 0; i < size; i++) {
            six(six(out, whens[i]), totals[i]);
        }
    }

    static long six(ByteBuffer in) {
        return (in.getShort() & 0xFFFFL) << 32 | in.getInt() & 0xFFFFFFFFL;
    }

    static ByteBuffer six(ByteBuffer out, long value) {
        return out.putShort((short) (value >>> 32)).putInt((int) value);
    }

    /** How many since the beginning. */
    long total() {
        return total;
    }

    /** How many then or later, as far as entries are kept. */
    long countSince(long when) {
        return total - before(since(when));
    }

    /** Not earlier than the latest there is: another replica's clock may be a little ahead. */
    void add(long count, long when) {
        long stamp = size == 0 ? when : Math.max(when, whens[size - 1]);
        total += count;
        if (size > 0 && whens[size - 1] == stamp) {
            totals[size - 1] = total;
            return;
        }
        grow();
        whens[size] = stamp;
        totals[size++] = total;
    }

    /** As many more were made then, among those that are known already. */
    void insert(long count, long when) {
        int at = since(when);
        if (at == size || whens[at] != when) {
            grow();
            System.arraycopy(whens, at, whens, at + 1, size - at);
            System.arraycopy(totals, at, totals, at + 1, size - at);
            whens[at] = when;
            totals[at] = before(at);
            size++;
        }
        for (int i = at; i < size; i++) {
            totals[i] += count;
        }
        total += count;
    }

    /** Drops the entries of before then; what they counted is forgotten. */
    void forgetBefore(long when) {
        int gone = since(when);
        if (gone > 0) {
            base = before(gone);
            drop(0, gone);
        }
    }

    /**
     * One of the first payment then or later becomes one of so much later. False where there is none, or nothing changes.
     *
     * @param within how much later than {@code when} it may have been made
     * @param latest it becomes no later than this
     */
    boolean move(long when, long within, long by, long latest) {
        int entry = since(when);
        if (entry == size || whens[entry] - when > within) {
            return false;
        }
        long stamp = Math.min(whens[entry] + by, latest);
        int later = since(stamp);
        if (stamp <= whens[entry]) {
            return false;
        }
        for (int i = entry; i < later; i++) {
            totals[i]--;
        }
        if (later == size || whens[later] != stamp) {
            grow();
            System.arraycopy(whens, later, whens, later + 1, size - later);
            System.arraycopy(totals, later, totals, later + 1, size - later);
            whens[later] = stamp;
            totals[later] = before(later) + 1;
            size++;
        }
        if (totals[entry] == before(entry)) {
            drop(entry, 1);
        }
        return true;
    }

    /** When the {@code number}th payment since the beginning was made; {@link Long#MIN_VALUE} where that is forgotten. */
    long when(long number) {
        if (number <= base) {
            return Long.MIN_VALUE;
        }
        int at = Arrays.binarySearch(totals, 0, size, number);
        return whens[at < 0 ? -at - 1 : at];
    }

    /** Whether payments were forgotten. */
    boolean hasForgotten() {
        return base > 0;
    }

    /** The first entry that was made then or later. */
    private int since(long when) {
        int at = Arrays.binarySearch(whens, 0, size, when);
        return at < 0 ? -at - 1 : at;
    }

    /** How many there had been before this entry. */
    private long before(int entry) {
        return entry == 0 ? base : totals[entry - 1];
    }

    private void drop(int from, int count) {
        size -= count;
        System.arraycopy(whens, from + count, whens, from, size - from);
        System.arraycopy(totals, from + count, totals, from, size - from);
    }

    private void grow() {
        if (size == whens.length) {
            whens = Arrays.copyOf(whens, size * 2);
            totals = Arrays.copyOf(totals, size * 2);
        }
    }
}
