package io.ghlgateway.dispatch;

import io.ghlgateway.highlevel.Upstream.Exchange;
import io.ghlgateway.limits.Cause;
import io.ghlgateway.limits.Forecast;
import io.ghlgateway.limits.Limit;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Comparator;
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
    /** Where it stands while its caller has had its part, or its class; null for who may have all. */
    final @Nullable Gate gate;

    private final long since;
    private final Supplier<Future<Exchange>> connect;
    private final Promise<Permit> permit = Promise.promise();

    /** Its place in the order of arrival, however often it was sent back. */
    long ticket;
    /** The class it stands in, the lower before the higher; see {@link Line}. */
    int rank;
    /** It has its turn though another in the line came earlier. */
    boolean overtook;

    /** The flow of its caller whose turn it used; null while it has had none. */
    Rank.@Nullable Flow charged;

    State state = State.NEW;
    /** What it was last found to wait for. */
    Cause cause = Cause.NONE;

    @Nullable
    Exchange exchange;

    /** What it has of its caller's quota, from being let through to being sent. */
    @Nullable
    Toll toll;

    /** It is counted among those who have their turn and no connection yet, and stays so when it is done before that ends. */
    boolean fetching;
    /** It has its turn, since {@link #turnAt}, and got no connection. */
    private boolean unconnected;

    private long turnAt;
    /** Ends the watch for its deadline; null while there is none. */
    private @Nullable Runnable unwatch;

    /**
     * @param since when it began to wait, on the monotonic clock
     * @param connect fetches a token and a connection; called on the call's home, perhaps more than once
     */
    Waiter(Call call, @Nullable Gate gate, long since, Supplier<Future<Exchange>> connect) {
        this.call = call;
        this.gate = gate;
        this.rank = 1 + call.urgency().level();
        this.since = since;
        this.connect = connect;
    }

    Future<Permit> permit() {
        return permit.future();
    }

    Future<Exchange> connect() {
        return connect.get();
    }

    /** Its turn has come. */
    void takesTurn(long now) {
        state = State.CONNECTING;
        fetching = true;
        unconnected = true;
        turnAt = now;
    }

    void connected(Exchange made) {
        unconnected = false;
        exchange = made;
    }

    /** Whether it has no connection though it had its turn, and spent more of its caller's wait on that than on all else. */
    boolean lackedConnection(long now) {
        return unconnected && now - turnAt > turnAt - call.deadline().began();
    }

    /** Lets go of its connection and its toll, if it holds any. Under the lock; what it returns gives them back, unlocked. */
    Runnable disconnect() {
        var held = exchange;
        var paid = toll;
        exchange = null;
        toll = null;
        return () -> {
            if (held != null) {
                call.atHome(held::abandon);
            }
            if (paid != null) {
                paid.giveBack();
            }
        };
    }

    /** Whether no gate is known to keep it from its turn. */
    boolean mayPass() {
        return gate == null || gate.isOpen();
    }

    /** Whether all are under way that its caller may have at once. */
    boolean callerIsAtMost() {
        return gate != null && gate.callerIsAtMost();
    }

    /** When it came, on the monotonic clock; or when its caller's quota gave again, if that was later. */
    long arrived() {
        long arrived = call.deadline().began();
        return gate == null ? arrived : gate.since(arrived);
    }

    boolean isOlderThan(Waiter other) {
        return ticket < other.ticket;
    }

    boolean isDone() {
        return state == State.DONE;
    }

    /** 1 where its lane's till still counts it among those that fetch a connection, else 0. */
    int inTurn() {
        return fetching ? 1 : 0;
    }

    /** 1 where its lane's line counts it among those of its rank, else 0. */
    int inLine() {
        return state == State.ARRIVING || state == State.QUEUED ? 1 : 0;
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

    /** Has the lane told at the deadline, unless it will be, or the wait is over; who does not wait has no deadline to watch. */
    void watch(Lane lane) {
        boolean waits = state == State.QUEUED || state == State.CONNECTING;
        if (waits && unwatch == null && !call.deadline().isImpatient()) {
            var setting = lane.setting;
            unwatch = setting.alarm().set(call.deadline().left(setting.now()), () -> lane.expire(this));
        }
    }

    void unwatch() {
        var cancel = unwatch;
        unwatch = null;
        if (cancel != null) {
            cancel.run();
        }
    }

    /** At home. */
    void grant(Permit paid, long now) {
        waited(now);
        if (toll != null) {
            call.takesPlace(toll.load());
            toll = null;
        }
        permit.complete(paid);
    }

    /** At home. */
    void fail(Throwable failure, long now) {
        if (!permit.future().isComplete()) {
            waited(now);
            permit.tryFail(failure);
        }
    }

    /** What refuses it for what the budget said, since its patience ends before that. */
    Refusal refusal(Forecast forecast, Limit limit) {
        return callerIsAtMost() && forecast.isNow() ? Refusal.busy(call) : Refusal.of(forecast, call.deadline(), limit);
    }

    void refuse(Refusal refusal, long now) {
        call.atHome(() -> fail(new RefusedException(refusal), now));
    }

    private void waited(long now) {
        call.waited(now - since);
        Obstacle.of(cause).ifPresent(call::metObstacle);
    }
}
