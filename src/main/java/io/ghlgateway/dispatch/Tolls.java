package io.ghlgateway.dispatch;

import io.ghlgateway.limits.CallerAllowance.Taken;
import io.ghlgateway.limits.Cause;
import io.ghlgateway.limits.Forecast;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    private final Lane lane;
    private final Map<Gates.Key, Gate> gates = new HashMap<>(); // guarded by the lane

    Tolls(Lane lane) {
        this.lane = lane;
    }

    /** Null for a call that may have all that there is. */
    @Nullable
    Gate gate(Call call) {
        var makes = lane.setting.gates();
        var key = makes.key(call);
        if (key == null) {
            return null;
        }
        synchronized (lane) {
            return gates.computeIfAbsent(key, unknown -> makes.gate(key, call, lane.budget, lane.pump::run));
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
                var kept = lane.line.finishIf(
                        waiter -> waiter.gate == gate && waiter.call.deadline().isImpatient());
                return () -> kept.forEach(waiter -> lane.refuse(waiter, Refusal.busy(waiter.call)));
            }
        }
        var batch = lane.till.takeUntolled();
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
        synchronized (lane) {
            gate.took(places);
            for (var waiter : lane.till.tolled(batch, taken, undone)) {
                undone.add(lane.sendBack(waiter, dry ? taken.cause() : Cause.CALLER_SHARE));
            }
            if (dry) {
                gate.shut(lane.setting.now(), Belief.LOOK_AGAIN);
            } else if (taken != null) {
                gate.gave();
            }
        }
        undone.forEach(Runnable::run);
        if (dry) {
            gate.allowance().forecast(1, 0, 1).onSuccess(forecast -> told(gate, forecast));
        }
        lane.pump.run();
    }

    /** The caller's quota said when it gives again. Who of its requests cannot wait for that is told now. */
    private void told(Gate gate, Forecast forecast) {
        List<Waiter> hopeless;
        var delay = forecast.isNow() ? SOONEST : forecast.delay();
        synchronized (lane) {
            long now = lane.setting.now();
            var pause = delay.compareTo(LATEST) < 0 ? delay : LATEST;
            gate.shut(now, pause);
            hopeless = lane.line.finishIf(waiter -> waiter.gate == gate && !waiter.canWait(now, forecast.delay()));
            lane.setting.alarm().set(pause, lane.pump::run);
        }
        hopeless.forEach(waiter -> lane.refuse(waiter, forecast));
        lane.pump.run();
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
        synchronized (lane) {
            position = gate.position(lane.line.own(waiter) - waiter.inTurn());
            elsewhere = gate.elsewhere();
            ofClass = gate.position(lane.line.beforeLessUrgent(waiter) - waiter.inTurn());
        }
        var own = gate.allowance().forecast(position, elsewhere, ofClass);
        return key.compose(theirs -> own.map(ours -> {
            if (ours.isNow()) {
                synchronized (lane) {
                    gate.reopen(lane.setting.now());
                }
            }
            return theirs.orLater(ours);
        }));
    }
}
