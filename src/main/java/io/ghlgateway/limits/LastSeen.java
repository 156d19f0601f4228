package io.ghlgateway.limits;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.limits.Standing.Left;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What a key's window and day held when last seen, less what was spent here since; so that telling it costs nothing. A payment
 * tells it of the window, and asking the day for more tells it of the day. Where neither was of late, a key in use has the window
 * looked at once in {@value #WINDOW_SECONDS} s, the day once in {@value #DAY_SECONDS} s: so old is at most what other replicas spent
 * meanwhile, and what came back. Any thread.
 */
final class LastSeen {

    static final String BURST = "burst";
    static final String DAY = "day";

    private static final int WINDOW_SECONDS = 1;
    private static final int DAY_SECONDS = 10;
    private static final long WINDOW_FRESH = Duration.ofSeconds(WINDOW_SECONDS).toNanos();
    private static final long DAY_FRESH = Duration.ofSeconds(DAY_SECONDS).toNanos();

    private static final long UNTRUSTED = -1;

    /**
     * @param fullAt on the monotonic clock, no later than the look where it is not known
     * @param moves how often the bucket had been asked or changed when it was looked at
     */
    private record Sight(long available, long fullAt, long moves, AtomicLong spent) {

        Sight(long available, long fullAt, long moves) {
            this(available, fullAt, moves, new AtomicLong());
        }

        long left() {
            return available - spent.get();
        }
    }

    private final Ticker ticker;
    private final DayForecast dayForecast = new DayForecast();
    private final AtomicLong windowSeenAt;
    private final AtomicLong daySeenAt;
    private final AtomicLong dayMoves = new AtomicLong();
    private volatile @Nullable Sight window;
    private volatile @Nullable Sight day;
    private volatile @Nullable Policies policies;

    LastSeen(Ticker ticker) {
        this.ticker = ticker;
        this.windowSeenAt = new AtomicLong(ticker.read() - WINDOW_FRESH);
        this.daySeenAt = new AtomicLong(ticker.read() - DAY_FRESH);
    }

    /** What a payment tells of the window: it is full again when the last of it counts no more. */
    void paid(Payment payment, Limit limit, Duration guard, Restraint restraint, long now) {
        if (payment.count() > 0 && !restraint.isPaced()) {
            windowSeenAt.set(now);
            window = new Sight(payment.left(), now + limit.per().plus(guard).toNanos() + 1_000_000L, 0);
        } else {
            spent(window, payment.count());
        }
    }

    /** The day's bucket was asked or changed: what was seen of it is old, and to look again costs little now. */
    void dayMoved() {
        dayMoves.incrementAndGet();
        daySeenAt.set(ticker.read() - DAY_FRESH);
    }

    /** Asks when they would be full, and thereby what they hold, where that was not told of late. */
    void look(SendLog burst, TokenBucket days, DayCredit credit, Limit limit, Restraint restraint) {
        long now = ticker.read();
        if (isDue(windowSeenAt, WINDOW_FRESH, now)) {
            burst.outlook(restraint.requests(limit.requests()), 0)
                    .onComplete((told, failure) -> window = failure == null ? sight(told, 0, 0) : null);
        }
        var last = day;
        boolean isNew = last != null && now - last.fullAt >= 0 && last.left() < limit.daily();
        if (isDue(daySeenAt, isNew ? WINDOW_FRESH : DAY_FRESH, now)) {
            long moves = dayMoves.get();
            days.outlook(limit.daily()).onComplete((told, failure) -> {
                if (failure == null) {
                    day = sight(told, credit.get(), moves);
                    dayForecast.saw(told.available() + credit.get(), limit.requests(), ticker.read());
                } else {
                    day = null; // it cannot be seen at the moment
                    daySeenAt.set(now - DAY_FRESH + WINDOW_FRESH);
                }
            });
        }
    }

    private Sight sight(Outlook told, int credit, long moves) {
        return new Sight(told.available() + credit, ticker.read() + told.nanos(), moves);
    }

    /** True once for all who ask. */
    private static boolean isDue(AtomicLong seenAt, long fresh, long now) {
        long last = seenAt.get();
        return now - last >= fresh && seenAt.compareAndSet(last, now);
    }

    boolean isKnown() {
        return window != null && day != null;
    }

    /** How many are there was seen, and not when all will be. Of the day a look knows more. */
    void counted(long inWindow, long inDay, long now) {
        var last = window;
        window = new Sight(inWindow, last == null ? now : last.fullAt, 0);
        if (day == null) {
            day = new Sight(inDay, now, UNTRUSTED);
        }
    }

    /** See {@link Budget#dayExhaustedIn}. */
    Optional<Duration> dayExhaustedIn(long now) {
        var last = day;
        return last == null ? Optional.empty() : dayForecast.exhaustedIn(Math.max(0, last.left()), now);
    }

    /** Zero where it is not known. */
    long dayLeft() {
        var last = day;
        return last == null ? 0 : last.left();
    }

    /** Whether the day is known to hold no more than that. */
    boolean dayHoldsAtMost(long sends) {
        var last = day;
        return last != null && last.moves == dayMoves.get() && last.left() <= sends;
    }

    /** So many of the day's went. */
    void spent(int sends) {
        spent(day, sends);
    }

    private static void spent(@Nullable Sight last, int sends) {
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
        var burst = window;
        var days = day;
        if (burst == null || days == null) {
            return List.of();
        }
        return List.of(
                new Left(
                        BURST,
                        held > 0 ? 0 : left(burst, limit.requests()),
                        Duration.ofNanos(Math.max(held, until(burst.fullAt, now)))),
                new Left(DAY, left(days, limit.daily()), Duration.ofNanos(until(days.fullAt, now))));
    }

    private static long left(Sight last, long most) {
        return Math.max(0, Math.min(most, last.left()));
    }

    private static long until(long then, long now) {
        return Math.max(0, then - now);
    }
}
