package io.ghlgateway.limits.redis;

import static io.ghlgateway.limits.BudgetsContract.ACME;
import static io.ghlgateway.limits.BudgetsContract.PERIOD;
import static io.ghlgateway.limits.redis.RedisLossTest.closedFor;
import static io.ghlgateway.limits.redis.RedisLossTest.spend;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.limits.Await;
import io.ghlgateway.limits.BucketBudgets;
import io.ghlgateway.limits.BudgetSettings;
import io.ghlgateway.limits.BudgetsContract;
import io.ghlgateway.limits.FakeTime;
import io.ghlgateway.redis.RedisLink;
import io.ghlgateway.redis.RedisProcess;
import io.ghlgateway.redis.TestCluster;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What becomes of shared budgets when a node of a Cluster goes, forgets or hands slots on. */
class ClusterLossTest {

    private static final Duration PATIENT = Duration.ofSeconds(10);
    private static final Duration HASTY = Duration.ofMillis(200);
    private static final BudgetSettings SETTINGS = BudgetsContract.settings(BudgetsContract.LIMIT, true);

    /** Where ACME's buckets are; the part before decides nothing. */
    private static final String HOME = "{" + ACME + "}";

    private static TestCluster redis;
    private static int prefixes;

    private final String prefix = "p" + prefixes++;
    private final FakeTime time = new FakeTime(Instant.ofEpochMilli(PERIOD.toMillis() * 170_000_000L));
    private final List<RedisLink> links = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException {
        redis = TestCluster.started(Duration.ofMillis(800));
    }

    @AfterEach
    void close() throws IOException {
        links.forEach(link -> Await.result(link.close()));
        redis.heal();
        // Whoever comes next may not hold it against the nodes that this test emptied one.
        redis.nodes().forEach(node -> node.ask("CONFIG", "RESETSTAT"));
    }

    @AfterAll
    static void stop() throws IOException {
        redis.close();
    }

    @Test
    void aNodeThatIsGoneLeavesTheLocalShareAndComesBackWithoutAFreshBurst() throws IOException {
        var one = replica();
        assertThat(spend(one, 100)).isEqualTo(100);

        var gone = redis.masterOf(HOME);
        gone.kill();
        Await.until(one::isAlone);
        assertThat(spend(one, 100)).isZero();
        time.advance(PERIOD.plus(PATIENT));
        assertThat(spend(one, 100)).isEqualTo(80);

        gone.start();
        Await.until(() -> !one.isAlone());
        assertThat(closedFor(one)).isEqualTo(PERIOD);
        assertThat(spend(one, 100)).isZero();
        time.advance(PERIOD);
        assertThat(spend(one, 100))
                .as("and it is closed once, not again at its first use")
                .isEqualTo(100);
    }

    @Test
    void aNodeThatHangsIsALossThoughTheOthersAnswer() throws IOException {
        var one = replica(prefix, HASTY);
        int granted = spend(one, 60);

        var hung = redis.masterOf(HOME);
        hung.freeze();
        try {
            Await.until(() -> spend(one, 1) == 0 && one.isAlone());
        } finally {
            hung.goOn();
        }
        Await.until(() -> !one.isAlone());

        assertThat(granted + spend(one, 100)).isLessThanOrEqualTo(100);
    }

    @Test
    void aPromotedNodeGrantsNoFreshBurst() throws IOException {
        redis.follow(HOME);
        var one = replica();
        var other = replica();
        assertThat(spend(one, 60)).isEqualTo(60);

        redis.masterOf(HOME).kill();
        Await.until(() -> one.isAlone() && other.isAlone());
        Await.until(() -> !one.isAlone() && !other.isAlone());

        assertThat(closedFor(one)).isEqualTo(PERIOD);
        assertThat(spend(one, 100) + spend(other, 100)).isZero();
        time.advance(PERIOD);
        assertThat(spend(one, 60) + spend(other, 60)).isEqualTo(100);
    }

    @Test
    void aNodeThatForgotUnderAnOpenConnectionMakesNoFullBucketAndTheOthersGoOn() throws IOException {
        var node = redis.masterOf(HOME);
        var apart = prefixMarkedElsewhere(node);
        var one = replica(apart);
        var other = replica(apart);
        assertThat(spend(one, 100)).isEqualTo(100);

        node.ask("FLUSHALL");

        assertThat(spend(one, 100) + spend(other, 100)).isZero();
        assertThat(Await.result(other.of(BudgetsContract.OTHER).forecast(1)).isNow())
                .isTrue();
        time.advance(PERIOD);
        assertThat(spend(one, 60) + spend(other, 60)).isEqualTo(100);
    }

    /** A prefix whose own mark is kept by another node, so that only the slot's tells. */
    private String prefixMarkedElsewhere(RedisProcess node) {
        return IntStream.range(0, 1_000)
                .mapToObj(i -> prefix + "-" + i)
                .filter(tried -> redis.masterOf(tried + ":epoch") != node)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void spendsGoOnWhileTheirSlotMovesToAnotherNode() {
        var one = replica();
        var spent = new AtomicInteger(spend(one, 30));

        redis.move(HOME, () -> {
            assertThat(spend(one, 5)).isEqualTo(5);
            spent.addAndGet(5);
        });

        assertThat(spent.get()).isBetween(45, 95);
        assertThat(spend(one, 100)).isEqualTo(100 - spent.get());
        assertThat(one.isAlone()).isFalse();
        time.advance(PERIOD);
        assertThat(spend(one, 100)).isEqualTo(100);
    }

    private BucketBudgets replica() {
        return replica(prefix);
    }

    private BucketBudgets replica(String named) {
        return replica(named, PATIENT);
    }

    private BucketBudgets replica(String named, Duration commandTimeout) {
        var link = RedisLink.to(redis.address(), commandTimeout, Ticker.systemTicker());
        links.add(link);
        link.start();
        return SharedBudgets.on(link, named, SETTINGS, time);
    }
}
