package io.ghlgateway.limits;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.limits.Standing.Left;
import io.ghlgateway.limits.Standing.Policy;
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
     * The day.
     *
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

    /**
     * The window, as it is told and nothing else: of two looks at once either may be what is read of it. Written for each
     * payment, so one object for good: a new one each time would be what a collection of garbage copies.
     */
    private static final class Window {
        private final AtomicLong left = new AtomicLong();
        private volatile long fullAt; // on the monotonic clock
        private volatile boolean known;

        void see(long sends, long full) {
            left.set(sends);
            fullAt = full;
            known = true;
        }
    }

    private record Policies(Limit limit, List<Policy> list) {

        static Policies of(Limit limit) {
            return new Policies(
                    limit,
                    List.of(
                            new Policy(BURST, limit.requests(), limit.per()),
                            new Policy(DAY, limit.daily(), Duration.ofDays(1))));
        }
    }

    private final SendLog burst;
    private final TokenBucket days;
    private final DayCredit credit;
    private final Ticker ticker;
    private final DayForecast dayForecast = new DayForecast();
    private final AtomicLong windowSeenAt;
    private final AtomicLong daySeenAt;
    private final AtomicLong dayMoves = new AtomicLong();
    private final Window window = new Window();
    private volatile @Nullable Sight day;
    private volatile @Nullable Policies policies;

    LastSeen(SendLog burst, TokenBucket days, DayCredit credit, Ticker ticker) {
        this.burst = burst;
        this.days = days;
        this.credit = credit;
        this.ticker = ticker;
        this.windowSeenAt = new AtomicLong(ticker.read() - WINDOW_FRESH);
        this.daySeenAt = new AtomicLong(ticker.read() - DAY_FRESH);
    }

    /** What a payment tells of the window: it is full again when the last of it counts no more. */
    void windowPaid(Payment payment, Limit limit, Duration guard, Restraint restraint, long now) {
        if (payment.count() > 0 && !restraint.isPaced()) {
            windowSeenAt.set(now);
            window.see(payment.left(), now + limit.per().plus(guard).toNanos() + 1_000_000L);
        } else {
            window.left.addAndGet(-payment.count());
        }
    }

    /** The day's bucket was asked or changed: what was seen of it is old, and to look again costs little now. */
    void dayMoved() {
        dayMoves.incrementAndGet();
        daySeenAt.set(ticker.read() - DAY_FRESH);
    }

    /**
     * Asks when they would be full, and thereby what they hold, where that was not told of late.
     *
     * @param whole whether the buckets are the key's, and not this replica's part of them
     */
    void look(Limit limit, Restraint restraint, boolean whole) {
        long now = ticker.read();
        if (isDue(windowSeenAt, WINDOW_FRESH, now)) {
            burst.outlook(restraint.requests(limit.requests()), 0)
                    .onSuccess(told -> window.see(told.available(), ticker.read() + told.nanos()))
                    .onFailure(failure -> window.known = false);
        }
        var last = day;
        boolean isNew = last != null && now - last.fullAt >= 0 && last.left() < limit.daily();
        if (isDue(daySeenAt, isNew ? WINDOW_FRESH : DAY_FRESH, now)) {
            long moves = dayMoves.get();
            days.outlook(limit.daily()).onComplete((told, failure) -> {
                if (failure == null) {
                    day = new Sight(told.available() + credit.get(), ticker.read() + told.nanos(), moves);
                    if (whole) {
                        dayForecast.saw(told.available() + credit.get(), limit.requests(), ticker.read());
                    }
                } else {
                    day = null; // it cannot be seen at the moment
                    daySeenAt.set(now - DAY_FRESH + WINDOW_FRESH);
                }
            });
        }
    }

    /** True once for all who ask. */
    private static boolean isDue(AtomicLong seenAt, long fresh, long now) {
        long last = seenAt.get();
        return now - last >= fresh && seenAt.compareAndSet(last, now);
    }

    boolean isKnown() {
        return window.known && day != null;
    }

    /** How many are there was seen, and not when all will be. Of the day a look knows more. */
    void counted(long inWindow, long inDay, long now) {
        window.see(inWindow, window.known ? window.fullAt : now);
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
    void daySpent(int sends) {
        var last = day;
        if (last != null) {
            last.spent.addAndGet(sends);
        }
    }

    /** The same list while the quota is the same. */
    List<Policy> policies(Limit limit) {
        var known = policies;
        if (known == null || !known.limit().equals(limit)) {
            known = Policies.of(limit);
            policies = known;
        }
        return known.list();
    }

    /** @param held for how long nothing is given though it may be there, in nanoseconds */
    List<Left> lefts(Limit limit, long held, long now) {
        var last = day;
        if (!window.known || last == null) {
            return List.of();
        }
        return List.of(
                new Left(
                        BURST,
                        held > 0 ? 0 : within(window.left.get(), limit.requests()),
                        Duration.ofNanos(Math.max(held, until(window.fullAt, now)))),
                new Left(DAY, within(last.left(), limit.daily()), Duration.ofNanos(until(last.fullAt, now))));
    }

    private static long within(long left, long most) {
        return Math.max(0, Math.min(most, left));
    }

    private static long until(long then, long now) {
        return Math.max(0, then - now);
    }
}
