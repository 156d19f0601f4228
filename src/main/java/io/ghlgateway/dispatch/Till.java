package io.ghlgateway.dispatch;

import io.ghlgateway.dispatch.Waiter.State;
import io.ghlgateway.highlevel.Upstream;
import io.ghlgateway.limits.CallerAllowance.Taken;
import io.ghlgateway.limits.Spend;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Callers whose turn has come on one side, paid permits on the other; who holds a connection is given one. Permits are at hand when a spend comes back,
 * or when the caller they were paid for left before it could send; they age fast. Not thread-safe: its lane's lock
 * guards it.
 */
final class Till {

    /** Ready but for their caller's quota, all of one caller. */
    record Batch(Gate gate, List<Waiter> waiters) {}

    /** @param paidAt the monotonic clock reading that the permit was paid with */
    record Paid(Waiter waiter, long paidAt) {}

    // Small at first, as few ever hold more than one, and there may be many lanes.
    private final PriorityQueue<Waiter> ready = new PriorityQueue<>(1, Waiter.ORDER);
    private final ArrayDeque<Long> permits = new ArrayDeque<>(1);
    private final ArrayDeque<Paid> paid = new ArrayDeque<>(1);
    private final Line line;
    private final Duration ttl;
    private final Runnable lost;
    private boolean spending;
    private long granted;
    private int connecting;
    /** They hold a connection, and their callers' quotas were not asked yet. */
    private final ArrayDeque<Waiter> untolled = new ArrayDeque<>(1);

    private int tolling;

    /**
     * @param line where they end their stay who are paid for
     * @param ttl how old a permit may be
     * @param lost told of each that grew older
     */
    Till(Line line, Duration ttl, Runnable lost) {
        this.line = line;
        this.ttl = ttl;
        this.lost = lost;
    }

    /** How many have their turn: they hold a connection, or fetch one. */
    int inTurn() {
        return connecting + untolled.size() + tolling + ready.size();
    }

    /** Its turn has come. */
    void giveTurn(Waiter waiter, long now) {
        connecting++;
        waiter.takesTurn(now);
        turn(waiter, 1);
    }

    /** One that has its turn has its connection too, or will not have one, or not in time. */
    void fetched(Waiter waiter, Upstream.@Nullable Exchange exchange) {
        connecting--;
        waiter.fetching = false;
        if (!waiter.isDone() && exchange != null) {
            waiter.connected(exchange);
            add(waiter);
            return;
        }
        turn(waiter, -1);
        if (!waiter.isDone()) {
            line.finish(waiter);
        }
    }

    private static void turn(Waiter waiter, int more) {
        if (waiter.gate != null) {
            waiter.gate.turn(more);
        }
    }

    int permits() {
        return permits.size();
    }

    void add(Waiter waiter) {
        waiter.state = State.READY;
        if (waiter.gate == null || waiter.toll != null) {
            ready.add(waiter);
        } else {
            untolled.add(waiter);
        }
    }

    void remove(Waiter waiter) {
        if (!ready.remove(waiter) && untolled.remove(waiter)) {
            turn(waiter, -1);
        }
    }

    /** Whose caller's quota is to be asked now. */
    @Nullable
    Batch takeUntolled() {
        var first = untolled.peek();
        if (first == null) {
            return null;
        }
        var gate = Objects.requireNonNull(first.gate);
        var all = untolled.stream()
                .filter(waiter -> waiter.gate == gate)
                .sorted(Waiter.ORDER)
                .toList();
        untolled.removeAll(all);
        tolling += all.size();
        return new Batch(gate, all);
    }

    /**
     * The caller's quota was asked.
     *
     * @param taken null where it gave nothing
     * @param undone takes what is to be done, unlocked, with what nobody needs any more
     * @return who got nothing
     */
    List<Waiter> tolled(Batch batch, @Nullable Taken taken, List<Runnable> undone) {
        tolling -= batch.waiters().size();
        var denied = new ArrayList<Waiter>();
        int left = taken == null ? 0 : taken.count();
        for (var waiter : batch.waiters()) {
            turn(waiter, -1);
            if (!waiter.isDone() && left > 0) {
                left--;
                waiter.toll = new Toll(batch.gate().load(), taken);
                ready.add(waiter);
            } else if (!waiter.isDone()) {
                denied.add(waiter);
            }
        }
        for (; left > 0; left--) {
            undone.add(new Toll(batch.gate().load(), taken)::giveBack);
        }
        return denied;
    }

    /** How many permits a spend should ask for now; 0 when nobody is ready or one is under way. */
    int claim() {
        if (spending || ready.isEmpty()) {
            return 0;
        }
        spending = true;
        return ready.size();
    }

    /**
     * The spend that was claimed came back.
     *
     * @return who is ready no more, since it gave less than was wanted
     */
    List<Waiter> settle(Spend spend, int wanted, long now) {
        spending = false;
        granted += spend.granted();
        for (int i = 0; i < spend.granted(); i++) {
            permits.add(spend.paidAt());
        }
        match(now);
        if (spend.granted() >= wanted) {
            return List.of();
        }
        var unpaid = List.copyOf(ready);
        ready.clear();
        return unpaid;
    }

    /** Whether a spend is under way. */
    boolean isSpending() {
        return spending;
    }

    /** How many permits spends have given so far. */
    long granted() {
        return granted;
    }

    /** A permit whose caller left; it is older than those at hand. */
    void handBack(long paidAt) {
        permits.addFirst(paidAt);
    }

    /** Brings callers and permits together, in order, when what is too old has been dropped. */
    void match(long now) {
        while (!permits.isEmpty() && now - permits.element() > ttl.toNanos()) {
            permits.remove();
            lost.run();
        }
        while (!ready.isEmpty() && !permits.isEmpty()) {
            var waiter = ready.remove();
            line.finish(waiter);
            paid.add(new Paid(waiter, permits.remove()));
        }
    }

    /** The next of those who were matched. */
    @Nullable
    Paid poll() {
        return paid.poll();
    }
}
