package io.ghlgateway.dispatch;

import io.ghlgateway.dispatch.Waiter.State;
import io.ghlgateway.limits.Budget;
import io.ghlgateway.limits.Forecast;
import io.ghlgateway.limits.Spend;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The queue before one budget.
 *
 * <p>A waiter's way: QUEUED, then its turn comes and it is CONNECTING, then READY with a connection in hand, then paid
 * for. One spend asks for as many permits as there are ready waiters, and never for one that nobody could use at once.
 * Turns are given for what the budget is believed to hold ({@link Belief}); a waiter that was not paid for gives its
 * connection back and stands at the head again.
 *
 * <p>Every change of this state ends in its {@link Pump}, which decides under the lock what comes next and does it outside
 * (OkHttp's {@code Dispatcher} works so). One thread pumps at a time, whichever comes first; others leave word. So the
 * common case, a free budget in memory, runs from arrival to permit on the caller's own event loop without a hop.
 */
final class Lane {

    private static final Duration FORGET_AFTER = Duration.ofMinutes(10);

    private final Budget budget;
    private final Lanes.Setting setting;
    private final Occupancy occupancy;
    /** The one door of all changes. */
    private final Pump pump = new Pump(this::next);

    // All below is guarded by this.
    private final Line line;
    private final Till till = new Till();
    private final Belief belief = new Belief();
    private int arriving;
    private int connecting;
    private boolean asking;
    private long usedAt;

    Lane(Budget budget, Lanes.Setting setting, Occupancy occupancy) {
        this.budget = budget;
        this.setting = setting;
        this.occupancy = occupancy;
        this.line = new Line(occupancy);
    }

    /** See {@link Lanes#permit}. */
    Future<Permit> enter(Waiter waiter, boolean first) {
        waiter.call.whenGone(() -> leave(waiter));
        int position;
        State entered;
        synchronized (this) {
            usedAt = now();
            position = position();
            if (first) {
                occupancy.reenter(waiter);
                line.addFirst(waiter);
                watch(waiter);
            } else if (position > setting.bounds().perLane() || !occupancy.enter(waiter)) {
                waiter.state = State.DONE;
            } else if (line.size() + arriving == 0 && !belief.isDry(usedAt)) {
                line.addLast(waiter);
            } else {
                arriving++;
            }
            entered = waiter.state;
        }
        switch (entered) {
            case DONE ->
                budget.forecast(position)
                        .onSuccess(forecast -> waiter.refuse(Refusal.full(forecast, budget.limit()), now()));
            case ARRIVING -> budget.forecast(position).onSuccess(forecast -> admit(waiter, forecast));
            default -> pump.run();
        }
        return waiter.permit();
    }

    /** The predicted wait is known: it fits the caller's patience, or the caller is told at once. */
    private void admit(Waiter waiter, Forecast forecast) {
        boolean fits;
        synchronized (this) {
            arriving--;
            if (waiter.isDone()) {
                return;
            }
            fits = waiter.canWait(now(), forecast.delay());
            if (fits) {
                line.addLast(waiter);
                watch(waiter);
            } else {
                line.finish(waiter);
            }
        }
        if (!fits) {
            refuse(waiter, forecast);
        }
        pump.run();
    }

    private synchronized @Nullable Runnable next() {
        long now = now();
        till.dropStale(now, setting.permitTtl(), () -> setting.events().permitLost(budget.key()));
        var paid = match();
        if (!paid.isEmpty()) {
            return () -> paid.forEach(this::hand);
        }
        int inTurn = connecting + till.ready();
        boolean open = line.size() > 0 && belief.isOpen(inTurn, now);
        if (inTurn < till.permits() || open && belief.pays(inTurn)) {
            var waiter = line.poll();
            if (waiter != null) {
                connecting++;
                waiter.state = State.CONNECTING;
                return () -> waiter.call.atHome(() -> connect(waiter));
            }
        }
        int wanted = till.claim();
        if (wanted > 0) {
            return () -> budget.trySpend(wanted).onSuccess(spend -> paid(wanted, spend));
        }
        if (open && !asking && belief.isStale()) {
            asking = true;
            return () -> budget.forecast(1).onSuccess(this::told);
        }
        if (open && !asking && belief.looksLater()) {
            return () -> setting.alarm().set(Belief.LOOK_AGAIN, this::lookAgain);
        }
        return null;
    }

    private void lookAgain() {
        synchronized (this) {
            belief.age();
        }
        pump.run();
    }

    private void connect(Waiter waiter) {
        waiter.connect().onComplete((exchange, failure) -> {
            boolean isReady;
            boolean isLate;
            synchronized (this) {
                connecting--;
                isLate = exchange != null && waiter.isTooLate(now());
                isReady = exchange != null && !isLate && !waiter.isDone();
                if (isReady) {
                    waiter.exchange = exchange;
                    till.add(waiter);
                } else if (!waiter.isDone()) {
                    line.finish(waiter);
                }
            }
            if (!isReady && exchange != null) {
                exchange.abandon();
            }
            if (failure != null) {
                waiter.fail(failure, now());
            } else if (isLate) {
                refuseLate(waiter);
            }
            pump.run();
        });
    }

    /** What a spend gave goes to those who are ready; who got nothing gives its connection back and stands first again. */
    private void paid(int wanted, Spend spend) {
        List<Till.Paid> paid;
        var abandoned = new ArrayList<Runnable>();
        synchronized (this) {
            belief.spent(spend, wanted);
            till.settle(spend);
            paid = match();
            if (spend.granted() < wanted) {
                for (var waiter : till.removeAll()) {
                    var exchange = Objects.requireNonNull(waiter.exchange);
                    waiter.exchange = null;
                    line.addFirst(waiter);
                    watch(waiter);
                    abandoned.add(() -> waiter.call.atHome(exchange::abandon));
                }
            }
        }
        paid.forEach(this::hand);
        abandoned.forEach(Runnable::run);
        pump.run();
    }

    private List<Till.Paid> match() {
        var paid = till.match();
        paid.forEach(pair -> line.finish(pair.waiter()));
        return paid;
    }

    private void hand(Till.Paid paid) {
        paid.waiter().call.atHome(() -> handAtHome(paid.waiter(), paid.paidAt()));
    }

    /** The last look before the promise is kept and the request is written. */
    private void handAtHome(Waiter waiter, long paidAt) {
        var exchange = Objects.requireNonNull(waiter.exchange);
        long now = now();
        if (waiter.call.isGone()) {
            exchange.abandon();
            waiter.fail(new CallerGoneException(), now);
            synchronized (this) {
                till.handBack(paidAt);
            }
            pump.run();
        } else if (now - paidAt > setting.permitTtl().toNanos()) {
            setting.events().permitLost(budget.key());
            synchronized (this) {
                occupancy.reenter(waiter);
                till.addFirst(waiter);
            }
            pump.run();
        } else {
            waiter.grant(new Permit(waiter.call, exchange, budget, paidAt, setting.ticker(), setting.events()), now);
        }
    }

    /** The budget said what it holds. Who cannot be served in time by that is told now. */
    private void told(Forecast forecast) {
        List<Waiter> hopeless = List.of();
        synchronized (this) {
            asking = false;
            long now = now();
            var pause = belief.told(forecast, now);
            if (!pause.isZero()) {
                hopeless = line.finishIf(waiter -> !waiter.canWait(now, forecast.delay()));
                setting.alarm().set(pause, pump::run);
            }
        }
        hopeless.forEach(waiter -> refuse(waiter, forecast));
        pump.run();
    }

    private void expire(Waiter waiter) {
        synchronized (this) {
            if (waiter.state != State.QUEUED) {
                return; // its turn has come: what follows looks at the deadline itself
            }
            line.finish(waiter);
        }
        refuseLate(waiter);
    }

    /** The caller hung up. At home. */
    private void leave(Waiter waiter) {
        synchronized (this) {
            if (waiter.isDone()) {
                return;
            }
            line.finish(waiter);
            till.remove(waiter);
        }
        if (waiter.exchange != null) {
            waiter.exchange.abandon();
        }
        waiter.fail(new CallerGoneException(), now());
    }

    void refuseAll(Refusal refusal) {
        List<Waiter> all;
        synchronized (this) {
            all = line.finishIf(waiter -> true);
        }
        all.forEach(waiter -> waiter.refuse(refusal, now()));
    }

    synchronized boolean isIdle() {
        return position() == 1 && now() - usedAt > FORGET_AFTER.toNanos();
    }

    private void refuseLate(Waiter waiter) {
        int position;
        synchronized (this) {
            position = position();
        }
        budget.forecast(position).onSuccess(forecast -> refuse(waiter, forecast));
    }

    private void refuse(Waiter waiter, Forecast forecast) {
        waiter.refuse(Refusal.of(forecast, waiter.call.deadline(), budget.limit()), now());
    }

    private void watch(Waiter waiter) {
        waiter.watch(now(), setting.alarm(), this::expire);
    }

    /** Where one that came now would stand. */
    private int position() {
        return line.size() + connecting + till.ready() + arriving + 1;
    }

    private long now() {
        return setting.ticker().read();
    }
}
