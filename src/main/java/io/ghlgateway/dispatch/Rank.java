package io.ghlgateway.dispatch;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Those of a {@link Line} who stand at the same place: one caller's in order of arrival, and callers in turns according
 * to their weights, so that a job of thousands costs a caller with one request no more than its share. Not thread-safe:
 * its lane's lock guards it.
 *
 * <p>Start-time fair queuing (Goyal, Vin, Cheng: Start-time Fair Queuing, SIGCOMM 1996): each turn moves its caller's
 * next one back in virtual time by the inverse of its weight, and who stands first there is next.
 */
final class Rank {

    /** What a turn costs a caller of weight 1, in virtual time; divisible by most small weights. */
    private static final long TURN = 720_720;

    /** One caller's. */
    static final class Flow {
        private final PriorityQueue<Waiter> waiters = new PriorityQueue<>(1, Waiter.ORDER);
        // Who is done stays in the queue until it comes to the head, so leaving costs nothing however long the line is.
        private int waiting;
        private int expected;
        /** Null for a caller without a quota, where nothing is reserved for others. */
        private @Nullable Gate gate;

        private boolean wasShut;
        /** When its next turn begins, in virtual time. */
        private long start;
        /** Of each of its turns, in virtual time. */
        private long cost = TURN;

        private int size() {
            return waiting + expected;
        }

        /** Its gate is. It saves up no turns meanwhile. */
        private boolean isShut(long now) {
            boolean shut = gate != null && !gate.isOpen();
            if (wasShut && !shut) {
                start = Math.max(start, now);
            }
            wasShut = shut;
            return shut;
        }

        /** It is the caller's own part that is used up: others go before it. */
        private boolean isAside(long now) {
            return isShut(now) && gate != null && gate.isCallers();
        }

        private @Nullable Waiter head() {
            var head = waiters.peek();
            while (head != null && head.isDone()) {
                waiters.remove();
                head = waiters.peek();
            }
            return head;
        }
    }

    private static final Object NO_GATE = new Object();

    /** Where nobody ever stood; whoever comes needs another. */
    static final Rank NOBODY = new Rank(true, Map.of());

    private final boolean inTurns;
    /** By caller, where they take turns; else all in one. */
    private final Map<Object, Flow> flows;

    private long now; // virtual time: when the latest turn began

    /** @param inTurns whether callers take turns; else all stand in order of arrival */
    Rank(boolean inTurns) {
        this(inTurns, new LinkedHashMap<>());
    }

    private Rank(boolean inTurns, Map<Object, Flow> flows) {
        this.inTurns = inTurns;
        this.flows = flows;
    }

    /** How many of these would go before this one, if it came now and no other after it. */
    int before(Waiter waiter) {
        if (!inTurns) {
            return ungated(waiter);
        }
        var own = flows.get(key(waiter));
        int before = own == null ? 0 : own.size();
        long turn = (own == null ? now : Math.max(now, own.start)) + before * cost(waiter);
        for (var flow : flows.values()) {
            if (flow != own && flow.size() > 0 && flow.start <= turn && !flow.isAside(now)) {
                before += (int) Math.min(flow.size(), (turn - flow.start) / flow.cost + 1);
            }
        }
        return before;
    }

    /** How many of the waiter's own caller are here. */
    int own(Waiter waiter) {
        var own = flows.get(key(waiter));
        return own == null ? 0 : own.size();
    }

    /** How many may have a turn, of those who wait. */
    int ungated() {
        int sum = 0;
        for (var flow : flows.values()) {
            sum += flow.isShut(now) ? 0 : flow.waiting;
        }
        return sum;
    }

    /** How many may have a turn before this one or are of its own caller's, with those whose wait is being predicted. */
    int ungated(Waiter waiter) {
        var own = flows.get(key(waiter));
        int sum = 0;
        for (var flow : flows.values()) {
            sum += flow != own && flow.isAside(now) ? 0 : flow.size();
        }
        return sum;
    }

    /** Adds to each caller's how many of it wait here. Where callers take no turns, nobody's are told apart. */
    void count(Map<String, Integer> callers) {
        if (inTurns) {
            flows.forEach((caller, flow) -> {
                if (flow.size() > 0) {
                    callers.merge((String) caller, flow.size(), Integer::sum);
                }
            });
        }
    }

    void expect(Waiter waiter) {
        flow(waiter).expected++;
    }

    void stopExpecting(Waiter waiter) {
        flow(waiter).expected--;
    }

    void add(Waiter waiter) {
        var flow = flow(waiter);
        if (waiter.charged == flow) {
            flow.start -= flow.cost; // its turn came to nothing
        }
        waiter.charged = null;
        flow.waiters.add(waiter);
        flow.waiting++;
    }

    /** Whose turn is next. */
    @Nullable
    Waiter head() {
        return first(true);
    }

    /** Who came first of all. */
    @Nullable
    Waiter oldest() {
        return first(false);
    }

    /** Of those that no gate keeps from their turn: in turns, or in order of arrival. */
    private @Nullable Waiter first(boolean byTurns) {
        if (flows.isEmpty()) {
            return null;
        }
        Waiter first = null;
        long start = 0;
        for (var flow : flows.values()) {
            var head = flow.isShut(now) ? null : flow.head();
            long begins = byTurns ? flow.start : 0;
            boolean isFirst =
                    head != null && (first == null || begins < start || begins == start && head.isOlderThan(first));
            if (isFirst) {
                first = head;
                start = begins;
            }
        }
        return first;
    }

    /** Gives the turn to one whom {@link #head} or {@link #oldest} just gave. */
    void take(Waiter waiter, boolean isNext) {
        var flow = flow(waiter);
        flow.waiters.remove();
        flow.waiting--;
        if (isNext) {
            now = Math.max(now, flow.start);
        }
        flow.start += flow.cost;
        waiter.charged = flow;
        // Who has nobody here any more and owes nothing is forgotten.
        flows.values().removeIf(other -> other.size() == 0 && other.start <= now);
    }

    /** One of those who wait is done now. */
    void leave(Waiter waiter) {
        var flow = flow(waiter);
        flow.waiting--;
        if (flow.waiters.size() > 2 * flow.waiting + 64) {
            flow.waiters.removeIf(Waiter::isDone);
        }
    }

    Stream<Waiter> stream() {
        return flows.values().stream().flatMap(flow -> flow.waiters.stream()).filter(waiter -> !waiter.isDone());
    }

    private Flow flow(Waiter waiter) {
        var flow = flows.computeIfAbsent(key(waiter), unknown -> new Flow());
        if (flow.size() == 0) {
            flow.start = Math.max(flow.start, now);
            flow.cost = cost(waiter);
            flow.gate = waiter.gate;
        }
        return flow;
    }

    /** Where callers take no turns a turn costs nothing: all begin at the same time, and who came first is next. */
    private long cost(Waiter waiter) {
        return inTurns ? TURN / waiter.call.caller().weight() : 0;
    }

    /** Of its flow: its caller's name, or its gate where callers take no turns. */
    private Object key(Waiter waiter) {
        if (inTurns) {
            return waiter.call.caller().name();
        }
        return waiter.gate == null ? NO_GATE : waiter.gate;
    }
}
