package io.ghlgateway.dispatch;

import io.ghlgateway.highlevel.RateHeaders;
import io.ghlgateway.limits.Budget;
import io.ghlgateway.limits.BudgetKey;
import io.ghlgateway.limits.Cause;
import io.ghlgateway.limits.Forecast;
import io.ghlgateway.limits.Limit;
import io.ghlgateway.limits.Spend;
import io.ghlgateway.limits.Standing;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/**
 * A budget of a known number of permits that all come back at a known moment. With {@code slow}, answers are held until
 * {@link #answer}, as Redis holds them.
 */
final class FakeBudget implements Budget {

    /** For how long it holds when the edge does not say. */
    static final Duration BLOCK = Duration.ofSeconds(20);

    static final BudgetKey KEY = new BudgetKey(App.PRIVATE, Resource.location("loc1"));

    final FakeTime time;
    int free;
    int each;
    Duration period = Duration.ofSeconds(10);
    boolean slow;
    /** A spend is done at once, and its answer held until {@link #answer}; forecasts are answered at once. */
    boolean slowToTellOfSpends;

    Cause cause = Cause.WINDOW;
    long refillAt;
    int spends;
    int forecasts;
    int paid;
    int observed;
    private long heldUntil;
    private final ArrayDeque<Runnable> answers = new ArrayDeque<>();

    FakeBudget(FakeTime time, int each) {
        this.time = time;
        this.each = each;
        this.free = each;
        this.refillAt = time.read() + period.toNanos();
    }

    @Override
    public BudgetKey key() {
        return KEY;
    }

    @Override
    public Limit limit() {
        return new Limit(each, period, 200_000);
    }

    @Override
    public Future<Spend> trySpend(int wanted) {
        spends++;
        long readAt = time.read();
        if (slowToTellOfSpends) {
            var spend = spend(wanted, readAt);
            Promise<Spend> told = Promise.promise();
            answers.add(() -> told.complete(spend));
            return told.future();
        }
        return answered(() -> spend(wanted, readAt));
    }

    private Spend spend(int wanted, long readAt) {
        refill();
        int granted = isHeld() ? 0 : Math.min(wanted, free);
        free -= granted;
        paid += granted;
        return new Spend(granted, granted == wanted ? Cause.NONE : isHeld() ? Cause.HOLD : cause, readAt);
    }

    @Override
    public Future<Forecast> forecast(int position) {
        forecasts++;
        return answered(() -> {
            refill();
            if (isHeld()) {
                return new Forecast(0, Duration.ofNanos(heldUntil - time.read()), Cause.HOLD);
            }
            if (position <= free) {
                return new Forecast(free, Duration.ZERO, Cause.NONE);
            }
            long periods = (position - free - 1) / each;
            return new Forecast(
                    free, Duration.ofNanos(refillAt - time.read()).plus(period.multipliedBy(periods)), cause);
        });
    }

    @Override
    public Standing standing() {
        return new Standing(List.of(), List.of());
    }

    @Override
    public void observe(RateHeaders headers, long paidAt) {
        observed++;
    }

    @Override
    public void blocked(Optional<Duration> asked) {
        hold(asked.orElse(BLOCK));
    }

    @Override
    public void upstreamRefused(Duration pause, RateHeaders said, long paidAt) {
        hold(pause);
    }

    @Override
    public Future<Void> rest(Duration pause) {
        hold(pause);
        return Future.succeededFuture();
    }

    void hold(Duration pause) {
        heldUntil = Math.max(heldUntil, time.read() + pause.toNanos());
    }

    /** Lets the store answer everything it was asked so far. */
    void answer() {
        for (int n = answers.size(); n > 0; n--) {
            answers.remove().run();
        }
    }

    /** How many questions it has not answered yet. */
    int owed() {
        return answers.size();
    }

    private boolean isHeld() {
        return time.read() < heldUntil;
    }

    private void refill() {
        while (time.read() >= refillAt) {
            free = each;
            refillAt += period.toNanos();
        }
    }

    private <T> Future<T> answered(java.util.function.Supplier<T> answer) {
        if (!slow) {
            return Future.succeededFuture(answer.get());
        }
        Promise<T> promise = Promise.promise();
        answers.add(() -> promise.complete(answer.get()));
        return promise.future();
    }
}
