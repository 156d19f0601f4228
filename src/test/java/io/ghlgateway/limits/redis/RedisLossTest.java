package io.ghlgateway.limits.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.limits.Await;
import io.ghlgateway.limits.BucketBudgets;
import io.ghlgateway.limits.BudgetSettings;
import io.ghlgateway.limits.Budgets;
import io.ghlgateway.limits.BudgetsContract;
import io.ghlgateway.limits.Cause;
import io.ghlgateway.limits.FakeTime;
import io.ghlgateway.limits.LimitEvents;
import io.ghlgateway.redis.RedisFailure;
import io.ghlgateway.redis.RedisLink;
import io.ghlgateway.redis.TestRedis;
import io.lettuce.core.KillArgs;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** What becomes of shared budgets when Redis is absent, goes, forgets or stalls. */
class RedisLossTest {

    private static final Duration PATIENT = Duration.ofSeconds(10);
    private static final Duration HASTY = Duration.ofMillis(100);
    private static final Duration PERIOD = BudgetsContract.PERIOD;
    private static final Duration SETTLED = Duration.ofMillis(500);
    /** For so long it is waited for those who need not have noticed. */
    private static final Duration SEEN = Duration.ofMillis(2_500);
    /** For so long what is sent counts. */
    private static final Duration COUNTS = Duration.ofMillis(10_160);

    private static final BudgetSettings SETTINGS = BudgetsContract.settings(BudgetsContract.LIMIT, true);

    private final FakeTime time = new FakeTime(Instant.ofEpochMilli(PERIOD.toMillis() * 170_000_000L));
    private final List<RedisLink> links = new ArrayList<>();
    private final TestRedis redis;

    RedisLossTest() throws IOException {
        redis = TestRedis.notStarted();
    }

    @AfterEach
    void stop() throws IOException {
        links.forEach(link -> Await.result(link.close()));
        redis.close();
    }

    @Test
    void givesNothingUntilRedisAppearsAndThenServes() throws IOException {
        var link = link(PATIENT);
        var budgets = SharedBudgets.notYet(link, "p", SETTINGS, time, LimitEvents.NONE);

        assertThat(Await.result(budgets.of(BudgetsContract.ACME).trySpend(1)).cause())
                .isEqualTo(Cause.DEGRADED);
        assertThat(link.seen().isComplete()).isFalse();

        redis.start();
        Await.result(link.seen());
        SharedBudgets.untilOpen(budgets);
        assertThat(spend(budgets, 100)).isEqualTo(100);
    }

    @Test
    void goesOnWithItsShareOnePeriodAfterTheLastSharedGrant() throws IOException {
        redis.start();
        var one = replica();
        var other = replica();
        Await.until(() -> one.replicas() == 2 && other.replicas() == 2);
        assertThat(spend(one, 100)).isEqualTo(100);

        redis.stop();
        Await.until(() -> one.isAlone() && other.isAlone());

        time.advance(PERIOD);
        assertThat(spend(one, 100) + spend(other, 100)).isZero();
        time.advance(PATIENT);
        assertThat(spend(one, 100)).isEqualTo(40);
        assertThat(spend(other, 100)).isEqualTo(40);
        assertThat(spend(one, 100)).isZero();
    }

    @Test
    void givesNothingForAPeriodWhenRedisComesBackEmpty() throws IOException {
        redis.start();
        var one = replica();
        var other = replica();
        assertThat(spend(one, 100)).isEqualTo(100);

        redis.stop();
        Await.until(() -> one.isAlone() && other.isAlone());
        redis.start();
        Await.until(() -> !one.isAlone() && !other.isAlone());

        untilAllToldWhatTheySent(2);
        time.advance(COUNTS);
        assertThat(spend(one, 100) + spend(other, 100)).isZero();
        time.advance(PERIOD.minus(COUNTS));
        untilFree(100, one, other);
        assertThat(spend(one, 60) + spend(other, 60)).isEqualTo(100);
    }

    @Test
    void aShortLossClosesNothingAndForgetsNothing() throws IOException {
        redis.start();
        var told = new CopyOnWriteArrayList<Boolean>();
        var one = SharedBudgets.notYet(link(PATIENT), "p", SETTINGS, time, telling(told));
        SharedBudgets.untilOpen(one);
        assertThat(spend(one, 30)).isEqualTo(30);

        var control = control();
        Await.result(Future.fromCompletionStage(control.clientKill(KillArgs.Builder.typeNormal())));
        Await.until(() -> told.equals(List.of(true, false)));

        assertThat(spend(one, 100)).isEqualTo(70);
    }

    @Test
    void whatWasGrantedLocallyCountsWhenGrantsAreSharedAgain() throws Exception {
        redis.start();
        var one = SharedBudgets.on(link(HASTY), "p", SETTINGS, time);
        var pid = redis.pid(control());
        signal("STOP", pid);
        try {
            Await.until(() -> {
                time.advance(Duration.ofMillis(20)); // one command after the other, for all who measure
                return spend(one, 1) == 0 && one.isAlone();
            });
            time.advance(PERIOD.plus(HASTY));
            assertThat(spend(one, 100)).isEqualTo(80);
        } finally {
            signal("CONT", pid);
        }
        Await.until(() -> !one.isAlone());

        untilAllToldWhatTheySent(1);
        time.advance(SETTLED);
        untilFree(20, one);
        assertThat(spend(one, 100)).isEqualTo(20);
        time.advance(PERIOD);
        assertThat(spend(one, 100)).isEqualTo(100);
    }

    @Test
    void noBucketIsMadeFullInARedisThatWasEmptiedUnderAnOpenConnection() throws IOException {
        redis.start();
        var one = replica();
        var other = replica();
        assertThat(spend(one, 100)).isEqualTo(100);

        Await.result(
                Future.fromCompletionStage(links.get(0).commands().orElseThrow().flushall()));

        assertThat(spend(one, 100) + spend(other, 100)).isZero();
        time.advance(PERIOD);
        assertThat(spend(one, 60) + spend(other, 60)).isEqualTo(100);
    }

    @Test
    void whatIsLeftOfAQuotaIsFreeAtOnceWhenAllHaveToldARestartedRedisWhatTheySent() throws IOException {
        redis.start();
        var one = replica();
        var other = replica();
        Await.until(() -> one.replicas() == 2 && other.replicas() == 2);
        assertThat(spend(one, 20) + spend(other, 10)).isEqualTo(30);

        restart(one, other);
        untilAllToldWhatTheySent(2);
        assertThat(spend(one, 1) + spend(other, 1))
                .as("there may be others yet")
                .isZero();
        time.advance(SETTLED);
        untilFree(70, one, other);

        assertThat(spend(one, 50) + spend(other, 50)).isEqualTo(70);
        time.advance(COUNTS);
        assertThat(spend(one, 100)).as("those of before the loss are history").isEqualTo(30);
        time.advance(Duration.ofMillis(1));
        assertThat(spend(one, 100)).isEqualTo(70);
    }

    @Test
    void nothingIsFreeBeforeItsTimeWhileOneThatWasThereHasNotComeBack() throws IOException {
        redis.start();
        var gone = link(PATIENT);
        var other = SharedBudgets.on(gone, "p", SETTINGS, time);
        var one = replica();
        Await.until(() -> one.replicas() == 2);
        assertThat(spend(one, 20) + spend(other, 80)).isEqualTo(100);
        Await.result(gone.close());

        restart(one);
        untilAllToldWhatTheySent(1);
        time.advance(COUNTS);
        assertThat(spend(one, 1)).isZero();
        assertThat(closedFor(one)).isEqualTo(PERIOD.minus(COUNTS));
        time.advance(PERIOD.minus(COUNTS));
        untilFree(100, one);
        assertThat(spend(one, 100)).isEqualTo(100);
    }

    @Test
    void aReplicaThatKnewNobodyOpensNothingBeforeItsTime() throws IOException {
        redis.start();
        var gone = link(PATIENT);
        assertThat(spend(SharedBudgets.on(gone, "p", SETTINGS, time), 100)).isEqualTo(100);
        Await.result(gone.close());
        Await.result(Future.fromCompletionStage(control().flushall()));

        var young = SharedBudgets.notYet(link(PATIENT), "p", SETTINGS, time, LimitEvents.NONE);

        untilAllToldWhatTheySent(1);
        time.advance(COUNTS);
        assertThat(spend(young, 1)).isZero();
        time.advance(PERIOD.minus(COUNTS));
        assertThat(spend(young, 100)).isEqualTo(100);
    }

    @Test
    void aRedisThatWasEmptiedByTheWayIsToldAllByItsOnlyReplicaTooHoweverOften() throws IOException {
        redis.start();
        var one = replica();
        var control = control();
        int granted = spend(one, 60);
        for (int i = 0; i < 3; i++) {
            Await.result(Future.fromCompletionStage(control.flushall()));
            untilAllToldWhatTheySent(1);
            time.advance(SEEN);
            Await.until(() -> !isClosed(one));
            granted += spend(one, 10);
        }
        granted += spend(one, 100);

        assertThat(granted).isEqualTo(100);
    }

    @Test
    void whatOthersGrantedAloneIsWaitedForHoweverLongRedisWasAway() throws IOException {
        redis.start();
        var far = link(PATIENT);
        var other = SharedBudgets.on(far, "p", SETTINGS, time);
        var one = replica();
        Await.until(() -> one.replicas() == 2 && other.replicas() == 2);

        redis.stop();
        Await.until(() -> one.isAlone() && other.isAlone());
        time.advance(Duration.ofMinutes(5));
        assertThat(spend(one, 100)).isEqualTo(40);
        assertThat(spend(other, 100)).isEqualTo(40);
        Await.result(far.close()); // it does not come back
        redis.start();
        Await.until(() -> !one.isAlone());
        untilAllToldWhatTheySent(1);
        time.advance(SETTLED.multipliedBy(5));

        assertThat(spend(one, 100)).isZero();
        assertThat(isClosed(one)).isTrue();
    }

    @Test
    void allOfManyPausesEndTogetherAlsoForLogsThatWereBegunInTheFirst() throws IOException {
        redis.start();
        var one = replica();
        var other = replica();
        Await.until(() -> one.replicas() == 2 && other.replicas() == 2);
        redis.stop();
        Await.until(() -> one.isAlone() && other.isAlone());
        time.advance(PERIOD.plus(PATIENT));
        assertThat(spend(one, 30) + spend(other, 30)).isEqualTo(60);

        redis.start(); // and each has the others wait for what it granted
        Await.until(() -> {
            time.advance(Duration.ofMillis(1));
            return !one.isAlone() && !other.isAlone();
        });
        untilAllToldWhatTheySent(2);
        Await.until(() -> {
            time.advance(Duration.ofMillis(1));
            return !isClosed(one) && !isClosed(other);
        });
        untilFree(40, one, other);

        assertThat(spend(one, 100) + spend(other, 100)).isEqualTo(40);
    }

    /** Nothing is kept back any more, for all said since that they are back. */
    private void untilFree(int expected, BucketBudgets... replicas) {
        Await.until(() -> {
            time.advance(Duration.ofMillis(1));
            return Stream.of(replicas)
                    .allMatch(each -> Await.result(each.of(BudgetsContract.ACME).forecast(1))
                                    .free()
                            == expected);
        });
    }

    private void restart(BucketBudgets... replicas) throws IOException {
        redis.stop();
        Await.until(() -> List.of(replicas).stream().allMatch(BucketBudgets::isAlone));
        redis.start();
        Await.until(() -> List.of(replicas).stream().noneMatch(BucketBudgets::isAlone));
    }

    @Test
    void aStalledRedisIsAnAnswerAndWhatItMayHaveSpentStaysSpent() throws IOException {
        redis.start();
        var healthy = replica();
        var hasty = SharedBudgets.on(link(HASTY), "p", SETTINGS, time);
        int granted = spend(hasty, 10);

        Await.result(Future.fromCompletionStage(control().clientPause(1_500)));
        var stalled = Await.result(hasty.of(BudgetsContract.ACME).trySpend(20));

        assertThat(stalled.granted()).isZero();
        assertThat(stalled.cause()).isEqualTo(Cause.DEGRADED);
        assertThat(granted + spend(healthy, 100)).isLessThanOrEqualTo(100);
    }

    @Test
    void aReplicaThatTakesARestartedRedisForAFirstStartIsCorrectedByThoseWhoKnowBetter() throws IOException {
        redis.start();
        var link = link(PATIENT);
        Await.result(link.seen());
        var key = "epoch".getBytes(StandardCharsets.US_ASCII);
        var calls = new RedisCalls(link, time, LimitEvents.NONE);
        var old = epoch(calls, key, "old");
        var young = epoch(calls, key, "young");
        Await.result(old.check("run-1"));
        assertThat(old.opensAtNanos()).isZero();

        Await.result(Future.fromCompletionStage(control().del(key)));
        Await.result(young.check("run-2"));
        Await.result(old.check("run-2"));
        Await.result(young.check("run-2"));

        assertThat(old.opensAtNanos()).isEqualTo(time.currentTimeNanos() + PERIOD.toNanos());
        assertThat(young.opensAtNanos()).isEqualTo(old.opensAtNanos());
    }

    @Test
    void soIsOneThatMetARedisWhichWasEmptiedAndDoesNotSaySo() throws IOException {
        redis.start();
        var link = link(PATIENT);
        Await.result(link.seen());
        var key = "epoch".getBytes(StandardCharsets.US_ASCII);
        var calls = new RedisCalls(link, time, LimitEvents.NONE);
        var old = epoch(calls, key, "old");
        var young = epoch(calls, key, "young");
        Await.result(old.check("run"));

        Await.result(Future.fromCompletionStage(control().del(key)));
        Await.result(young.check("run"));
        assertThat(young.opensAtNanos()).as("nobody told it better").isZero();
        Await.result(old.check("run"));
        Await.result(young.check("run"));

        assertThat(old.opensAtNanos()).isEqualTo(time.currentTimeNanos() + PERIOD.toNanos());
        assertThat(young.opensAtNanos()).isEqualTo(old.opensAtNanos());
        Await.result(old.check("run"));
        assertThat(old.opensAtNanos()).as("once").isEqualTo(time.currentTimeNanos() + PERIOD.toNanos());
    }

    @Test
    void aMarkFromBeforeMarksHadABirthIsKeptAndStaysReadableForThoseWhoMadeIt() throws IOException {
        redis.start();
        var link = link(PATIENT);
        Await.result(link.seen());
        var key = "epoch".getBytes(StandardCharsets.US_ASCII);
        var control = control();
        Await.result(Future.fromCompletionStage(control.set(key, "0 run".getBytes(StandardCharsets.US_ASCII))));
        var calls = new RedisCalls(link, time, LimitEvents.NONE);
        var old = epoch(calls, key, "old");

        Await.result(old.check("run"));
        assertThat(old.opensAtNanos()).as("no rest").isZero();
        Await.result(old.check("run-2"));
        assertThat(Await.result(Future.fromCompletionStage(control.get(key))))
                .asString()
                .matches("\\d+ run-2");

        Await.result(Future.fromCompletionStage(control.del(key)));
        Await.result(epoch(calls, key, "young").check("run-2"));
        time.advance(PERIOD);
        Await.result(old.check("run-2"));
        assertThat(old.opensAtNanos()).as("it was emptied").isEqualTo(time.currentTimeNanos() + PERIOD.toNanos());
    }

    @Test
    void aReplicaThatIsTheFirstToSeeAnEmptiedRedisTakesItForNoFirstStart() throws IOException {
        redis.start();
        var old = replica();
        assertThat(spend(old, 100)).isEqualTo(100);
        Await.result(Future.fromCompletionStage(control().flushall()));

        var young = SharedBudgets.notYet(link(PATIENT), "p", SETTINGS, time, LimitEvents.NONE);

        untilAllToldWhatTheySent(2);
        assertThat(isClosed(young)).isTrue();
        time.advance(COUNTS);
        assertThat(spend(young, 1) + spend(old, 1)).isZero();
        time.advance(PERIOD.minus(COUNTS));
        untilFree(100, young);
        assertThat(spend(young, 100)).isEqualTo(100);
    }

    @Test
    void saysSoWhereRedisMayForgetForWantOfMemoryUntilItNoLongerMay() throws IOException {
        redis.start();
        var told = new CopyOnWriteArrayList<Boolean>();
        Await.result(Future.fromCompletionStage(control().configSet("maxmemory-policy", "allkeys-lru")));
        var budgets = SharedBudgets.notYet(link(PATIENT), "p", SETTINGS, time, new LimitEvents() {
            @Override
            public void storeMayEvict(boolean may) {
                told.add(may);
            }
        });

        SharedBudgets.untilOpen(budgets);
        assertThat(budgets.weaknesses()).singleElement().asString().contains("maxmemory-policy allkeys-lru");
        Await.result(Future.fromCompletionStage(control().configSet("maxmemory-policy", "noeviction")));

        Await.until(() -> budgets.weaknesses().isEmpty());
        assertThat(told).containsExactly(true, false);
    }

    @Test
    void aRedisThatIsMadeToFollowAnotherIsLeftAndGrantsNoFreshBurstWhenItIsMasterAgain(TestReporter reporter)
            throws IOException {
        redis.start();
        var one = replica();
        var control = control();
        int before = spend(one, 60);

        Await.result(Future.fromCompletionStage(control.replicaof("127.0.0.1", 1)));
        long follows = System.nanoTime();
        Await.until(() -> spend(one, 1) == 0 && one.isAlone());
        long left = System.nanoTime() - follows;
        Await.result(Future.fromCompletionStage(control.replicaofNoOne()));
        long master = System.nanoTime();
        Await.until(() -> !one.isAlone());
        long used = System.nanoTime() - master;
        untilAllToldWhatTheySent(1);
        time.advance(COUNTS);
        int early = spend(one, 100);
        time.advance(PERIOD.minus(COUNTS));
        int after = spend(one, 100);

        reporter.publishEntry(
                "measured",
                "%d of 100 granted before; left after %d ms, used again after %d ms; then %d granted for %d ms, and %d of 100"
                        .formatted(
                                before,
                                TimeUnit.NANOSECONDS.toMillis(left),
                                TimeUnit.NANOSECONDS.toMillis(used),
                                early,
                                COUNTS.toMillis(),
                                after));
        assertThat(before).isEqualTo(60);
        assertThat(early).isLessThanOrEqualTo(40);
        assertThat(after).isEqualTo(100);
    }

    @Test
    void aRedisWithoutMemoryLeftLeavesTheLocalShareAndIsUsedAgainOnceItHasSome() throws IOException {
        redis.start();
        var one = replica();
        var control = control();
        assertThat(spend(one, 60)).isEqualTo(60);

        Await.result(Future.fromCompletionStage(control.configSet("maxmemory", "1")));
        Await.until(() -> spend(one, 1) == 0 && one.isAlone());
        Await.result(Future.fromCompletionStage(control.configSet("maxmemory", "0")));
        Await.until(() -> !one.isAlone());

        assertThat(spend(one, 100)).as("it had forgotten nothing").isEqualTo(40);
    }

    @Test
    void aRedisThatTakesNoWritesIsAskedAgainByOneAndNotByMoreAndMore() throws IOException {
        redis.start();
        var one = replica();
        assertThat(spend(one, 40)).isEqualTo(40);
        var control = control();
        Await.result(Future.fromCompletionStage(control.configSet("maxmemory", "1")));
        Await.until(() -> spend(one, 1) == 0 && one.isAlone());

        // A slow machine only asks less often; that there were more each two seconds is seen by the fourth.
        long began = System.nanoTime();
        long asked = asked(control);
        var looks = new AtomicInteger(); // each is such a question itself
        Await.patiently(() -> asked(control) - asked - looks.incrementAndGet() >= 90);

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofSeconds(7));
    }

    /** How often it was asked what it is, which begins each greeting. */
    private static long asked(RedisClusterAsyncCommands<byte[], byte[]> control) {
        var stats = Await.result(Future.fromCompletionStage(control.info("commandstats")));
        var calls = Pattern.compile("cmdstat_info:calls=(\\d+)").matcher(stats);
        return calls.find() ? Long.parseLong(calls.group(1)) : 0;
    }

    @Test
    void aStoreThatFailsIsCounted() throws IOException {
        redis.start();
        var answers = new CopyOnWriteArrayList<Boolean>();
        var failures = new CopyOnWriteArrayList<RedisFailure>();
        var events = new LimitEvents() {
            @Override
            public void storeAsked(Duration latency, boolean ok) {
                answers.add(ok);
            }

            @Override
            public void storeFailed(RedisFailure failure) {
                failures.add(failure);
            }
        };
        var budgets = SharedBudgets.notYet(link(PATIENT), "p", SETTINGS, time, events);
        SharedBudgets.untilOpen(budgets);
        spend(budgets, 1);
        assertThat(answers).contains(true);
        assertThat(failures).as("what was asked before it was connected").isSubsetOf(RedisFailure.DISCONNECTED);

        redis.stop();

        Await.until(() -> failures.contains(RedisFailure.REFUSED));
    }

    /** Where nothing is known of what became of the servers. */
    private RedisEpoch epoch(RedisCalls calls, byte[] key, String self) {
        return new RedisEpoch(calls, key, self, () -> Future.succeededFuture(false), SharedBudgets.clock(time), PERIOD);
    }

    private BucketBudgets replica() {
        return SharedBudgets.on(link(PATIENT), "p", SETTINGS, time);
    }

    private RedisLink link(Duration commandTimeout) {
        var link = RedisLink.to(redis.uri(), commandTimeout, Ticker.systemTicker());
        links.add(link);
        link.start();
        return link;
    }

    private RedisClusterAsyncCommands<byte[], byte[]> control() {
        var control = link(PATIENT);
        Await.result(control.seen());
        return control.commands().orElseThrow();
    }

    static void signal(String name, String pid) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, pid).start().waitFor())
                .isZero();
    }

    static LimitEvents telling(List<Boolean> told) {
        return new LimitEvents() {
            @Override
            public void degraded(boolean degraded) {
                told.add(degraded);
            }
        };
    }

    private void untilAllToldWhatTheySent(int replicas) {
        untilAllToldWhatTheySent(link(PATIENT), replicas);
    }

    static void untilAllToldWhatTheySent(RedisLink link, int replicas) {
        var key = "p:repaid".getBytes(StandardCharsets.US_ASCII);
        Await.until(() -> link.commands()
                .map(c -> Await.result(Future.fromCompletionStage(c.hlen(key)).otherwise(-1L)) == replicas)
                .orElse(false));
    }

    static Duration closedFor(Budgets budgets) {
        var forecast = Await.result(budgets.of(BudgetsContract.ACME).forecast(1));
        return forecast.cause() == Cause.DEGRADED ? forecast.delay() : Duration.ZERO;
    }

    static boolean isClosed(Budgets budgets) {
        return Await.result(budgets.of(BudgetsContract.ACME).forecast(1)).cause() == Cause.DEGRADED;
    }

    static int spend(Budgets budgets, int wanted) {
        return Await.result(budgets.of(BudgetsContract.ACME).trySpend(wanted)).granted();
    }
}
