package io.ghlgateway.limits;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * The arithmetic of a strict sliding window: when the requests of one key's last interval were paid for. Milliseconds since
 * the epoch, by the clock of whoever keeps it; {@link #outlook} alone takes and tells nanoseconds. Not thread-safe.
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
 * <p>Its form in bytes is what {@code RedisLog} keeps; the script there does what {@link #pay} does, to the letter.
 */
public final class SlidingLog {
    /*
     * Bytes, all numbers big-endian: form(1) requests(4) per(4) foreign(4) allowance(4, zero: unbound) opensAt(6) born(6)
     * pacedAt(6) stored(8, a double), then the PaymentTimes.
     */

    private static final long MILLI_NANOS = Duration.ofMillis(1).toNanos();
    private static final int HEAD = 43;
    /** A new form is read by one release before the next writes it: who does not know it pays for nothing. */
    static final byte FORM = 1;
    /** Up to this quota each millisecond is told apart. */
    public static final int FINE = 1_000;
    /** Nothing is taken to have arrived later than a tenth of the interval: it took so long to answer. */
    private static final int LATEST = 10;

    private final long guard;
    private long born;
    private final PaymentTimes times;
    private long requests;
    private long per;
    private Restraint restraint;
    private long opensAt;
    private long pacedAt;
    private double stored;

    private SlidingLog(
            long guard, long requests, long per, Restraint restraint, long opensAt, long born, PaymentTimes times) {
        this.guard = guard;
        this.requests = requests;
        this.per = per;
        this.restraint = restraint;
        this.opensAt = opensAt;
        this.born = born;
        this.times = times;
        this.pacedAt = born;
        this.stored = restraint.isPaced() ? restraint.allowance() : 0;
    }

    /** It gives something at once where it is to open at one of these. */
    public SlidingLog openIfAmong(Openings openings) {
        opensAt = openings.millis().contains(opensAt) ? 0 : opensAt;
        return this;
    }

    /** It is another one from now on: what it told before says nothing of what it counts now. */
    public void renew(long now) {
        born = Math.max(born + 1, now);
    }

    /** Nothing was sent yet, and nothing is given before {@code opensAt}. */
    public static SlidingLog begun(Limit quota, Restraint restraint, Duration guard, long opensAt, long now) {
        return new SlidingLog(
                guard.toMillis(),
                quota.requests(),
                quota.per().toMillis(),
                restraint,
                opensAt,
                now,
                PaymentTimes.none());
    }

    /** @throws IllegalArgumentException for one of another form than {@link #bytes} has */
    public static SlidingLog of(byte[] bytes, Duration guard) {
        var in = ByteBuffer.wrap(bytes);
        if (bytes.length < HEAD + PaymentTimes.ENTRY
                || (bytes.length - HEAD) % PaymentTimes.ENTRY != 0
                || in.get() != FORM) {
            throw new IllegalArgumentException("a log of payments that this version cannot read");
        }
        long requests = in.getInt() & 0xFFFFFFFFL;
        long per = in.getInt() & 0xFFFFFFFFL;
        var restraint = Restraint.written(in.getInt(), in.getInt());
        long opensAt = PaymentTimes.six(in);
        long born = PaymentTimes.six(in);
        long pacedAt = PaymentTimes.six(in);
        double stored = in.getDouble();
        var log = new SlidingLog(guard.toMillis(), requests, per, restraint, opensAt, born, PaymentTimes.of(in));
        log.pacedAt = pacedAt;
        log.stored = stored;
        return log;
    }

    public byte[] bytes() {
        var out = ByteBuffer.allocate(HEAD + times.bytes());
        out.put(FORM).putInt((int) requests).putInt((int) per).putInt(restraint.foreign());
        out.putInt(restraint.isPaced() ? restraint.allowance() : 0);
        PaymentTimes.six(PaymentTimes.six(PaymentTimes.six(out, opensAt), born), pacedAt)
                .putDouble(stored);
        times.into(out);
        return out.array();
    }

    public Payment pay(int wanted, long now) {
        long most = mostNow(now);
        int count = (int) Math.min(wanted, most);
        if (restraint.isPaced()) {
            double level = level(now);
            count = Math.min(count, (int) level);
            if (count > 0) {
                stored = level - count;
                pacedAt = Math.max(pacedAt, now);
            }
        }
        if (count > 0) {
            append(count, now);
        }
        return new Payment(count, count < wanted && most > count, most - count, reading(now));
    }

    /** As many were paid for at {@code when}, beside the others. */
    public void charge(long count, long when) {
        times.insert(Math.min(count, requests), stamp(when));
    }

    private void append(long count, long now) {
        times.forgetBefore(now - period() - lateness());
        times.add(count, stamp(now));
    }

    private long stamp(long when) {
        long grain = grain();
        return grain == 0 ? when : (when / grain + 1) * grain;
    }

    /** Zero where each millisecond is told apart. */
    private long grain() {
        return requests > FINE ? per / FINE + 1 : 0;
    }

    private long period() {
        return per + guard;
    }

    /** How much longer than the window a reading looks back: a fiftieth of the interval, for arrivals later than the guard. */
    private long lateness() {
        return per / 50;
    }

    private long capacity() {
        return restraint.requests(requests);
    }

    /** What the window gives, whatever may be sent at once. */
    private long mostNow(long now) {
        return now < opensAt ? 0 : Math.max(0, capacity() - times.countSince(now - period()));
    }

    /** How many may be sent at once. */
    private double level(long now) {
        return now > pacedAt ? pacing().after(stored, now - pacedAt) : stored;
    }

    private Pacing pacing() {
        return new Pacing(requests, per, restraint.allowance());
    }

    /** See {@link SendLog#late}. True when it changed anything. */
    public boolean late(long paidAt, long by, long now) {
        return times.move(paidAt, guard, Math.min(by, per / LATEST), now);
    }

    private Reading reading(long now) {
        return new Reading(requests, times.countSince(now - period() - lateness()), restraint, times.total(), born);
    }

    /** How many were sent from an interval before {@code reading} until now; empty where it was another log's. */
    public OptionalLong ownUntilNow(Reading reading) {
        return reading.born() == born && reading.quota() == requests && reading.total() <= times.total()
                ? OptionalLong.of(reading.spent() + times.total() - reading.total())
                : OptionalLong.empty();
    }

    /** See {@link SendLog#outlook}. @param idle in nanoseconds */
    public Outlook outlook(long position, long idle, long nowNanos) {
        long now = Math.floorDiv(nowNanos, MILLI_NANOS);
        long most = mostNow(now);
        long available = restraint.isPaced() ? Math.min(most, (long) level(now)) : most;
        if (available >= position) {
            return new Outlook(available, idle, false);
        }
        long goesOn = idle == 0 ? now : -Math.floorDiv(-(nowNanos + idle), MILLI_NANOS); // rounded up: never too short
        long from = Math.max(goesOn, opensAt);
        long at = restraint.isPaced()
                ? pacing().when(
                                position,
                                from,
                                pacing().after(level(now), from - now),
                                times.copy(),
                                capacity(),
                                period())
                : whenFree(position, from);
        return new Outlook(available, Math.max(idle, at * MILLI_NANOS - nowNanos), most >= position);
    }

    /** When the window gives the send at {@code position} if each before it is sent as soon as it can be, from then on. */
    private long whenFree(long position, long from) {
        long capacity = capacity();
        long periods = (position - 1) / capacity;
        // It must wait until all but the last `capacity - near` of what was sent count no more.
        long near = (position - 1) % capacity + 1;
        long last = times.when(times.total() - (capacity - near));
        long earliest = last == Long.MIN_VALUE ? from : Math.max(from, last + period() + 1);
        return earliest + periods * (period() + 1 + grain());
    }

    public long quota() {
        return requests;
    }

    public Restraint restraint() {
        return restraint;
    }

    public void restrain(Restraint next, long now) {
        if (restraint.isPaced() && next.isPaced()) {
            stored = Math.min(level(now), next.allowance());
        } else {
            stored = next.isPaced() ? next.allowance() : 0;
        }
        pacedAt = now;
        restraint = next;
    }

    public boolean isOf(Limit quota) {
        return requests == quota.requests() && per == quota.per().toMillis();
    }

    /** Of a longer interval what the shorter one has forgotten may count: until none of it can, nothing is given. */
    public void become(Limit quota, long now) {
        long longer = quota.per().toMillis() - per;
        if (longer > 0 && times.hasForgotten()) {
            opensAt = Math.max(opensAt, now + longer);
        }
        requests = quota.requests();
        per = quota.per().toMillis();
        restraint = Restraint.NONE;
        stored = 0;
    }

    /** Whether a new one would be like it. */
    boolean isSpent(long now) {
        return restraint.equals(Restraint.NONE) && now >= opensAt && times.countSince(now - period() - lateness()) == 0;
    }

    /** Without a payment nothing of it counts after this. */
    public Duration lifetime() {
        return Duration.ofMillis(period() + lateness());
    }
}
