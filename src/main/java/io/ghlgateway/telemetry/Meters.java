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
import io.micrometer.core.instrument.Gauge;
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
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * All metrics: names and labels stand here and nowhere else. Labels are bounded by construction: an outcome is one of a
 * closed list, a route one of the catalogue's templates, a caller one of the configured; beyond {@link RequestMeters#MOST_SERIES} of
 * their combinations, and beyond {@link #MOST_BUDGETS} budgets, the rest is counted under {@code other}.
 *
 * <p>Any thread. Meters are looked up once and kept, for a request must not pay for building tags.
 */
public final class Meters implements EdgeEvents, DispatchEvents, LimitEvents, AutoCloseable {

    private static final int MOST_BUDGETS = 200;
    private static final String OTHER = "other";
    static final String PREFIX = "ghl_gateway_";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final WebhookMeters webhooks = new WebhookMeters(registry);
    private final RecentActivity recent = new RecentActivity(InstantSource.system());
    private final BudgetNames names;
    private final JvmGcMetrics gc = new JvmGcMetrics();

    private final RequestMeters requests = new RequestMeters(PREFIX, registry);
    private final Map<BudgetKey, Counter> spent = new ConcurrentHashMap<>();
    private final Map<Cause, Counter> refused = new EnumMap<>(Cause.class);
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
    private final RedisMeters redisTrouble;
    private final Counter egressRefused;
    private final Counter foreign;
    private final Counter routeCreditLost;
    private final Counter defects;
    private volatile boolean degraded;
    private volatile @Nullable Budgets watched;

    /** @param hashIds whether locations and companies are named by a hash of their ids */
    public Meters(boolean hashIds) {
        names = new BudgetNames(hashIds);
        wait = timer(
                "wait", "Time a request waited before it was sent", 1, 10, 100, 1_000, 5_000, 10_000, 25_000, 60_000);
        upstream = timer("upstream", "Time to a reply's head", 5, 25, 50, 100, 250, 500, 1_000, 5_000, 30_000);
        paidToWrite = timer("paid_to_write", "Time from payment to the first byte written", 1, 2, 5, 10, 25, 50);
        redis = timer("redis", "Time Redis took for a budget operation", 1, 2, 5, 10, 25, 50, 100);
        loopLate = timer("event_loop_late", "By how much an event loop came late to what was due", 5, 10, 50, 100, 500);
        loopBusy = timer("event_loop_busy", "Of that, for how long it was at work itself", 5, 10, 50, 100, 500);
        attempts = counter("attempts", "Sends to the upstream, retries included");
        upstream429 = counter("upstream_429", "Sends that the upstream refused though the budget had paid for them");
        permitsLost = counter("permits_lost", "Permits that were paid for and could not be used in time");
        circuitOpened = counter(
                "upstream_circuit_opened",
                "Times that HighLevel could not be reached so often in a row that few attempts were made");
        redisTrouble = new RedisMeters(PREFIX, registry);
        egressRefused = counter(
                "egress_refused", "Sends that HighLevel's edge refused since it bars our address (Cloudflare 1015)");
        foreign = counter("budget_foreign", "Requests of the quota that somebody else was seen to spend");
        routeCreditLost = counter(
                "route_credit_lost",
                "Sends paid for at an endpoint's limit, or a caller's, that the key's quota did not pay for in time");
        defects = counter("defects", "Requests answered with 500 for a defect of the gateway");
        for (var cause : Cause.values()) {
            if (cause != Cause.NONE) {
                refused.put(
                        cause,
                        Counter.builder(PREFIX + "budget_refused")
                                .description("Spends that a budget granted in part or not at all")
                                .tag("cause", cause.wire())
                                .register(registry));
            }
        }
        Gauge.builder(PREFIX + "degraded", () -> degraded ? 1 : 0)
                .description("1 while the shared budgets cannot be used")
                .register(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        gc.bindTo(registry);
    }

    /** Has {@code queue_depth} and {@code budget_remaining} read where they are known. Once, at start. */
    public void watch(IntSupplier waiting, Budgets budgets, Iterable<BudgetKey> keys) {
        Gauge.builder(PREFIX + "queue_depth", waiting::getAsInt)
                .description("Requests that wait")
                .register(registry);
        watched = budgets;
        keys.forEach(key -> spent.computeIfAbsent(key, this::watch));
    }

    /** Has {@code egress_held_seconds} read where it is known. Once, at start. */
    public void watch(Egress egress) {
        Gauge.builder(PREFIX + "egress_held", () -> egress.held().toMillis() / 1_000.0)
                .baseUnit("seconds")
                .description("How much longer nothing is sent at all")
                .register(registry);
    }

    /** A key's series, from the start or from its first send: tenants come at run time too. */
    private Counter watch(BudgetKey key) {
        if (spent.size() >= MOST_BUDGETS) {
            return spentCounter(OTHER);
        }
        var budgets = watched;
        if (budgets != null) {
            new BudgetGauges(budgets, key, names.of(key)).register(registry);
        }
        return spentCounter(names.of(key));
    }

    /** Those of credentials and installations. */
    public CredentialMeters credentials() {
        return new CredentialMeters(registry);
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
        return new ConnectionMeters(door, PREFIX, registry);
    }

    /** What {@code /metrics} answers: Prometheus' text format. */
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public void answered(Answer answer) {
        requests.answered(answer);
        recent.answered(answer);
        if (answer.attempts() > 0 || !answer.waited().isZero()) {
            wait.record(answer.waited()); // not of those who were turned away at the door
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
        var counter = refused.get(cause);
        if (counter != null) {
            counter.increment();
        }
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
        redisTrouble.failed(failure);
    }

    @Override
    public void storeMayEvict(boolean may) {
        redisTrouble.mayEvict(may);
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
        return Counter.builder(PREFIX + "budget_spent")
                .description("Sends that were paid for")
                .tag("budget", budget)
                .register(registry);
    }

    private Counter counter(String name, String description) {
        return Counter.builder(PREFIX + name).description(description).register(registry);
    }

    private Timer timer(String name, String description, long... bucketMillis) {
        var buckets = new Duration[bucketMillis.length];
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] = Duration.ofMillis(bucketMillis[i]);
        }
        return Timer.builder(PREFIX + name)
                .description(description)
                .serviceLevelObjectives(buckets)
                .register(registry);
    }
}
