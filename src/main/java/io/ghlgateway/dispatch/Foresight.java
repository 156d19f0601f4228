package io.ghlgateway.dispatch;

import io.ghlgateway.limits.Budget;
import io.ghlgateway.limits.Forecast;
import io.vertx.core.Future;

/** Foretells when a turn in a lane would come. */
final class Foresight {

    private final Object lock; // the lane: it guards line, till and share
    private final Budget budget;
    private final Place place;
    private final Line line;
    private final Till till;
    private final Tolls tolls;
    private final Share share;
    private final Lanes.Setting setting;

    Foresight(
            Object lock,
            Budget budget,
            Place place,
            Line line,
            Till till,
            Tolls tolls,
            Share share,
            Lanes.Setting setting) {
        this.lock = lock;
        this.budget = budget;
        this.place = place;
        this.line = line;
        this.till = till;
        this.tolls = tolls;
        this.share = share;
        this.setting = setting;
    }

    /** Where it stands, or would if it came now: 1 for the next. */
    int position(Waiter waiter) {
        synchronized (lock) {
            return line.before(waiter) + till.inTurn() - itself(waiter) + 1;
        }
    }

    /** Whether it is still counted among those in turn, 1 or 0. */
    static int itself(Waiter waiter) {
        return waiter.fetching ? 1 : 0;
    }

    Future<Forecast> of(Waiter waiter) {
        return of(waiter, position(waiter));
    }

    /** By the key's budget and its caller's quota. Never fails. */
    Future<Forecast> of(Waiter waiter, int position) {
        return tolls.later(waiter, budget.forecast(position, place));
    }

    /** Held against what the lane has been getting, where that was not for the quota of a caller's own. */
    Forecast tempered(Forecast forecast, int position) {
        synchronized (lock) {
            return place.nobodyElseWaits() && !line.hasCallerGated()
                    ? share.temper(forecast, position, budget.pace(), budget.replicas())
                    : forecast;
        }
    }

    /** @param isFull whether there is no room for it to wait */
    Future<Prospect> prospect(Waiter waiter, boolean isFull) {
        int position = position(waiter);
        return of(waiter, position)
                .map(forecast -> Prospect.of(
                        waiter, position, tempered(forecast, position), isFull, budget.limit(), setting.now()));
    }

    /** Its patience is over. It is told of what took most of that. */
    void refuseLate(Waiter waiter) {
        long now = setting.now();
        if (waiter.lackedConnection(now)) {
            waiter.refuse(Refusal.unconnected(waiter.call.deadline()), now);
        } else {
            of(waiter).onSuccess(forecast -> waiter.refuse(forecast, budget.limit(), setting.now()));
        }
    }
}
