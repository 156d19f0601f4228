package io.ghlgateway.dispatch;

import io.ghlgateway.highlevel.Upstream.Exchange;
import io.ghlgateway.limits.Cause;
import io.ghlgateway.limits.Forecast;
import io.ghlgateway.limits.Limit;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Comparator;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One call's place in a {@link Lane}. Its fields are guarded by the lane's lock. */
final class Waiter {

    /** Where it stands. */
    enum State {
        /** At the door. */
        NEW,
        /** Its wait is being predicted. */
        ARRIVING,
        /** In the queue. */
        QUEUED,
        /** Its turn has come: it fetches its token and a connection. */
        CONNECTING,
        /** Holds a connection and waits to be paid for. */
        READY,
        /** Paid for, refused, failed or left. */
        DONE
    }

    /** Who is to go first, of those who stand at the same place. */
    static final Comparator<Waiter> ORDER =
            Comparator.<Waiter>comparingInt(waiter -> waiter.rank).thenComparingLong(waiter -> waiter.ticket);

    final Call call;
    /** Its place in the order of arrival, however often it was sent back. */
    long ticket;
    /** The class it stands in, the lower before the higher; see {@link Line}. */
    int rank;
    /** It has its turn though another in the line came earlier. */
    boolean overtook;

    /** Of its caller's, in whose name it has its turn. */
    Rank.@Nullable Flow charged;

    State state = State.NEW;
    /** What it was last found to wait for. */
    Cause cause = Cause.NONE;

    @Nullable
    Exchange exchange;

    private final long since;
    private final Supplier<Future<Exchange>> connect;
    private final Promise<Permit> permit = Promise.promise();
    private Runnable unwatch = () -> {};
    private boolean watched;

    /**
     * @param since when it began to wait, on the monotonic clock
     * @param connect fetches a token and a connection; called on the call's home, perhaps more than once
     */
    Waiter(Call call, long since, Supplier<Future<Exchange>> connect) {
        this.call = call;
        this.rank = 1 + call.urgency().level();
        this.since = since;
        this.connect = connect;
    }

    long since() {
        return since;
    }

    Future<Permit> permit() {
        return permit.future();
    }

    Future<Exchange> connect() {
        return connect.get();
    }

    /** Lets go of its connection, if it holds one. Under the lock; what it returns gives it back, unlocked. */
    Runnable disconnect() {
        var held = exchange;
        exchange = null;
        return held == null ? () -> {} : () -> call.atHome(held::abandon);
    }

    boolean isDone() {
        return state == State.DONE;
    }

    /** What it holds of the process's memory while it waits, in bytes. */
    long weight() {
        return call.request().body().head().length();
    }

    /** Whether a send that begins {@code delay} from now is worth waiting for. */
    boolean canWait(long now, Duration delay) {
        return delay.isZero() || call.deadline().allows(now, delay);
    }

    boolean isTooLate(long now) {
        return !call.deadline().isImpatient() && call.deadline().isOver(now);
    }

    /**
     * Has {@code expire} called at the deadline, unless it will be, or the wait is over; who does not wait has no deadline
     * to watch.
     */
    void watch(Lanes.Setting setting, Consumer<Waiter> expire) {
        boolean waits = state == State.QUEUED || state == State.CONNECTING;
        if (waits && !watched && !call.deadline().isImpatient()) {
            watched = true;
            unwatch = setting.alarm().set(call.deadline().left(setting.now()), () -> expire.accept(this));
        }
    }

    void unwatch() {
        watched = false;
        unwatch.run();
    }

    /** At home. */
    void grant(Permit paid, long now) {
        waited(now);
        permit.complete(paid);
    }

    /** At home. */
    void fail(Throwable failure, long now) {
        if (!permit.future().isComplete()) {
            waited(now);
            permit.tryFail(failure);
        }
    }

    /** Refused for what the budget said, since its patience ends before that. */
    void refuse(Forecast forecast, Limit limit, long now) {
        refuse(Refusal.of(forecast, call.deadline(), limit), now);
    }

    void refuse(Refusal refusal, long now) {
        call.atHome(() -> fail(new RefusedException(refusal), now));
    }

    private void waited(long now) {
        call.waited(now - since);
        Obstacle.of(cause).ifPresent(call::metObstacle);
    }
}
