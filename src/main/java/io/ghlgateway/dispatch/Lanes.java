package io.ghlgateway.dispatch;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.highlevel.Upstream.Exchange;
import io.ghlgateway.limits.Budget;
import io.ghlgateway.limits.BudgetKey;
import io.ghlgateway.limits.Budgets;
import io.ghlgateway.limits.CallerAllowances;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * All queues, one for each budget in use: one for each key, and beside it one for each set of endpoints of that key that
 * have limits of their own; shared by every event loop of the process. Any thread.
 */
public final class Lanes {

    /**
     * Bounds on waiting; beyond them a request is refused at once.
     *
     * @param perLane requests for one budget
     * @param total requests in the process
     * @param bytes of their kept bodies, in the process
     */
    public record Bounds(int perLane, int total, long bytes) {}

    /**
     * Those who wait for something.
     *
     * @param callers how many of each caller's, by name: of all but those who had a turn before and stand first again
     */
    public record Queue(int waiting, Map<String, Integer> callers) {

        public static final Queue EMPTY = new Queue(0, Map.of());

        public Queue {
            callers = Map.copyOf(callers);
        }

        Queue and(Queue other) {
            var all = new HashMap<>(callers);
            other.callers.forEach((caller, waiting) -> all.merge(caller, waiting, Integer::sum));
            return new Queue(waiting + other.waiting, all);
        }
    }

    /**
     * What every lane works with.
     *
     * @param permitTtl how old a payment may be when its send is written
     */
    record Setting(
            Ticker ticker,
            Alarm alarm,
            Bounds bounds,
            Duration permitTtl,
            DispatchEvents events,
            Gates gates,
            Occupancy occupancy,
            Crowd.All crowds) {

        long now() {
            return ticker.read();
        }
    }

    private final Budgets budgets;
    private final Setting setting;
    private final ConcurrentHashMap<Budget, Lane> lanes = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** @param callers what callers with a quota may take; empty where none is heeded */
    public Lanes(
            Budgets budgets,
            Optional<CallerAllowances> callers,
            Ticker ticker,
            Alarm alarm,
            Bounds bounds,
            Duration permitTtl,
            DispatchEvents events) {
        this.budgets = budgets;
        this.setting = new Setting(
                ticker, alarm, bounds, permitTtl, events, new Gates(callers), new Occupancy(bounds), new Crowd.All());
    }

    Setting setting() {
        return setting;
    }

    /** What pays for the call. */
    Budget budget(Call call) {
        return call.budget(budgets);
    }

    /** What pays for a request to {@code uri}. */
    Budget budget(BudgetKey key, String uri) {
        return budgets.of(key, uri);
    }

    /**
     * Waits for the call's turn, has {@code connect} fetch a connection then, pays, and gives both.
     *
     * @param again whether the call has had a permit before: it then stands at the head, and no bound turns it away
     * @return completes on the call's home; fails with a {@link RefusedException}, with whatever {@code connect} failed
     *     with, or with {@link CallerGoneException}
     */
    Future<Permit> permit(Call call, boolean again, Supplier<Future<Exchange>> connect) {
        if (closed) {
            return Future.failedFuture(new RefusedException(Refusal.draining()));
        }
        var budget = budget(call);
        var lane = lanes.computeIfAbsent(budget, paying -> new Lane(paying, setting));
        var waiter = new Waiter(call, lane.tolls.gate(call), setting.now(), connect);
        setting.gates().came(call, budget);
        call.leavesPlace();
        return !again && waiter.callerIsAtMost()
                ? Future.failedFuture(new RefusedException(Refusal.busy(call)))
                : lane.enter(waiter, again);
    }

    /**
     * What a call would meet that came now: it takes no place, and nothing is spent. Any thread.
     *
     * @return completes on any thread; never fails
     */
    public Future<Prospect> foretell(Call call) {
        var budget = budget(call);
        var known = lanes.get(budget);
        var lane = known == null ? new Lane(budget, setting) : known;
        return lane.foresight.prospect(new Waiter(
                call, lane.tolls.gate(call), setting.now(), () -> Future.failedFuture(new CallerGoneException())));
    }

    /** Requests that wait, in all lanes. */
    public int waiting() {
        return setting.occupancy().waiting();
    }

    /** Requests that wait for this key's quota, whatever else they wait for. */
    public int waiting(BudgetKey key) {
        int waiting = 0;
        for (var lane : lanes.entrySet()) {
            waiting += lane.getKey().key().equals(key) ? lane.getValue().occupants() : 0;
        }
        return waiting;
    }

    /**
     * Who waits for each key that somebody waits for. Takes each lane's lock for a moment, which is no longer the more requests
     * of a caller wait.
     */
    public Map<BudgetKey, Queue> queues() {
        var queues = new HashMap<BudgetKey, Queue>();
        lanes.forEach((budget, lane) -> {
            var queue = lane.queue();
            if (queue.waiting() > 0) {
                queues.merge(budget.key(), queue, Queue::and);
            }
        });
        return queues;
    }

    /**
     * Forgets the lanes that nobody came to since the last time; their budgets live on where they are kept. Those of tenants
     * who call now and then stay: made anew for each call they would all grow old before they are garbage.
     */
    public void sweep() {
        // A call that fetched its lane just now enters a forgotten one: harmless, the budget is still one.
        lanes.values().removeIf(Lane::sweep);
    }

    /** Lanes that are kept. */
    int kept() {
        return lanes.size();
    }

    /** Refuses all who wait, and who comes from now on. */
    public void close() {
        closed = true;
        lanes.values().forEach(lane -> lane.refuseAll(Refusal.draining()));
    }
}
