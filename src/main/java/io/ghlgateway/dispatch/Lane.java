package io.ghlgateway.dispatch;

import io.ghlgateway.dispatch.Waiter.State;
import io.ghlgateway.limits.Budget;
import io.ghlgateway.limits.Forecast;
import io.ghlgateway.limits.Spend;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The queue before one budget.
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

    private final Budget budget;
    private final Lanes.Setting setting;
    private final Occupancy occupancy;
    private final Place place;
    /** The one door of all changes. */
    private final Pump pump = new Pump(this::next);

    // All below is guarded by this.
    private final Line line;
    private final Till till;
    private final Belief belief = new Belief();
    private final Share share = new Share();
    private final Tolls tolls;
    private final Foresight foresight;
    private final Arrivals arrivals;
    private boolean visited; // since the last sweep

    Lane(Budget budget, Lanes.Setting setting, Occupancy occupancy, Crowd.All crowds) {
        this.budget = budget;
        this.setting = setting;
        this.occupancy = occupancy;
        this.place = crowds.place(budget, pump::run);
        this.line = new Line(occupancy);
        this.till = new Till(line, setting.permitTtl(), () -> setting.events().permitLost(budget.key()));
        this.tolls = new Tolls(this, line, till, budget, setting, pump::run, this::expire);
        this.foresight = new Foresight(this, budget, place, line, till, tolls, share, setting);
        this.arrivals =
                new Arrivals(this, line, till, belief, foresight, setting, budget::limit, pump::run, this::expire);
    }

    @Nullable
    Gate gate(Call call) {
        return tolls.gate(call);
    }

    /** See {@link Lanes#permit}. */
    Future<Permit> enter(Waiter waiter, boolean again) {
        waiter.call.whenGone(() -> leave(waiter));
        int position;
        State entered;
        Runnable foretell = () -> {};
        synchronized (this) {
            visited = true;
            line.number(waiter, again);
            position = foresight.position(waiter);
            if (again) {
                occupancy.enterUnchecked(waiter);
                line.add(waiter);
                waiter.watch(setting, this::expire);
            } else if (occupants() >= setting.bounds().perLane() || !occupancy.enter(waiter)) {
                waiter.state = State.DONE;
            } else if (line.all() == 0 && !belief.isDry(setting.now()) && place.nobodyElseWaits() && waiter.mayPass()) {
                share.relax();
                line.add(waiter);
            } else {
                foretell = arrivals.expect(waiter, position);
            }
            entered = waiter.state;
        }
        switch (entered) {
            case DONE -> foresight.of(waiter, position).onSuccess(waiter.refusingFull(budget, setting));
            case ARRIVING -> foretell.run();
            default -> {
                pump.run();
                synchronized (this) {
                    waiter.watch(setting, this::expire); // seldom: few that come to an empty lane wait
                }
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
                abandoned.add(waiter.disconnect());
                waiter.cause = spend.cause();
                line.add(waiter);
                waiter.watch(setting, this::expire);
            }
        }
        abandoned.forEach(Runnable::run);
        arrivals.spendReturned();
        pump.run();
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
                occupancy.enterUnchecked(waiter);
                till.add(waiter);
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
            long now = setting.now();
            var pause = belief.told(forecast, now);
            place.told(forecast, now);
            if (!pause.isZero()) {
                hopeless = line.finishIf(waiter -> !waiter.canWait(now, forecast.delay()));
                setting.alarm().set(pause, pump::run);
            }
        }
        hopeless.forEach(waiter -> waiter.refuse(forecast, budget.limit(), setting.now()));
        pump.run();
    }

    private void expire(Waiter waiter) {
        if (finish(waiter) != State.DONE) {
            foresight.refuseLate(waiter);
        }
    }

    /** The caller hung up. At home. */
    private void leave(Waiter waiter) {
        if (finish(waiter) != State.DONE) {
            waiter.fail(new CallerGoneException(), setting.now());
        }
    }

    /** Takes one out from wherever it stands, and says where; DONE when it was out, or paid for, already. */
    private State finish(Waiter waiter) {
        State was;
        Runnable abandoned;
        synchronized (this) {
            was = waiter.state;
            if (was == State.DONE) {
                return was;
            }
            abandoned = waiter.disconnect();
            line.finish(waiter);
            till.remove(waiter);
        }
        abandoned.run();
        pump.run(); // others may have waited for this one
        return was;
    }

    void refuseAll(Refusal refusal) {
        List<Waiter> all;
        synchronized (this) {
            all = line.finishIf(waiter -> true);
        }
        all.forEach(waiter -> waiter.refuse(refusal, setting.now()));
        pump.run();
    }

    /** See {@link Lanes#foretell}. */
    Future<Prospect> foretell(Waiter waiter) {
        return foresight.prospect(waiter, occupants() >= setting.bounds().perLane() || !occupancy.hasRoom(waiter));
    }

    synchronized Lanes.Queue queue() {
        var callers = new HashMap<String, Integer>();
        line.count(callers);
        return occupants() == 0 ? Lanes.Queue.EMPTY : new Lanes.Queue(occupants(), callers);
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
