package io.ghlgateway.telemetry;

import io.ghlgateway.admin.Activity.Count;
import io.ghlgateway.admin.Activity.Spender;
import io.ghlgateway.limits.BudgetKey;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Sends by quota and caller. Any thread. */
final class RecentSpenders {

    /** Pairs of a quota and a caller; of further ones nothing is known. */
    static final int MOST = 20_000;

    private record Spent(BudgetKey key, Count sends) {}

    private static final Comparator<Spent> LESS = Comparator.comparingLong(
                    (Spent spent) -> spent.sends().minute())
            .thenComparingLong(spent -> spent.sends().day());

    /** By quota and caller; who comes and who goes is settled under the quota's lock, or the pairs would be miscounted. */
    private final Map<BudgetKey, Map<String, RollingCount>> sends = new ConcurrentHashMap<>();

    private final AtomicInteger pairs = new AtomicInteger();

    void sent(BudgetKey key, String caller) {
        var callers = sends.get(key);
        var count = callers == null ? null : callers.get(caller);
        if (count != null) {
            count.add();
        } else if (pairs.get() < MOST) {
            sends.compute(key, (same, known) -> with(caller, known));
        }
    }

    private Map<String, RollingCount> with(String caller, @Nullable Map<String, RollingCount> known) {
        var callers = known == null ? new ConcurrentHashMap<String, RollingCount>(2) : known;
        callers.computeIfAbsent(caller, first -> {
                    pairs.incrementAndGet();
                    return new RollingCount();
                })
                .add();
        return callers;
    }

    void tick(long number) {
        sends.values().forEach(callers -> callers.values().forEach(count -> count.tick(number)));
        if (number % RollingCount.HOUR == 0) {
            forget(number);
        }
    }

    /** Those who have not sent for a day. What one sends at this very moment may be lost with it. */
    private void forget(long number) {
        for (var key : sends.keySet()) {
            sends.computeIfPresent(key, (same, callers) -> without(number, callers));
        }
    }

    private @Nullable Map<String, RollingCount> without(long number, Map<String, RollingCount> callers) {
        int before = callers.size();
        callers.values().removeIf(count -> count.read(number).day() == 0);
        pairs.addAndGet(callers.size() - before);
        return callers.isEmpty() ? null : callers;
    }

    List<Spender> of(BudgetKey key, long number) {
        return sends.getOrDefault(key, Map.of()).entrySet().stream()
                .map(caller -> new Spender(caller.getKey(), caller.getValue().read(number)))
                .toList();
    }

    /** Those of which most was sent in the last minute, and then in the last day. Goes through all. */
    List<BudgetKey> busiest(int most, long number) {
        var busiest = new PriorityQueue<Spent>(most + 1, LESS);
        sends.forEach((key, callers) -> {
            var sum = Count.NONE;
            for (var count : callers.values()) {
                sum = sum.and(count.read(number));
            }
            busiest.add(new Spent(key, sum));
            if (busiest.size() > most) {
                busiest.remove();
            }
        });
        return busiest.stream().sorted(LESS.reversed()).map(Spent::key).toList();
    }
}
