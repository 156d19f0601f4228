package io.ghlgateway.limits;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;

/**
 * Sends of the day that are paid for and not sent. What the short window had no room for is good while the key
 * is in use, and never spent twice. What a busy key takes ahead, so that not each of its sends has to ask the day, is good for a minute and not beyond
 * the day's reset: a day's window is a minute longer than a day for such things. A key that is busy by starts would lose much
 * so, and takes nothing ahead any more that day; one that rests between its starts is forgotten, and may lose up to a
 * ten-thousandth of the day at each. Any thread.
 */
final class DayCredit {

    private static final long GOOD_NANOS = Duration.ofMinutes(1).toNanos();
    /** A key that needs longer for what it took ahead takes less. */
    private static final long BUSY_NANOS = Duration.ofSeconds(30).toNanos();
    /** What replicas hold of a day at most, each: too little to be missed. */
    private static final int PART_OF_DAY = 10_000;
    /** What may be lost of a day, by each replica. */
    private static final int PART_TO_LOSE = 1_000;

    private static final long DAY_NANOS = Duration.ofDays(1).toNanos();
    /** Near its end a day is spent one by one, to the last. */
    private static final int LAST_PART = 10;

    private final Ticker ticker;
    private int sends; // guarded by this, as all below
    private int ahead;
    private long aheadUntil;
    private int batch;
    private long askedAt;
    private long lost;
    private long losesSince;

    DayCredit(Ticker ticker) {
        this.ticker = ticker;
        this.askedAt = ticker.read() - BUSY_NANOS;
        this.losesSince = ticker.read();
    }

    synchronized int get() {
        dropOld();
        return sends + ahead;
    }

    synchronized void add(int more) {
        sends += more;
    }

    /** @return how many there were, of {@code most} at most */
    synchronized int take(int most) {
        dropOld();
        int fromAhead = Math.min(ahead, most);
        int fromSends = Math.min(sends, most - fromAhead);
        sends -= fromSends;
        ahead -= fromAhead;
        return fromSends + fromAhead;
    }

    /**
     * How many more to ask the day for than are needed at once.
     *
     * @param daily the day's quota
     * @param left of it, as last seen; zero where that is not known
     */
    synchronized int more(long daily, long left) {
        long now = ticker.read();
        if (now - losesSince >= DAY_NANOS) {
            lost = 0;
            losesSince = now;
        }
        boolean may = left > daily / LAST_PART && lost <= daily / PART_TO_LOSE;
        int most = may ? (int) Math.min(daily / PART_OF_DAY, Integer.MAX_VALUE) : 0;
        batch = Math.min(most, now - askedAt < BUSY_NANOS ? 2 * batch + 1 : batch / 2);
        askedAt = now;
        return batch;
    }

    /** Keeps what was taken ahead. @param untilReset of the day, in nanoseconds from now */
    synchronized void addAhead(int more, long untilReset) {
        dropOld();
        long until = ticker.read() + Math.min(GOOD_NANOS, untilReset);
        aheadUntil = ahead == 0 || aheadUntil - until > 0 ? until : aheadUntil;
        ahead += more;
    }

    /** Throws away what is beyond {@code most}, and tells what is left. */
    synchronized int within(long most) {
        dropOld();
        sends = (int) Math.min(sends, most);
        ahead = (int) Math.min(ahead, most - sends);
        return sends + ahead;
    }

    private void dropOld() {
        if (ahead > 0 && ticker.read() - aheadUntil >= 0) {
            lost += ahead;
            ahead = 0;
        }
    }
}
