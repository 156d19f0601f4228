package io.ghlgateway.dispatch;

import io.ghlgateway.limits.Forecast;
import io.ghlgateway.limits.Limit;
import java.util.Optional;

/**
 * What a call would meet in its line.
 *
 * @param position its place in it, 1 for the next
 * @param forecast when its turn would come, held against what this replica has been getting
 * @param refusal what it would be told at once; empty where it would be sent, now or in its patience
 */
public record Prospect(int position, Forecast forecast, Optional<Refusal> refusal) {

    static Prospect of(Waiter waiter, int position, Forecast forecast, boolean isFull, Limit limit, long now) {
        if (isFull) {
            return new Prospect(position, forecast, Optional.of(Refusal.full(forecast, limit)));
        }
        boolean isBusy = waiter.gate != null && waiter.gate.callerIsAtMost();
        return new Prospect(
                position,
                forecast,
                waiter.canWait(now, forecast.delay()) && !isBusy
                        ? Optional.empty()
                        : Optional.of(isBusy ? Refusal.busy(waiter.call) : waiter.refusal(forecast, limit)));
    }
}
