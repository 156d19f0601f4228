package io.ghlgateway.dispatch;

import io.ghlgateway.dispatch.Waiter.State;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait for their turn, in order, and the places they take. Who had a turn before goes first, then the more
 * urgent, and of the same urgency callers in turns by their weights; yet of ten turns in which the more urgent overtook
 * one goes to who came first of all. Coming and going takes
 * no longer the longer the line is, but for the logarithm of a heap. Not thread-safe: its lane's lock guards it.
 */
final class Line {
    /*
     * Strict classes alone would let a stream of urgent calls keep the others out for ever. Age in seconds is no cure: in
     * a line of minutes, which a quota makes easily, all bulk is old, and would go before what is urgent and new. So the
     * overtaken are paid in turns: for nine in which somebody was overtaken, the oldest gets one, and keeps it should it
     * not be paid for at once. That is a tenth of the quota at least for the less urgent, and at most.
     */
    private static final int OVERTAKINGS = 9;

    /** The rank of those who had a turn before; the others' is one more than their urgency. */
    private static final int FIRST = 0;

    /** Made when somebody first stands there: most lanes only ever see one of them, and there may be many lanes. */
    private final Rank[] ranks = new Rank[1 + Urgency.LEVELS];

    private final Occupancy occupancy;
    private long tickets;
    private int size;
    private int gated;
    private int callerGated;
    private int arriving;
    private int overtakings;

    Line(Occupancy occupancy) {
        this.occupancy = occupancy;
        Arrays.fill(ranks, Rank.NOBODY);
    }

    /** How many wait for their turn that no gate keeps from it. */
    int ungated() {
        return gated == 0 ? size : Arrays.stream(ranks).mapToInt(Rank::ungated).sum();
    }

    /** Adds to each caller's how many of it wait; of those who had a turn before it is not told whose they are. */
    void count(Map<String, Integer> callers) {
        for (var rank : ranks) {
            rank.count(callers);
        }
    }

    /** Whether somebody waits whose caller has a quota. */
    boolean hasCallerGated() {
        return callerGated > 0;
    }

    /** How many of the waiter's own caller would go before it. */
    int own(Waiter waiter) {
        return Arrays.stream(ranks, 0, waiter.rank + 1)
                        .mapToInt(rank -> rank.own(waiter))
                        .sum()
                - waiter.inLine();
    }

    /** Who wait for their turn, and those whose wait is being predicted. */
    int all() {
        return size + arriving;
    }

    /**
     * How many would go before this one, if it came now and no other after it: those of the ranks above, those of its own
     * whose turn is before, and the oldest in between. Who stands aside holds up none but its own caller's.
     */
    int before(Waiter waiter) {
        if (all() == 0) {
            return 0; // nearly always
        }
        int before = 0;
        int behind = 0;
        for (int i = 0; i < ranks.length; i++) {
            if (i < waiter.rank) {
                before += ranks[i].ungated(waiter);
            } else if (i == waiter.rank) {
                before += ranks[i].before(waiter);
            } else {
                behind += ranks[i].ungated(waiter);
            }
        }
        return before + Math.min(behind, (Math.max(0, overtakings) + before) / OVERTAKINGS);
    }

    /** Of those {@link #before} one who is not interactive, how many are not either. */
    int beforeLessUrgent(Waiter waiter) {
        int interactive = Arrays.stream(ranks, 1, 1 + Urgency.INTERACTIVE_LEVELS)
                .mapToInt(rank -> rank.ungated(waiter))
                .sum();
        return Math.max(0, before(waiter) - waiter.inLine() - interactive);
    }

    /** Gives one that comes its number and rank. @param again whether it had a turn before */
    void number(Waiter waiter, boolean again) {
        waiter.ticket = tickets++;
        if (again) {
            waiter.rank = FIRST;
        }
    }

    /** Keeps a place for one whose wait is being predicted. */
    void expect(Waiter waiter) {
        waiter.state = State.ARRIVING;
        of(waiter).expect(waiter);
        arriving++;
    }

    void add(Waiter waiter) {
        stopExpecting(waiter);
        if (waiter.overtook) {
            waiter.overtook = false; // its turn came to nothing
            overtakings--;
        }
        waiter.state = State.QUEUED;
        of(waiter).add(waiter);
        count(waiter, 1);
    }

    /** The most urgent; but the oldest where that was overtaken often enough. */
    private @Nullable Waiter next(@Nullable Waiter urgent, @Nullable Waiter oldest) {
        boolean isOldestsTurn = urgent != null
                && oldest != null
                && urgent.rank != FIRST
                && urgent.rank != oldest.rank
                && overtakings >= OVERTAKINGS;
        return isOldestsTurn ? oldest : urgent;
    }

    /** Ends the stay of who is next, if that one does not wait. */
    @Nullable
    Waiter finishImpatient() {
        var next = next(mostUrgent(), overtakings >= OVERTAKINGS ? oldest() : null); // which goes through all
        if (next == null || !next.call.deadline().isImpatient()) {
            return null;
        }
        finish(next);
        return next;
    }

    @Nullable
    Waiter poll() {
        var urgent = mostUrgent();
        var oldest = oldest();
        var next = next(urgent, oldest);
        if (next == null) {
            return null;
        }
        of(next).take(next, next == of(next).head());
        count(next, -1);
        if (next.rank != FIRST && next != urgent) {
            overtakings -= OVERTAKINGS;
            next.rank = FIRST;
        } else if (next.rank != FIRST && oldest != null && oldest.rank != next.rank) {
            overtakings++;
            next.overtook = true;
        }
        return next;
    }

    private Rank of(Waiter waiter) {
        if (ranks[waiter.rank] == Rank.NOBODY) {
            ranks[waiter.rank] = new Rank(waiter.rank != FIRST);
        }
        return ranks[waiter.rank];
    }

    private @Nullable Waiter mostUrgent() {
        if (size == 0) {
            return null;
        }
        for (var rank : ranks) {
            var head = rank.head();
            if (head != null) {
                return head;
            }
        }
        return null;
    }

    /** Who came first, however urgent. */
    @Nullable
    Waiter oldest() {
        if (size == 0) {
            return null;
        }
        Waiter oldest = null;
        for (var rank : ranks) {
            var first = rank.oldest();
            if (first != null && (oldest == null || first.isOlderThan(oldest))) {
                oldest = first;
            }
        }
        return oldest;
    }

    /** Ends a stay, wherever the waiter stands; every waiter that has a place is finished exactly once. */
    void finish(Waiter waiter) {
        stopExpecting(waiter);
        boolean queued = waiter.state == State.QUEUED;
        waiter.state = State.DONE;
        waiter.unwatch();
        occupancy.leave(waiter);
        if (queued) {
            of(waiter).leave(waiter);
            count(waiter, -1);
        }
    }

    private void count(Waiter waiter, int more) {
        size += more;
        if (waiter.gate != null) {
            gated += more;
            callerGated += waiter.gate.isCallers() ? more : 0;
            waiter.gate.queued(waiter, more);
        }
    }

    /** Finishes all in the line that match. */
    List<Waiter> finishIf(Predicate<Waiter> condition) {
        var matching =
                Arrays.stream(ranks).flatMap(Rank::stream).filter(condition).toList();
        matching.forEach(this::finish);
        return matching;
    }

    private void stopExpecting(Waiter waiter) {
        if (waiter.state == State.ARRIVING) {
            of(waiter).stopExpecting(waiter);
            arriving--;
        }
    }
}
