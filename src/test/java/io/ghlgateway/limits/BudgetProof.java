package io.ghlgateway.limits;

import io.ghlgateway.limits.redis.SharedBudgets;
import io.ghlgateway.redis.RedisLink;
import io.ghlgateway.redis.TestRedis;
import io.ghlgateway.simulator.Allowance;
import io.ghlgateway.simulator.CountingUpstream;
import io.ghlgateway.simulator.WindowKind;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Not a test: holds budgets against every kind of upstream, and writes what came of it as a table. See
 * {@code loadtest/proof.sh}. Arguments: how many minutes each cell lasts, and words that a cell's name must have.
 */
final class BudgetProof {

    private static final Limit LIMIT = new Limit(100, Duration.ofSeconds(10), 10_000_000);
    private static final Duration DROPPED = Duration.ofSeconds(20);
    /** What an upstream that counts otherwise than it says must be learned in. */
    private static final Duration DROPPED_LEARNING = Duration.ofSeconds(60);

    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    /** @param also beside it, 20 in a second */
    private record Upstream(String name, WindowKind kind, boolean also) {
        CountingUpstream open(Random random) {
            return new CountingUpstream(
                    kind,
                    new Allowance(LIMIT.requests(), LIMIT.per()),
                    also ? Optional.of(new Allowance(20, Duration.ofSeconds(1))) : Optional.empty(),
                    Duration.ofMillis(random.nextInt(10_000)));
        }
    }

    private static final List<Upstream> UPSTREAMS = Stream.concat(
                    Stream.of(WindowKind.values()).map(kind -> new Upstream(kind.toString(), kind, false)),
                    Stream.of(new Upstream("sliding + 20/1s", WindowKind.SLIDING, true)))
            .toList();

    private record Cell(Upstream upstream, ProofDemand demand, int replicas, ProofJitter jitter, double foreign) {
        String name() {
            return upstream.name() + " | " + demand + " | " + replicas + " | " + jitter
                    + (foreign > 0 ? " | foreign " + Math.round(foreign * 100) + " %" : " | sole");
        }

        /** Whether the upstream counts as it says. */
        boolean isExact() {
            return upstream.kind() != WindowKind.COUNTER && !upstream.also();
        }

        /** In percent of what was sent. */
        private double mostRefused() {
            if (foreign > 0) {
                return foreign * 10;
            }
            return !isExact() ? 0.5 : jitter == ProofJitter.TAIL ? 0.1 : 0;
        }

        List<String> misses(ProofRun.Result ours, ProofRun.Result ideal) {
            var misses = new ArrayList<String>();
            if (ours.refusedShare() * 100 > mostRefused()) {
                misses.add("refused %.3f %%, at most %.1f %%".formatted(ours.refusedShare() * 100, mostRefused()));
            }
            boolean sole = foreign == 0 && isExact();
            if (sole && demand == ProofDemand.SATURATING && ours.used() < 0.96) {
                misses.add("used %.2f %%, at least 96 %%".formatted(ours.used() * 100));
            }
            if (sole && demand == ProofDemand.POISSON_90 && ours.meanWait() > ideal.meanWait() + 0.3) {
                misses.add("wait %.2f s, the ideal log %.2f s".formatted(ours.meanWait(), ideal.meanWait()));
            }
            return misses;
        }
    }

    private final List<String> missed = new ArrayList<>();
    private int met;

    private BudgetProof() {}

    public static void main(String[] args) throws IOException {
        var length = Duration.ofMinutes(Long.parseLong(args[0]));
        var words = List.of(args).subList(1, args.length);
        var proof = new BudgetProof();
        try (var redis = TestRedis.started()) {
            proof.print(length, redis, words);
            new ReserveProof(redis, length, proof::judge).print(words);
        }
        System.out.printf("%n%d cells met their bars, %d missed%n", proof.met, proof.missed.size());
        proof.missed.forEach(each -> System.out.println("- " + each));
        System.exit(proof.missed.isEmpty() && proof.met > 0 ? 0 : 1);
    }

    private void print(Duration length, TestRedis redis, List<String> words) {
        System.out.println(
                "| upstream | demand | replicas | one-way jitter | spenders | refused | of | share | quota used"
                        + " | mean wait | bars | naive: refused | used | wait | ideal log: refused | used | wait |");
        System.out.println("|---".repeat(17) + "|");
        int number = 0;
        for (var cell : cells()) {
            number++;
            if (words.stream().allMatch(("| " + cell.name() + " |")::contains)) {
                System.out.println(row(cell, length, redis, number));
            }
        }
    }

    private static List<Cell> cells() {
        var cells = new ArrayList<Cell>();
        for (var upstream : UPSTREAMS) {
            for (var demand : ProofDemand.values()) {
                for (int replicas : new int[] {1, 3}) {
                    for (var jitter : ProofJitter.values()) {
                        cells.add(new Cell(upstream, demand, replicas, jitter, 0));
                    }
                }
            }
        }
        for (double foreign : new double[] {0.1, 0.2}) {
            for (var upstream : UPSTREAMS) {
                for (int replicas : new int[] {1, 3}) {
                    cells.add(new Cell(upstream, ProofDemand.SATURATING, replicas, ProofJitter.LARGE, foreign));
                }
            }
        }
        return cells;
    }

    private String row(Cell cell, Duration length, TestRedis redis, int seed) {
        var ours = cell.replicas() == 1 ? inMemory(cell, length, seed) : inRedis(cell, length, redis, seed);
        var naive = run(cell, length, seed, time -> {
            var one = new Payer.NaiveBucket(time, LIMIT);
            return List.of(one);
        });
        var ideal = run(cell, length, seed, time -> List.of(new Payer.IdealLog(time, LIMIT)));
        var misses = cell.misses(ours, ideal);
        judge(cell.name(), misses);
        return String.format(
                "| %s | %d | %d | %.3f %% | %.2f %% | %.2f s | %s | %s | %s |",
                cell.name(),
                ours.refused(),
                ours.accepted() + ours.refused(),
                ours.refusedShare() * 100,
                ours.used() * 100,
                ours.meanWait(),
                misses.isEmpty() ? "met" : "missed",
                brief(naive),
                brief(ideal));
    }

    private void judge(String cell, List<String> misses) {
        if (misses.isEmpty()) {
            met++;
        } else {
            missed.add(cell + ": " + String.join(", ", misses));
        }
    }

    private static String brief(ProofRun.Result result) {
        return String.format(
                "%.3f %% | %.2f %% | %.2f s", result.refusedShare() * 100, result.used() * 100, result.meanWait());
    }

    private static ProofRun.Result inMemory(Cell cell, Duration length, int seed) {
        return run(
                cell,
                length,
                seed,
                time -> List.of(Payer.of(BucketBudgets.inMemory(
                                BudgetsContract.settings(LIMIT, true),
                                SpendJournal.none(),
                                time,
                                time,
                                LimitEvents.NONE)
                        .of(BudgetsContract.ACME))));
    }

    private static ProofRun.Result inRedis(Cell cell, Duration length, TestRedis redis, int seed) {
        var links = new ArrayList<RedisLink>();
        var result = run(cell, length, seed, time -> {
            var payers = new ArrayList<Payer>();
            for (int i = 0; i < cell.replicas(); i++) {
                var link = RedisLink.to(redis.uri(), Duration.ofSeconds(10), time);
                links.add(link);
                link.start();
                Await.result(link.seen());
                var budgets = SharedBudgets.on(link, "proof" + seed, BudgetsContract.settings(LIMIT, true), time);
                payers.add(Payer.of(budgets.of(BudgetsContract.ACME)));
            }
            return payers;
        });
        links.forEach(link -> Await.result(link.close()));
        return result;
    }

    private static ProofRun.Result run(Cell cell, Duration length, int seed, Function<FakeTime, List<Payer>> payers) {
        var random = new Random(seed);
        var time = new FakeTime(START.plusMillis(random.nextInt(20_000)));
        var upstream = cell.upstream().open(random);
        var arrivals = cell.demand().times(random, length);
        var others = cell.foreign() == 0
                ? new long[0]
                : ProofDemand.poisson(random, length, cell.foreign() * 10).toArray();
        var run = new ProofRun(time, LIMIT, upstream, cell.jitter(), random);
        payers.apply(time).forEach(run::replica);
        run.demand(arrivals);
        run.foreign(others);
        return run.until(!cell.isExact() ? DROPPED_LEARNING : DROPPED, length);
    }
}
