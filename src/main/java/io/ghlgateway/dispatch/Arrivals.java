package io.ghlgateway.dispatch;

import io.ghlgateway.dispatch.Waiter.State;
import io.ghlgateway.limits.Forecast;
import java.util.ArrayList;
import java.util.List;

/**
 * Those who came to a lane that has a line, until it is foretold when their turns would come: that fits a caller's patience,
 * or the caller is told at once.
 *
 * <p>Who stands before one when its place is counted may be paid for before the budget is asked. It would be counted twice,
 * in the line and in what is left; so nobody is refused by such a forecast, but stands in line while the budget is asked again.
 */
final class Arrivals {

    /**
     * @param position where it stood when it was counted: 1 for the next
     * @param granted how many permits the till had had by then
     * @param last whether it has waited for a spend already; once is enough, or it might do so for ever
     */
    private record Arrival(Waiter waiter, int position, long granted, boolean last) {}

    private final Lane lane;
    /** They wait for a spend that is under way. */
    private final List<Arrival> whileSpending = new ArrayList<>();

    Arrivals(Lane lane) {
        this.lane = lane;
    }

    /** Under the lock. @return what asks the budget, unlocked */
    Runnable expect(Waiter waiter) {
        int position = lane.foresight.position(waiter);
        lane.line.expect(waiter);
        return ask(new Arrival(waiter, position, lane.till.granted(), false));
    }

    private Runnable ask(Arrival arrival) {
        return () -> lane.foresight
                .of(arrival.waiter(), arrival.position())
                .onSuccess(forecast -> foretold(arrival, forecast));
    }

    private void foretold(Arrival arrival, Forecast budgets) {
        var waiter = arrival.waiter();
        Runnable next = () -> {};
        synchronized (lane) {
            if (waiter.state != State.ARRIVING && waiter.state != State.QUEUED) {
                return; // its turn has come meanwhile, or it has left
            }
            var forecast = lane.foresight.tempered(budgets, arrival.position());
            waiter.cause = forecast.cause();
            if (forecast.isNow()) {
                lane.belief.refute(); // it was told sooner than all in the line that there is something again
            }
            boolean fits = waiter.canWait(lane.setting.now(), forecast.delay());
            boolean maySoonChange = !fits && arrival.position() > 1 && !arrival.last() && lane.till.isSpending();
            boolean isOutdated = !fits && arrival.position() > 1 && lane.till.granted() != arrival.granted();
            if (maySoonChange) {
                whileSpending.add(arrival);
            } else if (isOutdated) {
                next = ask(counted(arrival, arrival.last()));
            } else if (!fits) {
                lane.line.finish(waiter);
                next = () -> lane.refuse(waiter, forecast);
            }
            if (waiter.state == State.ARRIVING) { // nobody overtakes it while it is not certain
                lane.line.add(waiter);
                waiter.watch(lane);
            }
        }
        next.run();
        lane.pump.run();
    }

    /** A spend came back. Unlocked. */
    void spendReturned() {
        List<Runnable> asked = new ArrayList<>();
        synchronized (lane) {
            whileSpending.forEach(arrival -> asked.add(ask(counted(arrival, true))));
            whileSpending.clear();
        }
        asked.forEach(Runnable::run);
    }

    /** As if all who were paid for had stood before it: a more urgent one that came later may be among them, for a moment. */
    private Arrival counted(Arrival arrival, boolean last) {
        long granted = lane.till.granted();
        long paid = granted - arrival.granted();
        return new Arrival(arrival.waiter(), (int) Math.max(1, arrival.position() - paid), granted, last);
    }
}
