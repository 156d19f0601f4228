package io.ghlgateway.limits.redis;

import static io.ghlgateway.limits.BudgetsContract.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.limits.Await;
import io.ghlgateway.limits.Budget;
import io.ghlgateway.limits.BudgetSettings;
import io.ghlgateway.limits.BudgetsContract;
import io.ghlgateway.limits.GrantLog;
import io.ghlgateway.limits.Limit;
import io.ghlgateway.limits.LimitEvents;
import io.ghlgateway.redis.RedisLink;
import io.ghlgateway.redis.TestRedis;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Reporter;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Three replicas on one Redis, whose own clocks begin anywhere and run apart; what they grant is counted by the true time,
 * which none of them knows.
 */
class ClockSkewTest {

    private static final Limit LIMIT = new Limit(20, Duration.ofSeconds(1), 1_000_000);
    private static final BudgetSettings SETTINGS = BudgetsContract.settings(LIMIT, false);
    /** The guard, less what two replicas may be wrong by about Redis's time and still grant. */
    private static final Duration STRETCH = LIMIT.per().plusMillis(160).minusMillis(2 * 10);

    private static final long LOOK_EVERY = Duration.ofSeconds(2).toNanos();
    private static final long RUN = Duration.ofSeconds(24).toNanos();

    private static TestRedis redis;
    private static RedisLink link;
    private static int runs;
    /** The most of all runs, in nanoseconds and in grants. */
    private static long apart;

    private static long set;
    private static int most;
    private static long granted;

    private final Random random = new Random();
    private GrantLog log = new GrantLog(STRETCH);
    private long now; // the true time
    private long redisAhead = Duration.ofDays(20_000).toNanos();

    @BeforeContainer
    static void start() throws IOException {
        redis = TestRedis.started();
        link = RedisOfClass.connected(RedisLink.to(redis.uri(), RedisOfClass.PATIENT, Ticker.systemTicker()));
    }

    @AfterContainer
    static void stop(Reporter reporter) throws IOException {
        reporter.publishValue(
                "measured",
                "clocks %d s apart, Redis's set by up to %d s: at most %d of %d in any stretch of the quota, %d granted in %d runs"
                        .formatted(apart / 1_000_000_000, set / 1_000_000_000, most, LIMIT.requests(), granted, runs));
        Await.result(link.close());
        redis.close();
    }

    @Property(tries = 3, shrinking = ShrinkingMode.OFF)
    void clocksThatDisagreeByMinutesAndDriftGiveNoStretchMoreThanTheQuotaAndCostNothing(@ForAll long seed) {
        random.setSeed(seed);

        run(0);

        assertThat(log.most()).isLessThanOrEqualTo(LIMIT.requests());
        assertThat(log.total()).as("saturated, nearly all of 24 seconds").isGreaterThan(18 * LIMIT.requests());
    }

    @Property(tries = 6, shrinking = ShrinkingMode.OFF)
    void noStepOfRedissOwnClockGivesAStretchMoreThanTheQuota(@ForAll long seed) {
        random.setSeed(seed);
        long seconds = random.nextBoolean() ? 90 : 1 + random.nextInt(8);

        run(Duration.ofSeconds(random.nextBoolean() ? seconds : -seconds).toNanos() + random.nextInt(1_000_000_000));

        assertThat(log.most()).isLessThanOrEqualTo(LIMIT.requests());
        assertThat(log.total()).as("it was spent before").isGreaterThanOrEqualTo(LIMIT.requests());
    }

    /** @param step by how much Redis's clock is set, somewhere in the first half */
    private void run(long step) {
        log = new GrantLog(STRETCH); // one instance makes all tries
        var prefix = "skew" + runs++;
        var replicas = List.of(new Replica(prefix), new Replica(prefix), new Replica(prefix));
        var origins = replicas.stream().mapToLong(each -> each.origin).summaryStatistics();
        apart = Math.max(apart, origins.getMax() - origins.getMin());
        set = Math.max(set, Math.abs(step));
        long stepAt = now + RUN / 6 + random.nextLong(RUN / 3);
        for (long end = now + RUN; now < end; now += random.nextInt(90_000_000)) {
            if (step != 0 && now > stepAt) {
                redisAhead += step;
                stepAt = Long.MAX_VALUE;
            }
            replicas.forEach(Replica::lookIfDue);
            log.add(now, replicas.get(random.nextInt(replicas.size())).spend(1 + random.nextInt(12)));
        }
        most = Math.max(most, log.most());
        granted += log.total();
    }

    /** One with a clock of its own. */
    private final class Replica {

        private final long origin = random.nextLong(-90_000_000_000L, 90_000_000_000L);
        private final double pace = 1 + (random.nextDouble() - 0.5) / 10_000; // 50 ppm, as quartz does
        private final RedisTrust standing;
        private final Budget budget;
        private long looksAt;

        Replica(String prefix) {
            var calls = new RedisCalls(link, this::read, LimitEvents.NONE);
            var clock = new RedisClock(this::read, this::redisTime);
            var wired =
                    RedisBudgets.wire(SETTINGS, link, calls, prefix, "r" + origin, clock, this::read, LimitEvents.NONE);
            standing = wired.trust();
            standing.up(); // and not started: it looks again when this test says so
            Await.result(standing.opened());
            looksAt = now + random.nextLong(LOOK_EVERY);
            budget = wired.budgets().of(ACME);
        }

        private long read() {
            return (long) (now * pace) + origin;
        }

        /** Seldom as long on the way there as on the way back. */
        private Future<List<byte[]>> redisTime() {
            now += random.nextInt(3_000_000);
            long redis = now + redisAhead;
            now += random.nextInt(3_000_000);
            return Future.succeededFuture(
                    List.of(bytes("" + redis / 1_000_000_000), bytes("" + redis % 1_000_000_000 / 1_000)));
        }

        void lookIfDue() {
            if (now >= looksAt) {
                looksAt = now + LOOK_EVERY;
                Await.result(standing.lookAgain());
            }
        }

        int spend(int wanted) {
            return Await.result(budget.trySpend(wanted)).granted();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
