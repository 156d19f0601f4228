package io.ghlgateway.limits;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.limits.Standing.Left;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/**
 * What of one key's day is left to its interactive requests by all others. Any thread; futures never fail, and are complete
 * at once.
 *
 * <p>A floor under what the day has left, which sinks evenly from the whole reserve to nothing at the reset: so many of its
 * requests are as many as the rest of the day may ask for, and what they did not use is lent before it is lost. The day's
 * bucket is the replicas' own; of it each knows what it held at most 10 s or some twenty sends ago, less what it spent itself, and that is near enough
 * for a day.
 */
final class DayReserve implements AllowancePart {

    private static final Duration DAY = Duration.ofDays(1);

    private final IntSupplier percent;
    private final Budget budget;
    private final BooleanSupplier degraded;
    private final Ticker ticker;

    /**
     * @param percent as it is in force
     * @param degraded whether the day's bucket is not the replicas' own at the moment: then nothing is reserved
     */
    DayReserve(IntSupplier percent, Budget budget, BooleanSupplier degraded, Ticker ticker) {
        this.percent = percent;
        this.budget = budget;
        this.degraded = degraded;
        this.ticker = ticker;
    }

    @Override
    public Future<Taken> take(int wanted) {
        int most = day().map(day -> (int) Math.max(0, Math.min(wanted, above(day))))
                .orElse(wanted);
        return Future.succeededFuture(new Taken(most, ticker.read()));
    }

    /** Nothing was taken: the day's bucket is paid when the key is. */
    @Override
    public void giveBack(int count, long paidAt) {}

    @Override
    public Cause cause() {
        return Cause.DAY;
    }

    /** Of those who leave the reserve alone. */
    @Override
    public Future<Forecast> forecast(int position) {
        return Future.succeededFuture(day().map(day -> forecast(day, position)).orElse(Forecast.OPEN));
    }

    private Forecast forecast(Left day, int position) {
        long above = above(day);
        if (above >= position) {
            return new Forecast((int) Math.min(Integer.MAX_VALUE, above), Duration.ZERO, Cause.NONE);
        }
        // The floor sinks as the reset comes nearer, and is low enough when so much of the day is left:
        double left = Math.max(0, day.requests() - position) / (double) reserve() * DAY.toNanos();
        long wait = (long) Math.ceil(untilReset(day) - left);
        return new Forecast((int) Math.max(0, above), Duration.ofNanos(Math.max(1, wait)), Cause.DAY);
    }

    /** What there is beyond the floor; negative below it. */
    private long above(Left day) {
        return day.requests() - (long) Math.ceil(reserve() * (untilReset(day) / (double) DAY.toNanos()));
    }

    private long reserve() {
        return Math.max(1, budget.limit().daily() * percent.getAsInt() / 100);
    }

    private static long untilReset(Left day) {
        return day.refill().isZero()
                ? DAY.toNanos()
                : Math.min(DAY.toNanos(), day.refill().toNanos());
    }

    private Optional<Left> day() {
        return degraded.getAsBoolean()
                ? Optional.empty()
                : budget.standing().lefts().stream()
                        .filter(left -> left.policy().equals(LastSeen.DAY))
                        // Until the next look one does not know whether the day is old or new.
                        .filter(left -> !left.refill().isZero()
                                || left.requests() >= budget.limit().daily())
                        .findFirst();
    }
}
