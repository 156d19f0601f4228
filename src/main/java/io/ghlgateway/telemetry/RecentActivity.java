package io.ghlgateway.telemetry;

import io.ghlgateway.admin.Activity;
import io.ghlgateway.dispatch.Refusal;
import io.ghlgateway.edge.EdgeEvents.Answer;
import io.ghlgateway.limits.BudgetKey;
import io.ghlgateway.limits.Cause;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What the console shows beside what the metrics do: who spent which quota, and whom was refused what. Of an event it takes
 * a look-up and an addition; the rest is done every {@link #EVERY_MILLIS} by {@link #tick}, and when somebody asks. Any thread.
 */
public final class RecentActivity implements Activity {

    /** Of {@link #tick}. */
    public static final long EVERY_MILLIS = 5_000;

    static final int MOST_TENANTS = 10_000;
    static final int MOST_DRY = 20;
    static final int MOST_BUSIEST = 40;
    static final int LATEST = 50;

    private static final Set<String> OURS =
            Stream.of(Refusal.Code.values()).map(Refusal.Code::wire).collect(Collectors.toUnmodifiableSet());

    /** As it was at a tick: going through all spenders is not for every second. */
    private record Busiest(long tick, List<BudgetKey> keys) {}

    private final InstantSource clock;
    private final Instant since;
    private final Map<String, RollingCount> answers = new ConcurrentHashMap<>();
    private final Map<Reason, RollingCount> refusals = new ConcurrentHashMap<>();
    private final Map<String, RollingCount> refusedTenants = new ConcurrentHashMap<>();
    private final RecentSpenders spenders = new RecentSpenders();
    private final RollingCount sends = new RollingCount();
    private final RollingCount upstream429 = new RollingCount();
    private final RecentWaits waits = new RecentWaits();
    private final Set<BudgetKey> dry = ConcurrentHashMap.newKeySet();
    private final AtomicReferenceArray<Refused> latest = new AtomicReferenceArray<>(LATEST);
    private final AtomicInteger next = new AtomicInteger();
    /** When the last ones were; of those that were before the start, the start. */
    private final AtomicReferenceArray<Instant> tickedAt = new AtomicReferenceArray<>(RollingCount.SLOTS);

    private volatile long ticks;
    private volatile Busiest busiest = new Busiest(-1, List.of());

    public RecentActivity(InstantSource clock) {
        this.clock = clock;
        this.since = clock.instant();
    }

    void answered(Answer answer) {
        count(answers, answer.outcome(), Integer.MAX_VALUE);
        if (RecentWaits.isOne(answer)) {
            waits.add(answer.waited());
        }
        if (OURS.contains(answer.outcome())) {
            refused(answer);
        }
    }

    private void refused(Answer answer) {
        var reason = new Reason(answer.outcome(), answer.cause());
        count(refusals, reason, Integer.MAX_VALUE);
        count(refusedTenants, answer.tenant(), MOST_TENANTS);
        latest.set(
                Math.floorMod(next.getAndIncrement(), LATEST),
                new Refused(
                        clock.instant(), reason, answer.status(), answer.caller(), answer.tenant(), answer.route()));
    }

    void sent(BudgetKey key, String caller) {
        sends.add();
        spenders.sent(key, caller);
    }

    void upstreamRefused() {
        upstream429.add();
    }

    void fellShort(BudgetKey key, Cause cause) {
        if ((cause == Cause.DAY || cause == Cause.HOLD) && dry.size() < MOST_DRY) {
            dry.add(key);
        }
    }

    private static <K> void count(Map<K, RollingCount> counts, K key, int most) {
        var known = counts.get(key);
        if (known != null) {
            known.add();
        } else if (counts.size() < most) {
            counts.computeIfAbsent(key, first -> new RollingCount()).add();
        }
    }

    /** Every {@link #EVERY_MILLIS}; not by an event loop, for it may go through thousands. */
    public synchronized Void tick() {
        long number = ticks + 1;
        Stream.of(answers, refusals).forEach(counts -> counts.values().forEach(count -> count.tick(number)));
        spenders.tick(number);
        refusedTenants.values().forEach(count -> count.tick(number));
        Stream.of(sends, upstream429).forEach(count -> count.tick(number));
        waits.tick(number);
        tickedAt.set(slot(number), clock.instant());
        ticks = number;
        // What is added to one that goes just now is lost: nobody has been refused there for a minute.
        refusedTenants.values().removeIf(count -> count.read(number).minute() == 0);
        return null;
    }

    private int slot(long number) {
        return (int) (number % tickedAt.length());
    }

    @Override
    public Instant since() {
        return since;
    }

    @Override
    public Duration minute() {
        var begun = tickedAt.get(slot(ticks + 2));
        return Duration.between(begun == null ? since : begun, clock.instant());
    }

    @Override
    public Map<String, Count> answers() {
        return read(answers);
    }

    @Override
    public Count sends() {
        return sends.read(ticks);
    }

    @Override
    public Count upstream429() {
        return upstream429.read(ticks);
    }

    @Override
    public Waits waits() {
        return waits.read(ticks);
    }

    @Override
    public List<Spender> spenders(BudgetKey key) {
        return spenders.of(key, ticks);
    }

    @Override
    public List<BudgetKey> busiest() {
        long number = ticks;
        var known = busiest;
        if (known.tick() != number || known.keys().size() < MOST_BUSIEST) {
            known = new Busiest(number, spenders.busiest(MOST_BUSIEST, number));
            busiest = known;
        }
        return known.keys();
    }

    @Override
    public Collection<BudgetKey> dry() {
        return List.copyOf(dry);
    }

    @Override
    public void flows(BudgetKey key) {
        dry.remove(key);
    }

    @Override
    public Map<Reason, Count> refusals() {
        return read(refusals);
    }

    @Override
    public Map<String, Long> refusedTenants() {
        long number = ticks;
        var minute = new HashMap<String, Long>();
        refusedTenants.forEach(
                (tenant, count) -> minute.put(tenant, count.read(number).minute()));
        return minute;
    }

    @Override
    public List<Refused> latestRefused() {
        return IntStream.range(0, LATEST)
                .mapToObj(latest::get)
                .flatMap(refused -> Optional.ofNullable(refused).stream())
                .sorted(Comparator.comparing(Refused::at).reversed())
                .toList();
    }

    private <K> Map<K, Count> read(Map<K, RollingCount> counts) {
        long number = ticks;
        return counts.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, count -> count.getValue().read(number)));
    }
}
