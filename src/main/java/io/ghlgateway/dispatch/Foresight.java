package io.ghlgateway.dispatch;

import io.ghlgateway.limits.Forecast;
import io.vertx.core.Future;
import java.util.Optional;

/** Foretells when a turn in a lane would come. */
final class Foresight {

    private final Lane lane;

    Foresight(Lane lane) {
        this.lane = lane;
    }

    /** Where it stands, or would if it came now: 1 for the next. */
    int position(Waiter waiter) {
        synchronized (lane) {
            return lane.line.before(waiter) + lane.till.inTurn() - waiter.inTurn() + 1;
        }
    }

    Future<Forecast> of(Waiter waiter) {
        return of(waiter, position(waiter));
    }

    /** By the key's budget and its caller's quota. Never fails. */
    Future<Forecast> of(Waiter waiter, int position) {
        return lane.tolls.later(waiter, lane.budget.forecast(position, lane.place));
    }

    /** Held against what the lane has been getting, where that was not for the quota of a caller's own. */
    Forecast tempered(Forecast forecast, int position) {
        synchronized (lane) {
            return lane.place.nobodyElseWaits() && !lane.line.hasCallerGated()
                    ? lane.share.temper(forecast, position, lane.budget.pace(), lane.budget.replicas())
                    : forecast;
        }
    }

    /** What one would meet that came now. Never fails. */
    Future<Prospect> prospect(Waiter waiter) {
        boolean isFull = lane.occupants() >= lane.setting.bounds().perLane()
                || !lane.setting.occupancy().hasRoom(waiter);
        int position = position(waiter);
        return of(waiter, position).map(budgets -> {
            var forecast = tempered(budgets, position);
            return new Prospect(position, forecast, refusal(waiter, forecast, isFull));
        });
    }

    /** What it would be told at once. */
    private Optional<Refusal> refusal(Waiter waiter, Forecast forecast, boolean isFull) {
        var limit = lane.budget.limit();
        if (isFull) {
            return Optional.of(Refusal.full(forecast, limit));
        }
        if (waiter.callerIsAtMost()) {
            return Optional.of(Refusal.busy(waiter.call));
        }
        return waiter.canWait(lane.setting.now(), forecast.delay())
                ? Optional.empty()
                : Optional.of(waiter.refusal(forecast, limit));
    }

    /** Its patience is over. It is told of what took most of that. */
    void refuseLate(Waiter waiter) {
        if (waiter.lackedConnection(lane.setting.now())) {
            lane.refuse(waiter, Refusal.unconnected(waiter.call.deadline()));
        } else {
            of(waiter).onSuccess(forecast -> lane.refuse(waiter, forecast));
        }
    }
}
