package io.ghlgateway.dispatch;

import io.ghlgateway.highlevel.Upstream.Exchange;
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
        /** At the door: its wait is being predicted. */
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

    /** The oldest first. */
    static final Comparator<Waiter> BY_TICKET = Comparator.comparingLong(waiter -> waiter.ticket);

    final Call call;
    /** Its place in the order of arrival; of two the lower goes first, however often they were sent back. */
    long ticket;

    State state = State.ARRIVING;

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

    /** Has {@code expire} called at the deadline, unless it will be; who does not wait has no deadline to watch. */
    void watch(long now, Alarm alarm, Consumer<Waiter> expire) {
        if (!watched && !call.deadline().isImpatient()) {
            watched = true;
            unwatch = alarm.set(call.deadline().left(now), () -> expire.accept(this));
        }
    }

    void unwatch() {
        watched = false;
        unwatch.run();
    }

    /** At home. */
    void grant(Permit paid, long now) {
        call.waited(now - since);
        permit.complete(paid);
    }

    /** At home. */
    void fail(Throwable cause, long now) {
        if (!permit.future().isComplete()) {
            call.waited(now - since);
            permit.tryFail(cause);
        }
    }

    void refuse(Refusal refusal, long now) {
        call.atHome(() -> fail(new RefusedException(refusal), now));
    }
}
