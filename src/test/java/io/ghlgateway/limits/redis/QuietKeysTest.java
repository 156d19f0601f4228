package io.ghlgateway.limits.redis;

import static io.ghlgateway.limits.BudgetsContract.ACME;
import static io.ghlgateway.limits.redis.RedisLossTest.isClosed;
import static io.ghlgateway.limits.redis.RedisLossTest.signal;
import static io.ghlgateway.limits.redis.RedisLossTest.spend;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.limits.Await;
import io.ghlgateway.limits.BucketBudgets;
import io.ghlgateway.limits.BudgetKey;
import io.ghlgateway.limits.BudgetSettings;
import io.ghlgateway.limits.BudgetsContract;
import io.ghlgateway.limits.FakeTime;
import io.ghlgateway.limits.GrantLog;
import io.ghlgateway.limits.LimitEvents;
import io.ghlgateway.limits.RouteLimitsContract;
import io.ghlgateway.redis.RedisLink;
import io.ghlgateway.redis.RedisSubscription;
import io.ghlgateway.redis.TestRedis;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Redis is lost, and keys of which no more than half was used go on at once: two replicas, a quota of 100. */
class QuietKeysTest {

    /** Long enough that a busy machine is not taken for a loss. */
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private static final BudgetKey PROBE = new BudgetKey(App.PRIVATE, Resource.location("probe"));
    private static final Duration PERIOD = BudgetsContract.PERIOD;
    /** After so long without a word of a key it is quiet. */
    private static final Duration REMEMBERED = PERIOD.plus(PERIOD.dividedBy(4)).plusMillis(1);
    /** More than what two clocks may be apart. */
    private static final Duration APART = Duration.ofMillis(25);
    /** A part of the half that is left: four fifths, of two. */
    private static final int EARLY = 20;

    private static final BudgetSettings SETTINGS = BudgetsContract.settings(BudgetsContract.LIMIT, true);

    private final FakeTime time = new FakeTime(Instant.ofEpochMilli(PERIOD.toMillis() * 170_000_000L));
    private final List<RedisLink> links = new ArrayList<>();
    private final List<RedisTrust> trusts = new ArrayList<>();
    private final Set<String> there = ConcurrentHashMap.newKeySet();
    private final TestRedis redis;
    private BucketBudgets one;
    private BucketBudgets other;
    private RedisClusterAsyncCommands<byte[], byte[]> control;

    QuietKeysTest() throws IOException {
        redis = TestRedis.started();
    }

    @BeforeEach
    void twoThatKnowOfEachOther() {
        one = replica();
        other = replica();
        Await.until(() -> one.replicas() == 2 && other.replicas() == 2);
        var link = link();
        Await.result(link.seen());
        control = link.commands().orElseThrow();
        listen(link);
        untilQuiet();
    }

    private void listen(RedisLink link) {
        link.subscribe(bytes("p:busy"), message -> there.add(new String(message)))
                .compose(RedisSubscription::ended)
                .onComplete(done -> link.later(Duration.ofMillis(50), () -> listen(link)));
    }

    /** In steps in which nobody is missed. */
    private void untilQuiet() {
        untilHeard(2); // all listen again
        for (var step : Collections.nCopies(4, REMEMBERED.dividedBy(4).plusMillis(1))) {
            time.advance(step);
            untilHeard(2);
        }
        Await.until(() -> one.replicas() == 2 && other.replicas() == 2);
    }

    @AfterEach
    void stop() throws IOException {
        links.forEach(link -> Await.result(link.close()));
        redis.close();
    }

    @Test
    void whatNoMoreThanHalfWasUsedOfGoesOnAtOnceAndWithItsWholePartLater() {
        assertThat(spend(one, 30) + spend(other, 20)).isEqualTo(50);

        lose();
        assertThat(spend(one, 100)).isEqualTo(EARLY);
        assertThat(spend(other, 100)).isEqualTo(EARLY);
        assertThat(spend(one, 1) + spend(other, 1)).isZero();
        time.advance(PERIOD.plus(TIMEOUT));
        assertThat(spend(one, 100)).isEqualTo(40);
    }

    @Test
    void itsForecastIsOfItsPartAndOfTheWholeFromThenOn() {
        assertThat(spend(one, 30)).isEqualTo(30);

        lose();
        assertThat(spend(one, 100)).isEqualTo(EARLY);
        assertThat(forecast(1)).as("what was granted first counts no more").isEqualTo(BudgetsContract.WINDOW);
        assertThat(forecast(EARLY + 1)).as("then the whole part").isEqualTo(PERIOD.plus(TIMEOUT));
        time.advance(BudgetsContract.WINDOW);
        assertThat(spend(one, 100)).isEqualTo(EARLY);
        time.advance(PERIOD.plus(TIMEOUT).minus(BudgetsContract.WINDOW));
        assertThat(spend(one, 100)).isEqualTo(EARLY);
    }

    @Test
    void whatMoreWasUsedOfWaitsAsItsNeighbourDoesNot() {
        assertThat(spend(one, 20) + spend(other, 31)).isEqualTo(51);
        Await.until(() -> there.contains("-p:{" + ACME + "}:log"));
        untilHeard(2);

        lose();
        assertThat(spend(one, 1) + spend(other, 1)).isZero();
        assertThat(Await.result(one.of(BudgetsContract.OTHER).trySpend(100)).granted())
                .isEqualTo(EARLY);
    }

    @Test
    void nothingIsEarlyWhereOneOfTheReplicasIsNotHeard() {
        var silent = bytes("of an earlier version");
        Await.result(Future.fromCompletionStage(
                control.zadd(bytes("p:replicas"), (double) time.currentTimeNanos() / 1e6, silent)));
        Await.until(() -> one.replicas() == 3 && other.replicas() == 3);

        lose();
        assertThat(spend(one, 1) + spend(other, 1)).isZero();
    }

    @Test
    void nothingIsEarlyForAWhileAfterALossSinceNobodyToldWhatWasSentThen() throws IOException {
        lose();
        assertThat(spend(one, 100)).isEqualTo(EARLY);
        redis.start();
        untilOpen();
        lose();

        assertThat(spend(one, 1) + spend(other, 1)).isZero();
    }

    @Test
    void whatWasGrantedEarlyIsToldToARedisThatForgotNothingAndKeptBackForUntilThen() throws Exception {
        assertThat(spend(one, 30)).isEqualTo(30);
        var pid = redis.pid(control);
        signal("STOP", pid);
        try {
            untilLost();
            assertThat(spend(one, 100)).isEqualTo(EARLY);
            assertThat(spend(other, 5)).isEqualTo(5);
        } finally {
            signal("CONT", pid);
        }
        Await.until(() -> !one.isAlone() && !other.isAlone());

        time.advance(APART);
        Await.until(() -> free(one) == 45 && free(other) == 45);
        assertThat(spend(one, 100)).isEqualTo(45);
    }

    @Test
    void whatOneGrantedOfAnEndpointsLimitIsNotGrantedByTheOtherThereafter() throws Exception {
        var limits = List.of(RouteLimitsContract.studio(30));
        var mine = one.limiting(limits, one).of(ACME, RouteLimitsContract.STUDIO);
        var theirs = other.limiting(limits, other).of(ACME, RouteLimitsContract.STUDIO);
        assertThat(BudgetsContract.spend(mine, 1)).isEqualTo(1); // from then on its bucket is there
        var pid = redis.pid(control);
        signal("STOP", pid);
        try {
            untilLost();
            time.advance(RouteLimitsContract.MINUTE_PERIOD.plus(TIMEOUT));
            assertThat(BudgetsContract.spend(theirs, 30)).as("two fifths of it").isEqualTo(12);
        } finally {
            signal("CONT", pid);
        }
        var granted = new ArrayList<Integer>();
        Await.until(() -> {
            granted.add(BudgetsContract.spend(mine, 30));
            time.advance(Duration.ofMillis(1));
            return !one.isAlone() && !other.isAlone() && !isClosed(one) && !isClosed(other);
        });
        time.advance(APART);
        Await.until(() -> {
            granted.add(BudgetsContract.spend(mine, 30));
            return sum(granted) == 18;
        });
        granted.add(BudgetsContract.spend(mine, 30));
        assertThat(sum(granted)).isEqualTo(18);
    }

    private static int sum(List<Integer> all) {
        return all.stream().mapToInt(Integer::intValue).sum();
    }

    @Test
    void goesOnWhileARedisThatForgotIsToldWhatWasSent() throws IOException {
        assertThat(spend(one, 30)).isEqualTo(30);
        lose();
        assertThat(spend(one, 5)).isEqualTo(5);

        redis.start();
        RedisLossTest.untilAllToldWhatTheySent(link(), 2);
        assertThat(one.isAlone()).as("it may not grant yet").isTrue();
        assertThat(spend(one, 100) + spend(other, 10)).isEqualTo(EARLY - 5 + 10);
        untilOpen();

        time.advance(APART);
        Await.until(() -> free(one) == 100 - 30 - EARLY - 10 && free(other) == 100 - 30 - EARLY - 10);
        assertThat(spend(one, 50) + spend(other, 50)).isEqualTo(100 - 30 - EARLY - 10);
    }

    /** The bar of all: whatever is lost, and whoever grants, no stretch of an interval and guard sees more than the quota. */
    @Test
    void noStretchSeesMoreThanTheQuotaHoweverOftenRedisIsLost() throws Exception {
        var random = new Random(20261127);
        var granted = new GrantLog(BudgetsContract.LIMIT.per().plusMillis(160));
        int early = 0;
        for (int round = 0; round < 6; round++) {
            untilQuiet();
            int load = 1 + random.nextInt(12);
            for (int i = 0; i < 20; i++) {
                some(random, load, granted);
            }
            boolean hangs = random.nextBoolean();
            var pid = redis.pid(control);
            if (hangs) {
                signal("STOP", pid);
                untilLost();
            } else {
                lose();
            }
            for (int i = random.nextInt(30); i > 0; i--) {
                early += some(random, 2 * load, granted);
            }
            if (hangs) {
                signal("CONT", pid);
            } else {
                redis.start();
            }
            for (int i = 0; i < 10; i++) {
                some(random, 4, granted);
            }
            untilOpen();
            for (int i = 0; i < 20; i++) {
                some(random, 3 * load, granted);
            }
        }
        assertThat(early).isPositive();
        assertThat(granted.most()).isLessThanOrEqualTo(100);
    }

    private int some(Random random, int wanted, GrantLog log) {
        time.advance(Duration.ofMillis(random.nextInt(400)));
        int granted = spend(random.nextBoolean() ? one : other, 1 + random.nextInt(wanted));
        log.add(time.currentTimeNanos(), granted);
        return granted;
    }

    private void lose() {
        redis.stop();
        Await.until(() -> one.isAlone() && other.isAlone());
    }

    /** One that hangs is found out by who asks it. */
    private void untilLost() {
        Await.until(() -> {
            time.advance(Duration.ofMillis(200)); // one command after the other, for all who measure
            Await.result(one.of(PROBE).trySpend(1));
            Await.result(other.of(PROBE).trySpend(1));
            return one.isAlone() && other.isAlone();
        });
    }

    private void untilOpen() {
        Await.until(() -> {
            time.advance(Duration.ofMillis(1));
            return !one.isAlone() && !other.isAlone() && !isClosed(one) && !isClosed(other);
        });
    }

    /** From now on, by this test, and again, so that the replicas have heard it too. */
    private void untilHeard(int replicas) {
        for (int i = 0; i < 2; i++) {
            there.removeIf(word -> word.startsWith("+"));
            trusts.forEach(RedisTrust::refresh);
            Await.until(() -> there.stream()
                            .filter(word -> word.startsWith("+"))
                            .map(word -> word.split(" ")[0])
                            .distinct()
                            .count()
                    == replicas);
        }
    }

    private Duration forecast(int position) {
        return Await.result(one.of(ACME).forecast(position)).delay();
    }

    private static int free(BucketBudgets budgets) {
        return Await.result(budgets.of(ACME).forecast(1)).free();
    }

    private BucketBudgets replica() {
        var wired = SharedBudgets.wired(link(), "p", SETTINGS, time, LimitEvents.NONE)
                .start();
        trusts.add(wired.trust());
        SharedBudgets.untilOpen(wired.budgets());
        return wired.budgets();
    }

    private RedisLink link() {
        var link = RedisLink.to(redis.uri(), TIMEOUT, Ticker.systemTicker());
        links.add(link);
        link.start();
        return link;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
