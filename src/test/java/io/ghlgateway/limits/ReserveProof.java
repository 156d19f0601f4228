package io.ghlgateway.limits;

import io.ghlgateway.limits.redis.SharedBudgets;
import io.ghlgateway.redis.RedisLink;
import io.ghlgateway.redis.TestRedis;
import io.ghlgateway.simulator.Allowance;
import io.ghlgateway.simulator.CountingUpstream;
import io.ghlgateway.simulator.WindowKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.stream.LongStream;

/**
 * Part of {@link BudgetProof}: three replicas on one Redis, a thousand requests waiting that are not interactive, and a reserve
 * of 15 % that one interactive caller uses or nobody.
 */
final class ReserveProof {

    private static final Limit LIMIT = new Limit(100, Duration.ofSeconds(10), 10_000_000);
    /** In which the interactive caller makes room for itself. */
    private static final Duration DROPPED = Duration.ofSeconds(40);

    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final int WAITING = 1_000;
    private static final int REPLICAS = 3;
    private static final int SEEDS = 3;

    private final TestRedis redis;
    private final Duration length;
    private final BiConsumer<String, List<String>> judge;
    private int runs;

    /** @param judge told each cell's name and the bars it missed */
    ReserveProof(TestRedis redis, Duration length, BiConsumer<String, List<String>> judge) {
        this.redis = redis;
        this.length = length;
        this.judge = judge;
    }

    void print(List<String> words) {
        System.out.println(
                "\n| 3 replicas, 1,000 waiting | one-way jitter | refused | quota used | interactive: requests"
                        + " | p50 wait | p99 | longest | bars |");
        System.out.println("|---".repeat(9) + "|");
        for (var jitter : ProofJitter.values()) {
            for (int seed = 1; seed <= SEEDS; seed++) {
                cell("reserve 15 %, 1/s interactive", jitter, seed, words, Optional.of(15), 1);
                cell("reserve 15 %, nobody interactive", jitter, seed, words, Optional.of(15), 0);
                cell("no reserve, 1/s interactive", jitter, seed, words, Optional.empty(), 1);
            }
        }
    }

    /** @param perSecond of the interactive caller */
    private void cell(
            String what, ProofJitter jitter, int seed, List<String> words, Optional<Integer> reserve, int perSecond) {
        var name = what + " | " + jitter;
        if (!words.stream().allMatch(("| " + name + " |")::contains)) {
            return;
        }
        var random = new Random(seed);
        var time = new FakeTime(START.plusMillis(random.nextInt(20_000)));
        var upstream = new CountingUpstream(
                WindowKind.SLIDING, new Allowance(LIMIT.requests(), LIMIT.per()), Optional.empty(), Duration.ZERO);
        var run = new ProofRun(time, LIMIT, upstream, jitter, random);
        var links = new ArrayList<RedisLink>();
        var callers = new ArrayList<CallerAllowances>();
        var prefix = "reserve" + runs++;
        for (int i = 0; i < REPLICAS; i++) {
            var link = RedisLink.to(redis.uri(), Duration.ofSeconds(10), time);
            links.add(link);
            link.start();
            Await.result(link.seen());
            var budgets = SharedBudgets.on(link, prefix, BudgetsContract.settings(LIMIT, true), time);
            var budget = budgets.of(BudgetsContract.ACME);
            var parts = budgets.callers(reserve);
            callers.add(parts);
            run.replica(
                    Payer.of(budget),
                    reserve.isPresent()
                            ? Payer.leaving(budget, parts.of(BudgetsContract.ANYBODY, false, budget))
                            : Payer.of(budget));
        }
        run.demand(waiting(length));
        run.urgentDemand(
                LongStream.range(0, length.toSeconds() * perSecond)
                        .map(i -> i * 1_000_000_000 / perSecond + random.nextInt(1_000))
                        .toArray(),
                replica -> callers.get(replica).asked(BudgetsContract.ACME));

        var result = run.until(DROPPED, length);

        links.forEach(link -> Await.result(link.close()));
        System.out.println(row(name, reserve.isPresent(), run, result));
    }

    /** Those that wait at first, and as many a second as the quota gives. */
    private static long[] waiting(Duration length) {
        return LongStream.concat(
                        LongStream.generate(() -> 0).limit(WAITING),
                        LongStream.range(0, length.toSeconds() * 10).map(i -> i * 100_000_000))
                .toArray();
    }

    private String row(String name, boolean isReserved, ProofRun run, ProofRun.Result result) {
        var waits = run.urgentWaits().stream().sorted().toList();
        double p99 = waits.isEmpty() ? 0 : quantile(waits, 0.99);
        var misses = new ArrayList<String>();
        if (isReserved && p99 >= 1) {
            misses.add("interactive p99 %.2f s, below 1 s".formatted(p99));
        }
        if (isReserved && waits.isEmpty() && result.used() < 0.96) {
            misses.add("used %.2f %%, at least 96 %%".formatted(result.used() * 100));
        }
        judge.accept(name, misses);
        return String.format(
                "| %s | %d | %.2f %% | %d | %.3f s | %.3f s | %.3f s | %s |",
                name,
                result.refused(),
                result.used() * 100,
                waits.size(),
                waits.isEmpty() ? 0 : quantile(waits, 0.5),
                p99,
                waits.isEmpty() ? 0 : quantile(waits, 1),
                misses.isEmpty() ? "met" : "missed");
    }

    private static double quantile(List<Double> sorted, double part) {
        return sorted.get((int) Math.ceil(part * sorted.size()) - 1);
    }
}
