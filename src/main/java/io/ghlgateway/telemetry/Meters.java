package io.ghlgateway.telemetry;

import io.ghlgateway.dispatch.DispatchEvents;
import io.ghlgateway.edge.EdgeEvents;
import io.ghlgateway.http.ConnectionEvents;
import io.ghlgateway.limits.BudgetKey;
import io.ghlgateway.limits.Budgets;
import io.ghlgateway.limits.Cause;
import io.ghlgateway.limits.Egress;
import io.ghlgateway.limits.LimitEvents;
import io.ghlgateway.redis.RedisFailure;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * All metrics: their names and labels stand in this package and nowhere else. Labels are bounded by construction: an
 * outcome is one of a closed list, a route one of the catalogue's templates, a caller one of the configured; beyond {@link
 * RequestMeters#MOST_SERIES} of their combinations, and beyond {@link #MOST_BUDGETS} budgets, the rest is counted under
 * {@code other}.
 *
 * <p>Any thread. Meters are looked up once and kept, for a request must not pay for building tags.
 */
public final class Meters implements EdgeEvents, DispatchEvents, LimitEvents, AutoCloseable {

    private static final int MOST_BUDGETS = 200;
    private static final String OTHER = "other";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final MeterMaker meters = new MeterMaker(registry);
    private final WebhookMeters webhooks = new WebhookMeters(meters);
    private final RecentActivity recent = new RecentActivity(InstantSource.system());
    private final BudgetNames names;
    private final JvmGcMetrics gc = new JvmGcMetrics();

    private final RequestMeters requests = new RequestMeters(meters);
    private final Map<BudgetKey, Counter> spent = new ConcurrentHashMap<>();
    private final Consumer<Cause> refused;
    private final Timer wait;
    private final Timer upstream;
    private final Timer paidToWrite;
    private final Timer redis;
    private final Timer loopLate;
    private final Timer loopBusy;
    private final Counter attempts;
    private final Counter upstream429;
    private final Counter permitsLost;
    private final Counter circuitOpened;
    private final Consumer<RedisFailure> redisFailures;
    private final Counter egressRefused;
    private final Counter foreign;
    private final Counter routeCreditLost;
    private final Counter defects;
    private volatile boolean degraded;
    private volatile boolean redisMayEvict;
    private volatile @Nullable Budgets watched;

    /** @param hashIds whether locations and companies are named by a hash of their ids */
    public Meters(boolean hashIds) {
        names = new BudgetNames(hashIds);
        wait = meters.timer(
                "wait", "Time a request waited before it was sent", 1, 10, 100, 1_000, 5_000, 10_000, 25_000, 60_000);
        upstream = meters.timer("upstream", "Time to a reply's head", 5, 25, 50, 100, 250, 500, 1_000, 5_000, 30_000);
        paidToWrite = meters.timer("paid_to_write", "Time from payment to the first byte written", 1, 2, 5, 10, 25, 50);
        redis = meters.timer("redis", "Time Redis took for a budget operation", 1, 2, 5, 10, 25, 50, 100);
        loopLate = meters.timer(
                "event_loop_late", "By how much an event loop came late to what was due", 5, 10, 50, 100, 500);
        loopBusy = meters.timer("event_loop_busy", "Of that, for how long it was at work itself", 5, 10, 50, 100, 500);
        attempts = meters.counter("attempts", "Sends to the upstream, retries included");
        upstream429 =
                meters.counter("upstream_429", "Sends that the upstream refused though the budget had paid for them");
        permitsLost = meters.counter("permits_lost", "Permits that were paid for and could not be used in time");
        circuitOpened = meters.counter(
                "upstream_circuit_opened",
                "Times that HighLevel could not be reached so often in a row that few attempts were made");
        redisFailures = meters.counters(
                "redis_failures",
                "Commands to Redis for budgets, and attempts to connect to it, that failed",
                EnumSet.allOf(RedisFailure.class),
                RedisFailure::wire);
        meters.gauge(
                "redis_may_evict",
                "1 where Redis forgets what was spent when its memory is short",
                () -> redisMayEvict ? 1 : 0);
        egressRefused = meters.counter(
                "egress_refused", "Sends that HighLevel's edge refused since it bars our address (Cloudflare 1015)");
        foreign = meters.counter("budget_foreign", "Requests of the quota that somebody else was seen to spend");
        routeCreditLost = meters.counter(
                "route_credit_lost",
                "Sends paid for at an endpoint's limit, or a caller's, that the key's quota did not pay for in time");
        defects = meters.counter("defects", "Requests answered with 500 for a defect of the gateway");
        refused = meters.counters(
                "budget_refused",
                "Spends that a budget granted in part or not at all",
                EnumSet.complementOf(EnumSet.of(Cause.NONE)),
                Cause::wire);
        meters.gauge("degraded", "1 while the shared budgets cannot be used", () -> degraded ? 1 : 0);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        gc.bindTo(registry);
    }

    /** Has {@code queue_depth} and {@code budget_remaining} read where they are known. Once, at start. */
    public void watch(IntSupplier waiting, Budgets budgets, Iterable<BudgetKey> keys) {
        meters.gauge("queue_depth", "Requests that wait", waiting::getAsInt);
        watched = budgets;
        keys.forEach(key -> spent.computeIfAbsent(key, this::watch));
    }

    /** Has {@code egress_held_seconds} read where it is known. Once, at start. */
    public void watch(Egress egress) {
        meters.gauge(
                "egress_held_seconds",
                "How much longer nothing is sent at all",
                () -> egress.held().toMillis() / 1_000.0);
    }

    /** A key's series, from the start or from its first send: tenants come at run time too. */
    private Counter watch(BudgetKey key) {
        if (spent.size() >= MOST_BUDGETS) {
            return spentCounter(OTHER);
        }
        var budgets = watched;
        if (budgets != null) {
            new BudgetGauges(budgets, key, names.of(key)).register(meters);
        }
        return spentCounter(names.of(key));
    }

    /** Those of credentials and installations. */
    public CredentialMeters credentials() {
        return new CredentialMeters(meters);
    }

    /** Those of webhooks. */
    public WebhookMeters webhooks() {
        return webhooks;
    }

    /** What the console shows beside. */
    public RecentActivity recent() {
        return recent;
    }

    /** Those of one door's connections. */
    public ConnectionEvents connections(String door) {
        return new ConnectionMeters(door, meters);
    }

    /** What {@code /metrics} answers: Prometheus' text format. */
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public void answered(Answer answer) {
        requests.answered(answer);
        recent.answered(answer);
        if (RecentWaits.isOne(answer)) {
            wait.record(answer.waited());
        }
    }

    @Override
    public void defect(String requestId, Throwable cause) {
        defects.increment();
    }

    /** An event loop came so late to what was due. */
    public void loopLate(Duration late, Duration busy) {
        loopLate.record(late);
        loopBusy.record(busy);
    }

    @Override
    public void sent(BudgetKey key, String caller, Duration sincePaid) {
        attempts.increment();
        recent.sent(key, caller);
        paidToWrite.record(sincePaid);
    }

    @Override
    public void cameBack(BudgetKey key, Duration took) {
        upstream.record(took);
    }

    @Override
    public void upstream429(BudgetKey key) {
        upstream429.increment();
        recent.upstreamRefused();
    }

    @Override
    public void permitLost(BudgetKey key) {
        permitsLost.increment();
    }

    /** See {@link io.ghlgateway.highlevel.Circuit}. */
    public void circuitOpened() {
        circuitOpened.increment();
    }

    @Override
    public void spent(BudgetKey key, int sends) {
        var counter = spent.get(key);
        (counter == null ? spent.computeIfAbsent(key, this::watch) : counter).increment(sends);
    }

    @Override
    public void fellShort(BudgetKey key, Cause cause) {
        recent.fellShort(key, cause);
        refused.accept(cause);
    }

    @Override
    public void foreign(BudgetKey key, long sends) {
        foreign.increment(sends);
    }

    @Override
    public void egressRefused() {
        egressRefused.increment();
    }

    @Override
    public void routeCreditLost(int sends) {
        routeCreditLost.increment(sends);
    }

    @Override
    public void storeAsked(Duration latency, boolean ok) {
        redis.record(latency);
    }

    @Override
    public void storeFailed(RedisFailure failure) {
        redisFailures.accept(failure);
    }

    @Override
    public void storeMayEvict(boolean may) {
        redisMayEvict = may;
    }

    @Override
    public void degraded(boolean now) {
        degraded = now;
    }

    @Override
    public void close() {
        gc.close();
        registry.close();
    }

    private Counter spentCounter(String budget) {
        return meters.counter("budget_spent", "Sends that were paid for", "budget", budget);
    }
}
