package io.ghlgateway.limits;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * The arithmetic of a strict sliding window: when the requests of one key's last interval were paid for. Milliseconds since
 * the epoch throughout, by the clock of whoever keeps it. Not thread-safe.
 *
 * <p>One that is paid for at {@code t} counts as long as {@code now - t <= per + guard}; as long as N count, nothing is given.
 * So no stretch of {@code per + guard} ever sees more than N payments: the last of more than N in such a stretch would have
 * found N others that count. The upstream counts arrivals, not payments: where each arrives within {@code guard} of the clock
 * reading that paid for it (permit-ttl, network jitter and clock error together), no {@code per} at the upstream sees more
 * than N, whatever the phase and the kind of its own window. The price is the share {@code per / (per + guard)}: 98.4 % of a
 * quota of 10 s with a guard of 160 ms.
 *
 * <p>Payments of one millisecond are one entry. Where the quota is above {@value #FINE}, those of a thousandth of the interval
 * are, dated to its end: the log stays small whatever the quota is.
 *
 * <p>Beside the window there may be a bound on what is sent at once, a plain token bucket; see {@link Restraint}.
 *
 * <p>Its form in bytes is what {@link RedisLog} keeps; the script there does what {@link #pay} does, to the letter.
 */
final class SlidingLog {
    /*
     * Bytes, all numbers big-endian: requests(4) per(4) foreign(4) allowance(4, zero: unbound) opensAt(6) born(6) total(6)
     * base(6) pacedAt(6) paced(8, a double), then for each entry when(6) total(6), the eldest first. `total` counts all payments
     * since the log began, `base` is what it was before the first entry that is kept.
     */

    private static final long NANOS = Duration.ofMillis(1).toNanos();

    static final int HEAD = 54;
    static final int ENTRY = 12;
    /** Up to this quota each millisecond is told apart. */
    static final int FINE = 1_000;

    private final long guard;
    private final long born;
    private long requests;
    private long per;
    private Restraint restraint;
    private long opensAt;
    private long total;
    private long base;
    private long pacedAt;
    private double paced;
    private long[] whens; // ascending
    private long[] totals;
    private int size;

    private SlidingLog(long guard, long requests, long per, Restraint restraint, long opensAt, long born, int room) {
        this.guard = guard;
        this.requests = requests;
        this.per = per;
        this.restraint = restraint;
        this.opensAt = opensAt;
        this.born = born;
        this.pacedAt = born;
        this.paced = restraint.isPaced() ? restraint.allowance() : 0;
        this.whens = new long[room];
        this.totals = new long[room];
    }

    /** Nothing was sent yet, and nothing is given before {@code opensAt}. */
    static SlidingLog begun(Limit quota, Restraint restraint, Duration guard, long opensAt, long now) {
        return new SlidingLog(guard.toMillis(), quota.requests(), quota.per().toMillis(), restraint, opensAt, now, 4);
    }

    static SlidingLog of(byte[] bytes, Duration guard) {
        var in = ByteBuffer.wrap(bytes);
        int count = (bytes.length - HEAD) / ENTRY;
        long requests = in.getInt() & 0xFFFFFFFFL;
        long per = in.getInt() & 0xFFFFFFFFL;
        int foreign = in.getInt();
        int allowance = in.getInt();
        var restraint = new Restraint(foreign, allowance == 0 ? Restraint.UNBOUND : allowance);
        long opensAt = six(in);
        var log = new SlidingLog(guard.toMillis(), requests, per, restraint, opensAt, six(in), Math.max(4, count));
        log.total = six(in);
        log.base = six(in);
        log.pacedAt = six(in);
        log.paced = in.getDouble();
        for (int i = 0; i < count; i++) {
            log.whens[i] = six(in);
            log.totals[i] = six(in);
        }
        log.size = count;
        return log;
    }

    byte[] bytes() {
        var out = ByteBuffer.allocate(HEAD + size * ENTRY);
        out.putInt((int) requests).putInt((int) per).putInt(restraint.foreign());
        out.putInt(restraint.isPaced() ? restraint.allowance() : 0);
        six(six(six(six(six(out, opensAt), born), total), base), pacedAt).putDouble(paced);
        for (int i = 0; i < size; i++) {
            six(six(out, whens[i]), totals[i]);
        }
        return out.array();
    }

    private static long six(ByteBuffer in) {
        return (in.getShort() & 0xFFFFL) << 32 | in.getInt() & 0xFFFFFFFFL;
    }

    private static ByteBuffer six(ByteBuffer out, long value) {
        return out.putShort((short) (value >>> 32)).putInt((int) value);
    }

    Payment pay(int wanted, long now) {
        long most = mostNow(now);
        int count = (int) Math.min(wanted, most);
        if (restraint.isPaced()) {
            pace(now);
            count = Math.min(count, (int) paced);
            paced -= count;
        }
        if (count > 0) {
            append(count, now);
        }
        return new Payment(count, count < wanted && most > count, reading(now));
    }

    /** As many were paid for at {@code when}, which is not before the latest of the others. */
    void charge(long count, long when) {
        if (count > 0) {
            append(Math.min(count, requests), when);
        }
    }

    private void append(long count, long now) {
        long stamp = now;
        if (requests > FINE) {
            long grain = per / FINE + 1;
            stamp = (now / grain + 1) * grain;
        }
        if (size > 0) {
            stamp = Math.max(stamp, whens[size - 1]); // another replica's clock may be a little ahead
        }
        total += count;
        if (size > 0 && whens[size - 1] == stamp) {
            totals[size - 1] = total;
            return;
        }
        forget(now);
        if (size == whens.length) {
            whens = Arrays.copyOf(whens, size * 2);
            totals = Arrays.copyOf(totals, size * 2);
        }
        whens[size] = stamp;
        totals[size++] = total;
    }

    /** Drops what neither counts nor is told of. */
    private void forget(long now) {
        int gone = since(now - span() - lateness());
        if (gone > 0) {
            base = before(gone);
            size -= gone;
            System.arraycopy(whens, gone, whens, 0, size);
            System.arraycopy(totals, gone, totals, 0, size);
        }
    }

    private long span() {
        return per + guard;
    }

    /** How much longer than the window a reading looks back: a fiftieth of the interval, for arrivals later than the guard. */
    private long lateness() {
        return per / 50;
    }

    /** The first entry that was made then or later. */
    private int since(long when) {
        int low = 0;
        for (int high = size; low < high; ) {
            int middle = (low + high) >>> 1;
            if (whens[middle] < when) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** How many had been paid for before this entry. */
    private long before(int entry) {
        return entry == 0 ? base : totals[entry - 1];
    }

    private long capacity() {
        return restraint.requests(requests);
    }

    /** What the window gives, whatever may be sent at once. */
    private long mostNow(long now) {
        return now < opensAt ? 0 : Math.max(0, capacity() - (total - before(since(now - span()))));
    }

    private void pace(long now) {
        if (now > pacedAt) {
            paced = Math.min(restraint.allowance(), paced + (double) (now - pacedAt) * requests / per);
            pacedAt = now;
        }
    }

    private Reading reading(long now) {
        return new Reading(requests, total - before(since(now - span() - lateness())), restraint, total, born);
    }

    /** How many were sent from an interval before {@code reading} until now; empty where it was another log's. */
    OptionalLong ownUntilNow(Reading reading) {
        return reading.born() == born && reading.quota() == requests
                ? OptionalLong.of(reading.spent() + total - reading.total())
                : OptionalLong.empty();
    }

    Outlook outlook(long position, long nowNanos) {
        long now = Math.floorDiv(nowNanos, NANOS);
        long most = mostNow(now);
        long available = most;
        long delay = most >= position ? 0 : free(position, now) * NANOS - nowNanos;
        boolean slow = false;
        if (restraint.isPaced()) {
            pace(now);
            available = Math.min(available, (long) paced);
            double missing = position - paced;
            if (missing > 0) {
                slow = most >= position;
                delay = Math.max(delay, (long) Math.ceil(missing * per / requests) * NANOS);
            }
        }
        return new Outlook(available, delay, slow);
    }

    /** When the window gives the send at {@code position} if each before it is sent as soon as it can be. */
    private long free(long position, long now) {
        long capacity = capacity();
        long periods = (position - 1) / capacity;
        // It must wait until all but the last `capacity - near` of what was sent count no more.
        long near = (position - 1) % capacity + 1;
        long gone = total - (capacity - near);
        long earliest = Math.max(now, opensAt);
        if (gone > base) {
            earliest = Math.max(earliest, whens[entryOf(gone)] + span() + 1);
        }
        return earliest + periods * (span() + 1);
    }

    /** The entry that the {@code number}th payment since the beginning is of. */
    private int entryOf(long number) {
        int entry = 0;
        for (int high = size - 1; entry < high; ) {
            int middle = (entry + high) >>> 1;
            if (totals[middle] < number) {
                entry = middle + 1;
            } else {
                high = middle;
            }
        }
        return entry;
    }

    long quota() {
        return requests;
    }

    Restraint restraint() {
        return restraint;
    }

    void restrain(Restraint next, long now) {
        if (restraint.isPaced() && next.isPaced()) {
            pace(now);
            paced = Math.min(paced, next.allowance());
        } else {
            paced = next.isPaced() ? next.allowance() : 0;
            pacedAt = now;
        }
        restraint = next;
    }

    boolean isOf(Limit quota) {
        return requests == quota.requests() && per == quota.per().toMillis();
    }

    void become(Limit quota) {
        requests = quota.requests();
        per = quota.per().toMillis();
        restraint = Restraint.NONE;
        paced = 0;
    }

    /** Whether a new one would be like it. */
    boolean isSpent(long now) {
        return restraint.equals(Restraint.NONE)
                && now >= opensAt
                && (size == 0 || now - whens[size - 1] > span() + lateness());
    }

    /** After how long without a payment nothing of it counts any more. */
    Duration lifetime() {
        return Duration.ofMillis(span() + lateness());
    }
}
