package io.ghlgateway.dispatch;

import io.ghlgateway.dispatch.Waiter.State;
import io.ghlgateway.limits.Budget;
import io.ghlgateway.limits.Cause;
import io.ghlgateway.limits.Forecast;
import io.ghlgateway.limits.Spend;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The queue before one budget. What is not told here of its ways is so in {@link Tolls}, {@link Foresight} and {@link
 * Arrivals}, which work on its state, under its lock.
 *
 * <p>A waiter's way: QUEUED, then its turn comes and it is CONNECTING, then READY with a connection in hand, then paid
 * for. One spend asks for as many permits as there are ready waiters, and never for one that nobody could use at once.
 * Turns are given for what the budget is believed to hold ({@link Belief}); who was not paid for stands in line again.
 *
 * <p>Every change of this state ends in its {@link Pump}, which decides under the lock what comes next and does it outside
 * (OkHttp's {@code Dispatcher} works so). So the common case, a free budget in memory, runs from arrival to permit on the
 * caller's own event loop without a hop.
 */
final class Lane {

    final Budget budget;
    final Lanes.Setting setting;
    final Place place;
    /** The one door of all changes. */
    final Pump pump = new Pump(this::next);

    // All below is guarded by this.
    final Line line;
    final Till till;
    final Belief belief = new Belief();
    final Share share = new Share();
    final Tolls tolls = new Tolls(this);
    final Foresight foresight = new Foresight(this);
    private final Arrivals arrivals = new Arrivals(this);
    private boolean visited; // since the last sweep

    Lane(Budget budget, Lanes.Setting setting) {
        this.budget = budget;
        this.setting = setting;
        this.place = setting.crowds().place(budget, pump::run);
        this.line = new Line(setting.occupancy());
        this.till = new Till(line, setting.permitTtl(), () -> setting.events().permitLost(budget.key()));
    }

    /** See {@link Lanes#permit}. */
    Future<Permit> enter(Waiter waiter, boolean again) {
        waiter.call.whenGone(() -> leave(waiter));
        Runnable ask = null; // when its turn would come; null where it stands in line already
        var occupancy = setting.occupancy();
        synchronized (this) {
            visited = true;
            line.number(waiter, again);
            if (again) {
                occupancy.enterUnchecked(waiter);
                line.add(waiter);
                waiter.watch(this); // most of these wait: their key is held
            } else if (occupants() >= setting.bounds().perLane() || !occupancy.enter(waiter)) {
                int position = foresight.position(waiter);
                waiter.state = State.DONE;
                ask = () -> foresight
                        .of(waiter, position)
                        .onSuccess(forecast -> refuse(waiter, Refusal.full(forecast, budget.limit())));
            } else if (line.all() == 0 && !belief.isDry(setting.now()) && place.nobodyElseWaits() && waiter.mayPass()) {
                share.relax();
                line.add(waiter);
            } else {
                ask = arrivals.expect(waiter);
            }
        }
        if (ask != null) {
            ask.run();
        } else {
            pump.run();
            synchronized (this) {
                waiter.watch(this); // seldom: few that come to an empty lane wait
            }
        }
        return waiter.permit();
    }

    private synchronized @Nullable Runnable next() {
        long now = setting.now();
        till.match(now);
        var paid = till.poll();
        if (paid != null) {
            return () -> paid.waiter().call.atHome(() -> handAtHome(paid.waiter(), paid.paidAt()));
        }
        var toll = tolls.next(now);
        if (toll != null) {
            return toll;
        }
        int inTurn = till.inTurn();
        boolean open = line.ungated() > 0 && belief.isOpen(inTurn, now);
        if (inTurn < till.permits() || open && belief.pays(inTurn) && place.mayGo(line.oldest())) {
            var waiter = line.poll();
            if (waiter != null) {
                till.giveTurn(waiter, now);
                return () -> waiter.call.atHome(() -> connect(waiter));
            }
        }
        var impatient = open && belief.pays(inTurn) ? line.finishImpatient() : null; // another lane's turn comes first
        if (impatient != null) {
            return () -> foresight.refuseLate(impatient);
        }
        int wanted = till.claim();
        if (wanted > 0) {
            return () -> budget.trySpend(wanted)
                    .otherwise(defect -> Belief.unspent(defect, setting.now()))
                    .onSuccess(spend -> paid(wanted, spend));
        }
        if (open && belief.startsAsking()) {
            return () -> budget.forecast(1).otherwise(Belief::untold).onSuccess(this::told);
        }
        if (open && belief.startsLooking()) {
            return () -> setting.alarm().set(Belief.LOOK_AGAIN, this::lookAgain);
        }
        if (line.all() == 0 && till.inTurn() == 0) {
            share.relax();
        }
        var unused = tolls.passOn();
        return unused != null ? unused : place.stand(line.ungated(), line.oldest());
    }

    private void lookAgain() {
        synchronized (this) {
            belief.age();
        }
        pump.run();
    }

    private void connect(Waiter waiter) {
        waiter.connect().onComplete((exchange, failure) -> {
            boolean wasDone;
            boolean isLate;
            synchronized (this) {
                wasDone = waiter.isDone();
                isLate = exchange != null && waiter.isTooLate(setting.now());
                till.fetched(waiter, isLate ? null : exchange);
            }
            if (exchange != null && (wasDone || isLate)) {
                exchange.abandon();
            }
            if (!wasDone && failure != null) {
                waiter.fail(failure, setting.now());
            } else if (!wasDone && isLate) {
                foresight.refuseLate(waiter);
            }
            pump.run();
        });
    }

    /** What a spend gave goes to those who are ready; who got nothing gives its connection back and stands first again. */
    private void paid(int wanted, Spend spend) {
        var abandoned = new ArrayList<Runnable>();
        synchronized (this) {
            belief.spent(spend, wanted);
            share.count(spend.granted(), budget.pace(), setting.now());
            for (var waiter : till.settle(spend, wanted, setting.now())) {
                abandoned.add(sendBack(waiter, spend.cause()));
            }
        }
        abandoned.forEach(Runnable::run);
        arrivals.spendReturned();
        pump.run();
    }

    /** It was not paid for and stands in line again. Under the lock; what it returns gives back what it held, unlocked. */
    Runnable sendBack(Waiter waiter, Cause cause) {
        var abandoned = waiter.disconnect();
        waiter.cause = cause;
        line.add(waiter);
        waiter.watch(this);
        return abandoned;
    }

    /** The last look before the promise is kept and the request is written. */
    private void handAtHome(Waiter waiter, long paidAt) {
        var exchange = Objects.requireNonNull(waiter.exchange);
        long now = setting.now();
        boolean isGone = waiter.call.isGone();
        if (isGone || waiter.isTooLate(now)) {
            waiter.disconnect().run();
            synchronized (this) {
                till.handBack(paidAt);
            }
            if (isGone) {
                waiter.fail(new CallerGoneException(), now);
            } else {
                foresight.refuseLate(waiter);
            }
            pump.run();
        } else if (now - paidAt > setting.permitTtl().toNanos()) {
            setting.events().permitLost(budget.key());
            synchronized (this) {
                setting.occupancy().enterUnchecked(waiter);
                till.add(waiter);
            }
            pump.run();
        } else {
            waiter.grant(new Permit(waiter.call, exchange, budget, paidAt, setting), now);
        }
    }

    /** The budget said what it holds. Who cannot be served in time by that is told now. */
    private void told(Forecast forecast) {
        List<Waiter> hopeless = List.of();
        synchronized (this) {
            long now = setting.now();
            var pause = belief.told(forecast, now);
            place.told(forecast, now);
            if (!pause.isZero()) {
                hopeless = line.finishIf(waiter -> !waiter.canWait(now, forecast.delay()));
                setting.alarm().set(pause, pump::run);
            }
        }
        hopeless.forEach(waiter -> refuse(waiter, forecast));
        pump.run();
    }

    /** Its deadline has come. */
    void expire(Waiter waiter) {
        if (finish(waiter)) {
            foresight.refuseLate(waiter);
        }
    }

    /** The caller hung up. At home. */
    private void leave(Waiter waiter) {
        if (finish(waiter)) {
            waiter.fail(new CallerGoneException(), setting.now());
        }
    }

    /** Takes one out from wherever it stands; false when it was out, or paid for, already. */
    private boolean finish(Waiter waiter) {
        Runnable abandoned;
        synchronized (this) {
            if (waiter.isDone()) {
                return false;
            }
            abandoned = waiter.disconnect();
            line.finish(waiter);
            till.remove(waiter);
        }
        abandoned.run();
        pump.run(); // others may have waited for this one
        return true;
    }

    /** Refused for what the budget said, since its patience ends before that. */
    void refuse(Waiter waiter, Forecast forecast) {
        refuse(waiter, waiter.refusal(forecast, budget.limit()));
    }

    void refuse(Waiter waiter, Refusal refusal) {
        waiter.refuse(refusal, setting.now());
    }

    void refuseAll(Refusal refusal) {
        List<Waiter> all;
        synchronized (this) {
            all = line.finishIf(waiter -> true);
        }
        all.forEach(waiter -> refuse(waiter, refusal));
        pump.run();
    }

    synchronized Lanes.Queue queue() {
        var callers = new HashMap<String, Integer>();
        line.count(callers);
        return new Lanes.Queue(occupants(), callers);
    }

    /** Whether nobody is here, nor came since the sweep before. */
    synchronized boolean sweep() {
        boolean forsaken = !visited && occupants() == 0;
        visited = false;
        return forsaken;
    }

    /** All who have a place here. */
    synchronized int occupants() {
        return line.all() + till.inTurn();
    }
}
