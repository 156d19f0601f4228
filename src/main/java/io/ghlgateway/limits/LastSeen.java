package io.ghlgateway.limits;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.limits.Standing.Left;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What the buckets of a key held when they were last looked at, less what was spent here since; so that telling it costs
 * nothing. It is at most {@link #FRESH} old while the key is in use: what other replicas spent meanwhile is not in it, and
 * what came back meanwhile neither. Any thread.
 */
final class LastSeen {

    static final String BURST = "burst";
    static final String DAY = "day";

    /** A look in Redis is a call there; one a second for a key in use is little beside its spends. */
    private static final long FRESH = Duration.ofSeconds(1).toNanos();

    /** Times are on the monotonic clock, and no later than the look where they are not known. */
    private static final class Sight {
        private final long burst;
        private final long day;
        private final long burstFullAt;
        private final long dayFullAt;
        private final AtomicLong spent = new AtomicLong();

        Sight(long burst, long burstFullAt, long day, long dayFullAt) {
            this.burst = burst;
            this.burstFullAt = burstFullAt;
            this.day = day;
            this.dayFullAt = dayFullAt;
        }
    }

    private final Ticker ticker;
    private final DayForecast dayForecast = new DayForecast();
    private final AtomicLong lookedAt;
    private volatile @Nullable Sight sight;
    private volatile @Nullable Policies policies;

    LastSeen(Ticker ticker) {
        this.ticker = ticker;
        this.lookedAt = new AtomicLong(ticker.read() - FRESH);
    }

    /** Asks both buckets when they would be full, and thereby what they hold, where that was not asked of late. */
    void look(SendLog burst, TokenBucket day, DayCredit credit, Limit limit, Restraint restraint) {
        if (!isDue(ticker.read())) {
            return;
        }
        var days = day.outlook(limit.daily());
        burst.outlook(restraint.requests(limit.requests()), 0)
                .onComplete((bursts, failure) -> days.onComplete((daily, trouble) -> {
                    if (failure == null && trouble == null) {
                        saw(bursts, daily, credit.get(), ticker.read());
                        dayForecast.saw(daily.available() + credit.get(), limit.requests(), ticker.read());
                    } else {
                        sight = null; // they cannot be seen at the moment
                    }
                }));
    }

    /** True once for all who ask. */
    private boolean isDue(long now) {
        long last = lookedAt.get();
        return now - last >= FRESH && lookedAt.compareAndSet(last, now);
    }

    boolean isKnown() {
        return sight != null;
    }

    private void saw(Outlook burst, Outlook day, int credit, long now) {
        sight = new Sight(burst.available(), now + burst.nanos(), day.available() + credit, now + day.nanos());
    }

    /** How many are there was seen, and not when all will be. */
    void counted(long burst, long day, long now) {
        var last = sight;
        sight = last == null
                ? new Sight(burst, now, day, now)
                : new Sight(burst, last.burstFullAt, day, last.dayFullAt);
    }

    /** See {@link Budget#dayExhaustedIn}. */
    Optional<Duration> dayExhaustedIn(long now) {
        var last = sight;
        return last == null ? Optional.empty() : dayForecast.exhaustedIn(Math.max(0, last.day - last.spent.get()), now);
    }

    /** Zero where it is not known. */
    long dayLeft() {
        var last = sight;
        return last == null ? 0 : last.day - last.spent.get();
    }

    void spent(int sends) {
        var last = sight;
        if (last != null) {
            last.spent.addAndGet(sends);
        }
    }

    /** The same list while the quota is the same. */
    List<Standing.Policy> policies(Limit limit) {
        var known = policies;
        var now = known == null ? Policies.of(limit) : known.under(limit);
        policies = now;
        return now.list();
    }

    /** @param held for how long nothing is given though it may be there, in nanoseconds */
    List<Left> lefts(Limit limit, long held, long now) {
        var last = sight;
        if (last == null) {
            return List.of();
        }
        long spent = last.spent.get();
        long burst = held > 0 ? 0 : left(last.burst, spent, limit.requests());
        return List.of(
                new Left(BURST, burst, Duration.ofNanos(Math.max(held, until(last.burstFullAt, now)))),
                new Left(DAY, left(last.day, spent, limit.daily()), Duration.ofNanos(until(last.dayFullAt, now))));
    }

    private static long left(long seen, long spent, long most) {
        return Math.max(0, Math.min(most, seen - spent));
    }

    private static long until(long then, long now) {
        return Math.max(0, then - now);
    }
}
