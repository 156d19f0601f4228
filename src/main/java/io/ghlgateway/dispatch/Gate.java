package io.ghlgateway.dispatch;

import io.ghlgateway.limits.CallerAllowance;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where one lane's requests of a caller with a quota pass, or stand while the caller has had its part, and hold nobody up;
 * or those of all other callers, while what is left is for another class. Guarded by its lane's lock, but for the futures.
 */
final class Gate {
    /*
     * A free place wakes one lane, not all that want it. The lane keeps the wake while one of its turns may need it, and
     * passes it on when it has more wakes than turns and the places are not all spoken for by its own: so a free place that
     * somebody waits for is always some lane's to take. Who finds its own turns as many as there are places keeps no more
     * wakes than these, else two such lanes would wake each other for ever.
     */

    /** Whoever it let try found nothing; after this long nobody knows any more, and all may. */
    private static final long WARY_NANOS = Belief.LOOK_AGAIN.toNanos();

    private final boolean isCallers;
    private final CallerLoad load;
    private final CallerAllowance allowance;
    private final Runnable wake;
    private int queued;
    private int impatient;
    /** Of these how many have their turn, and have not been let through yet. */
    private int turns;

    private final AtomicInteger wakes = new AtomicInteger();
    private boolean open = true;
    private boolean dry;
    private boolean noPlace;
    private boolean shut;
    private long shutUntil;
    private boolean wasShut;
    private long openedAt;

    /**
     * @param isCallers whether it is of one caller, for its quota; else of all that must leave a reserve
     * @param wake has the lane look again
     */
    Gate(boolean isCallers, CallerLoad load, CallerAllowance allowance, Runnable wake) {
        this.isCallers = isCallers;
        this.load = load;
        this.allowance = allowance;
        this.wake = () -> {
            wakes.incrementAndGet();
            wake.run();
        };
    }

    boolean isCallers() {
        return isCallers;
    }

    CallerLoad load() {
        return load;
    }

    CallerAllowance allowance() {
        return allowance;
    }

    /** Whether its requests may have a turn, as last looked. */
    boolean isOpen() {
        return open;
    }

    /** Finds out whether it is open; a lane that finds it full is woken when it is not any more. */
    void look(long now) {
        shut = shut && now - shutUntil < 0;
        dry = dry && (shut || now - shutUntil < WARY_NANOS);
        if (!hasPlace() && queued > 0) {
            load.tellWhenFree(wake);
        }
        boolean before = open;
        noPlace = !hasPlace();
        open = !noPlace && !shut && !(dry && turns > 0);
        if (open && !before) {
            wasShut = true;
            openedAt = now;
        }
    }

    private boolean hasPlace() {
        return turns < load.free();
    }

    /** Whether the caller has all under way that it may have at once, and nobody knows until when. */
    boolean callerIsAtMost() {
        return load.free() <= 0;
    }

    /** The caller's quota gave all that was asked. */
    void gave() {
        dry = false;
    }

    /** The caller's quota is used up: gives no turn for this long, and then one at a time for a while. */
    void shut(long now, Duration pause) {
        dry = true;
        shut = true;
        shutUntil = now + pause.toNanos();
        open = false;
    }

    /** The caller's quota gives again. */
    void reopen(long now) {
        shutUntil = shut && now - shutUntil < 0 ? now : shutUntil;
    }

    /** When one that waited behind it counts to have come: its quota was its own affair. */
    long since(long arrived) {
        return wasShut && openedAt - arrived > 0 ? openedAt : arrived;
    }

    void queued(Waiter waiter, int more) {
        queued += more;
        impatient += waiter.call.deadline().isImpatient() ? more : 0;
        load.waits(more);
    }

    /** Whether the caller's requests under way keep somebody waiting who does not wait. */
    boolean keepsImpatient() {
        return noPlace && !shut && impatient > 0;
    }

    /** So many of its turns took their places. */
    void took(int places) {
        wakes.addAndGet(-Math.min(places, wakes.get())); // only the lane takes from them
    }

    /** How many of the wakes that it got are for others, who are to be woken then. */
    int unusedWakes() {
        int unused = Math.max(0, wakes.get() - turns);
        wakes.addAndGet(-unused);
        return hasPlace() ? unused : 0;
    }

    void turn(int more) {
        turns += more;
    }

    /** @param ahead how many of its own in the same lane go before one */
    int position(int ahead) {
        return ahead + turns + 1;
    }

    /** How many of the caller's wait in other lanes. */
    int elsewhere() {
        return load.waiting() - queued;
    }
}
