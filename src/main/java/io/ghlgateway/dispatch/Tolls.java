package io.ghlgateway.dispatch;

import io.ghlgateway.limits.Budget;
import io.ghlgateway.limits.CallerAllowance.Taken;
import io.ghlgateway.limits.Cause;
import io.ghlgateway.limits.Forecast;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Has those of a lane whose caller has a quota pay to it before the key's budget is asked: for who cannot, nothing is paid
 * there. Who pays in vain since the key has nothing is given it back, for the caller's next.
 */
final class Tolls {

    /** A caller's quota that gave nothing, and says that it has some, is asked again after this time. */
    private static final Duration SOONEST = Duration.ofMillis(10);
    /** And at the latest after this: a share grows with the key's quota. */
    private static final Duration LATEST = Duration.ofSeconds(10);

    private final Object lock; // the lane: it guards all below
    private final Line line;
    private final Till till;
    private final Budget budget;
    private final Lanes.Setting setting;
    private final Runnable pump;
    private final Consumer<Waiter> expire;
    private final Map<String, Gate> gates = new HashMap<>();

    /** @param expire called at the deadline of one that stands in line again */
    Tolls(
            Object lock,
            Line line,
            Till till,
            Budget budget,
            Lanes.Setting setting,
            Runnable pump,
            Consumer<Waiter> expire) {
        this.lock = lock;
        this.line = line;
        this.till = till;
        this.budget = budget;
        this.setting = setting;
        this.pump = pump;
        this.expire = expire;
    }

    /** Null for a call that may have all that there is. */
    @Nullable
    Gate gate(Call call) {
        var name = setting.gates().name(call);
        if (name == null) {
            return null;
        }
        synchronized (lock) {
            return gates.computeIfAbsent(name, unknown -> setting.gates().gate(name, call, budget, pump));
        }
    }

    /** What is to be done about them now; null for nothing. Under the lock. */
    @Nullable
    Runnable next(long now) {
        if (gates.isEmpty()) {
            return null;
        }
        for (var gate : gates.values()) {
            gate.look(now);
            if (gate.keepsImpatient()) {
                var kept = line.finishIf(
                        waiter -> waiter.gate == gate && waiter.call.deadline().isImpatient());
                return () -> kept.forEach(waiter -> waiter.refuse(Refusal.busy(waiter.call), now));
            }
        }
        var batch = till.takeUntolled();
        return batch == null ? null : () -> collect(batch);
    }

    /** When the lane can do no more: leaves places that it has no use for to others. Null for nothing. Under the lock. */
    @Nullable
    Runnable passOn() {
        for (var gate : gates.values()) {
            int unused = gate.unusedWakes();
            if (unused > 0) {
                return () -> gate.load().pass(unused);
            }
        }
        return null;
    }

    private void collect(Till.Batch batch) {
        var load = batch.gate().load();
        int places = load.take(batch.waiters().size());
        if (places == 0) {
            collected(batch, 0, null);
        } else {
            batch.gate().allowance().take(places).onSuccess(taken -> {
                load.release(places - taken.count());
                collected(batch, places, taken);
            });
        }
    }

    /**
     * @param places how many were taken of those that its caller may have under way
     * @param taken null when that was none
     */
    private void collected(Till.Batch batch, int places, @Nullable Taken taken) {
        var gate = batch.gate();
        boolean dry = taken != null && taken.cause() != Cause.NONE;
        var undone = new ArrayList<Runnable>();
        synchronized (lock) {
            long now = setting.now();
            gate.took(places);
            for (var waiter : till.tolled(batch, taken, undone)) {
                undone.add(waiter.disconnect());
                waiter.cause = dry ? taken.cause() : Cause.CALLER_SHARE;
                line.add(waiter);
                waiter.watch(setting, expire);
            }
            if (dry) {
                gate.shut(now, Belief.LOOK_AGAIN);
            } else if (taken != null) {
                gate.gave();
            }
        }
        undone.forEach(Runnable::run);
        if (dry) {
            gate.allowance().forecast(1, 0, 1).onSuccess(forecast -> told(gate, forecast));
        }
        pump.run();
    }

    /** The caller's quota said when it gives again. Who of its requests cannot wait for that is told now. */
    private void told(Gate gate, Forecast forecast) {
        List<Waiter> hopeless;
        var delay = forecast.isNow() ? SOONEST : forecast.delay();
        synchronized (lock) {
            long now = setting.now();
            var pause = delay.compareTo(LATEST) < 0 ? delay : LATEST;
            gate.shut(now, pause);
            hopeless = line.finishIf(waiter -> waiter.gate == gate && !waiter.canWait(now, forecast.delay()));
            setting.alarm().set(pause, pump);
        }
        hopeless.forEach(waiter -> waiter.refuse(forecast, budget.limit(), setting.now()));
        pump.run();
    }

    /** When the waiter's turn comes that the key would pay for so: its caller's quota may be later. */
    Future<Forecast> later(Waiter waiter, Future<Forecast> key) {
        var gate = waiter.gate;
        if (gate == null) {
            return key;
        }
        int position;
        int elsewhere;
        int ofClass;
        synchronized (lock) {
            position = gate.position(line.own(waiter) - Foresight.itself(waiter));
            elsewhere = gate.elsewhere();
            ofClass = gate.position(line.beforeLessUrgent(waiter) - Foresight.itself(waiter));
        }
        var own = gate.allowance().forecast(position, elsewhere, ofClass);
        return key.compose(theirs -> own.map(ours -> {
            if (ours.isNow()) {
                synchronized (lock) {
                    gate.reopen(setting.now());
                }
            }
            return theirs.orLater(ours);
        }));
    }
}
