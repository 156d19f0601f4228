package io.ghlgateway.dispatch;

import io.ghlgateway.highlevel.Route;
import io.ghlgateway.highlevel.UpstreamRequest;
import io.ghlgateway.limits.Budget;
import io.ghlgateway.limits.BudgetKey;
import io.ghlgateway.limits.Budgets;
import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.Tenant;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One caller's request while it is ours: what is asked, for whom, until when, and what became of it so far.
 *
 * <p>Its numbers are written on {@code home} alone; whether the caller is still there may be asked by any thread.
 */
public final class Call {

    private final Caller caller;
    private final Tenant tenant;
    private final Route route;
    private final UpstreamRequest request;
    private final Deadline deadline;
    private final Urgency urgency;
    private final Executor home;
    private final BudgetKey budgetKey;

    private @Nullable Budget budget;
    private volatile boolean gone;
    private Runnable whenGone = () -> {};
    private @Nullable CallerLoad load;
    private CallTrace trace = CallTrace.NONE;
    private Supplier<Optional<Refusal>> withdrawal = Optional::empty;
    private int attempts;
    private long waitedNanos;
    private long upstreamNanos;
    private Optional<Obstacle> obstacle = Optional.empty();

    /**
     * @param home the event loop that the caller's connection lives on; all futures come back to it. Runs an action at
     *     once when it is already there, and lets nothing that the action throws come back
     */
    public Call(
            Caller caller,
            Tenant tenant,
            Route route,
            UpstreamRequest request,
            Deadline deadline,
            Urgency urgency,
            Executor home) {
        this.caller = caller;
        this.tenant = tenant;
        this.route = route;
        this.request = request;
        this.deadline = deadline;
        this.urgency = urgency;
        this.home = home;
        this.budgetKey = BudgetKey.of(tenant);
    }

    public Caller caller() {
        return caller;
    }

    public Tenant tenant() {
        return tenant;
    }

    public Route route() {
        return route;
    }

    public UpstreamRequest request() {
        return request;
    }

    public Deadline deadline() {
        return deadline;
    }

    public Urgency urgency() {
        return urgency;
    }

    public BudgetKey budgetKey() {
        return budgetKey;
    }

    /** Has it followed from now on. On {@code home}. */
    public void followedBy(CallTrace follower) {
        trace = follower;
        follower.began(this);
    }

    /** Has it go on only while this is empty: asked before it is given a token, each time, and to answer at once. */
    public void unless(Supplier<Optional<Refusal>> withdrawn) {
        withdrawal = withdrawn;
    }

    /** Why it must not be sent any more, though it was admitted; empty while it may. */
    Optional<Refusal> withdrawn() {
        return withdrawal.get();
    }

    CallTrace trace() {
        return trace;
    }

    /** What it must be paid from; looked up once. */
    Budget budget(Budgets budgets) {
        var known = budget;
        if (known == null) {
            known = budgets.of(budgetKey, request.uri());
            budget = known;
        }
        return known;
    }

    /** Runs {@code action} on the caller's event loop: at once if this is it. */
    void atHome(Runnable action) {
        home.execute(action);
    }

    /** The same result, on the caller's event loop: at once if it is there already. */
    <T> Future<T> atHome(Future<T> result) {
        if (result.isComplete()) {
            return result;
        }
        Promise<T> promise = Promise.promise();
        result.onComplete(end -> atHome(() -> promise.handle(end)));
        return promise.future();
    }

    /** The caller hung up: leaves the queue, or cuts its upstream exchange, a write's only once it is answered. On {@code home}; a second call does nothing. */
    public void hangUp() {
        if (!gone) {
            gone = true;
            whenGone.run();
        }
    }

    public boolean isGone() {
        return gone;
    }

    /** What to let go of when the caller hangs up now; the latest stands. */
    void whenGone(Runnable release) {
        whenGone = release;
    }

    /** It is under way, and counts so for its caller until {@link #leavesPlace}. On {@code home}. */
    void takesPlace(CallerLoad load) {
        this.load = load;
    }

    /** It is not under way any more: answered to the end, broken off, or to go round again. On {@code home}. */
    public void leavesPlace() {
        var held = load;
        if (held != null) {
            load = null;
            held.release(1);
        }
    }

    void attempted() {
        attempts++;
    }

    void waited(long nanos) {
        waitedNanos += nanos;
    }

    void metObstacle(Obstacle met) {
        obstacle = Optional.of(met);
        trace.met(met);
    }

    void spentUpstream(long nanos) {
        upstreamNanos += nanos;
    }

    /** How often it was sent. */
    public int attempts() {
        return attempts;
    }

    /** Time spent before sends: queue, token, connection and pauses between attempts. */
    public long waitedNanos() {
        return waitedNanos;
    }

    /** What it last had to wait for, beside its own token and connection. */
    public Optional<Obstacle> obstacle() {
        return obstacle;
    }

    /** Time from each send to its reply's head, all attempts together. */
    public long upstreamNanos() {
        return upstreamNanos;
    }
}
