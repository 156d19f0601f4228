package io.ghlgateway.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.Plan;
import io.ghlgateway.faults.Callers.Answer;
import io.ghlgateway.redis.RedisProcess;
import io.ghlgateway.redis.TestCluster;
import io.ghlgateway.redis.TestSentinel;
import io.ghlgateway.simulator.Account;
import io.ghlgateway.simulator.Latency;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Three replicas that share a quota, of which twice as much is asked, and of another's a third; and then Redis is in trouble. */
class RedisFaults extends FaultTest {

    private static final int QUIET = 8;
    private static final Bars USUAL = new Bars(150, 20, 2_000);
    private static final int QUOTA = 40;
    private static final Duration INTERVAL = Duration.ofSeconds(4);
    /** What a machine that others use too may hold up a request between its payment and HighLevel. */
    private static final Duration GUARD = Duration.ofSeconds(2);

    private static final Duration PATIENCE = Duration.ofSeconds(6);
    /** Of many whose turn comes at one moment the last, and HighLevel's own time, in ms. */
    private static final long AT_ONCE = 400;

    private static final Duration WARM_UP = Duration.ofSeconds(4);
    private static final Duration OUTAGE = Duration.ofSeconds(3);

    RedisFaults(TestReporter reporter) {
        super(reporter);
    }

    @Test
    @Proves(Row.R1)
    void aReplicaIsThereBeforeRedisIsAndServesOnceItIs() throws IOException {
        try (var redis = RedisProcess.started()) {
            redis.kill();
            try (var world = new World(before(uri(redis)))) {
                var replica = world.start();
                World.until(() -> replica.log().contains("Redis"));
                int lines = (int) replica.log().lines().count();
                pause(Duration.ofSeconds(10));
                int more = (int) replica.log().lines().count() - lines;
                boolean early = replica.isReady();

                redis.start();
                long there = System.nanoTime();
                replica.untilReady();
                long ready = since(there);
                var answer = world.send(World.ask(replica, "/contacts/c1"));

                report("ready %d ms after Redis, %d lines of log in 10 s; %s", ready, more, world.stalls());
                assertThat(early).isFalse();
                assertThat(more).isLessThanOrEqualTo(2);
                world.within(ready, 1_000);
                assertThat(answer.statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    @Proves(Row.R2)
    void isKilledAndComesBackWithWhatItHad() throws IOException {
        try (var redis = RedisProcess.started("appendonly yes")) {
            trouble(
                    before(uri(redis)),
                    () -> {
                        redis.kill();
                        pause(OUTAGE);
                        start(redis);
                    },
                    USUAL);
        }
    }

    @Test
    @Proves(Row.R3)
    void hangs() throws IOException {
        try (var redis = RedisProcess.started()) {
            trouble(
                    before(uri(redis)),
                    () -> {
                        signal(redis::freeze);
                        pause(OUTAGE);
                        signal(redis::goOn);
                    },
                    new Bars(450, 300, 2_000));
        }
    }

    /** The way to it is bad, not Redis itself. */
    @Test
    @Proves(Row.R3)
    void answersLate() throws IOException {
        try (var redis = RedisProcess.started();
                var between = new FaultProxy(redis.port())) {
            trouble(
                    before("redis://127.0.0.1:" + between.port()),
                    () -> {
                        between.delay(Duration.ofMillis(300));
                        pause(OUTAGE);
                        between.delay(Duration.ZERO);
                    },
                    new Bars(450, 450, 2_000));
        }
    }

    /** One loss after the other: after the first nobody knows which keys are quiet, and all wait for up to an interval. */
    @Test
    @Proves(Row.R3)
    void breaksOffAmidAnswersAndIsNotReached() throws IOException {
        var random = new SplittableRandom(3);
        try (var redis = RedisProcess.started();
                var between = new FaultProxy(redis.port())) {
            trouble(
                    before("redis://127.0.0.1:" + between.port()),
                    () -> {
                        between.cutAfter(() -> random.nextLong(1, 20_000));
                        pause(OUTAGE);
                        between.cutNoMore();
                        between.refuse();
                        pause(Duration.ofSeconds(1));
                        between.connect();
                    },
                    new Bars(450, INTERVAL.plus(GUARD).toMillis(), 2_000));
        }
    }

    @Test
    @Proves(Row.R4)
    void comesBackEmpty() throws IOException {
        try (var redis = RedisProcess.started()) {
            trouble(
                    before(uri(redis)),
                    () -> {
                        redis.kill();
                        start(redis);
                    },
                    USUAL);
        }
    }

    @Test
    @Proves(Row.R5)
    void isReplacedByItsReplica() throws IOException {
        try (var redis = TestSentinel.started(Duration.ofSeconds(1))) {
            trouble(
                    before(redis.uri()),
                    () -> {
                        redis.killMaster();
                        World.until(redis::isNamed);
                    },
                    USUAL.back(1_000));
        }
    }

    @Test
    @Proves(Row.R6)
    void aSlotMovesToAnotherNode() throws IOException {
        try (var redis = TestCluster.started()) {
            var plan = before("redis://" + redis.address().toString().replace(" ", ""))
                    .set("redis.cluster", "true");
            trouble(plan, () -> redis.move("{private:" + Plan.ACME + "}", () -> pause(Duration.ofMillis(100))), USUAL);
        }
    }

    @Test
    @Proves(Row.R9)
    void forgetsItsScripts() throws IOException {
        try (var redis = RedisProcess.started()) {
            trouble(before(uri(redis)), () -> redis.ask("SCRIPT", "FLUSH"), USUAL);
        }
    }

    private static String quiet(int number) {
        return "quiet-" + number;
    }

    /** A gateway before this Redis, and some tenants of whose quotas little is used. */
    private static Plan before(String uri) {
        var plan = new Plan();
        var tokens = new HashMap<String, Account>();
        for (int i = 0; i < QUIET; i++) {
            var location = "quietLocation000000" + i;
            var token = "pit-quiet-" + i;
            tokens.put(token, Account.parse(location));
            plan.tenant("{id: " + quiet(i) + ", location: " + location + ", token: " + token + "}");
        }
        return plan.tokens(tokens)
                .without("name: billing")
                .caller("{name: billing, key: " + Plan.KEY + ", tenants: ['*'], default-tenant: acme}")
                .quota(QUOTA, INTERVAL, GUARD)
                .highLevel(all -> all.latency(Latency.parse("10ms..60ms")))
                .set("redis.uri", "\"" + uri + "\"");
    }

    private static String uri(RedisProcess redis) {
        return "redis://127.0.0.1:" + redis.port();
    }

    /**
     * In ms.
     *
     * @param hasty by how much more than before the trouble one that does not wait may have to wait for its answer
     * @param calm and one of a quota that is little used
     * @param back how long after the trouble Redis is to be in use again
     */
    private record Bars(long hasty, long calm, long back) {

        Bars back(long other) {
            return new Bars(hasty, calm, other);
        }
    }

    private void trouble(Plan plan, Runnable trouble, Bars bars) {
        try (var world = new World(plan);
                var all = new Callers();
                var hasty = new Callers();
                var calm = new Callers()) {
            var replicas = world.start(3);
            world.untilAll("ok");
            all.every(
                    Duration.ofMillis(50),
                    i -> World.ask(replicas.get(i % 3), "/contacts/c1")
                            .header("Prefer", "wait=" + PATIENCE.toSeconds()));
            calm.every(
                    Duration.ofMillis(500 / QUIET),
                    i -> World.ask(replicas.get(i % 3), "/contacts/c1").header("X-Tenant", quiet(i % QUIET)));
            hasty.every(
                    Duration.ofMillis(100),
                    i -> World.ask(replicas.get(i % 3), "/contacts/c1").header("Prefer", "wait=0"));
            pause(WARM_UP);
            long warm = System.nanoTime();
            pause(INTERVAL.plus(GUARD));
            long began = System.nanoTime();
            trouble.run();
            long there = System.nanoTime();
            world.untilAll("ok");
            long back = since(there);
            pause(INTERVAL.plus(GUARD).multipliedBy(2)); // so that a p99 is not of the moment of the loss alone
            // Who is sent waits for those of the same moment and for HighLevel too: of the decision alone a refusal
            // tells.
            var unwilling = hasty.stop();
            var decisions =
                    new Times(unwilling.stream().filter(each -> !each.isOk()).toList(), warm, began);
            var sent = new Times(unwilling.stream().filter(Answer::isOk).toList(), warm, began);
            var waits = new Times(calm.stop(), warm, began);
            var answers = all.stop();
            var account = world.simulator().stats();
            report(
                    "%d accepted, %d refused, at most %d of %d in any %d s; shared again after %d ms; decisions p99 %s;"
                            + " %d who do not wait were sent since, p99 %d ms; p99 of %d of quotas a third used %s; %s",
                    account.accepted(),
                    account.refused(),
                    world.busiest(),
                    QUOTA,
                    INTERVAL.toSeconds(),
                    back,
                    decisions,
                    sent.since.size(),
                    sent.since(),
                    waits.since.size(),
                    waits,
                    world.stalls());
            assertThat(account.refused()).isZero();
            assertThat(world.busiest()).isLessThanOrEqualTo(QUOTA);
            world.within(back, bars.back());
            assertThat(Callers.count(answers, Answer::isBroken)).isZero();
            assertThat(Callers.count(waits.since, answer -> !answer.isOk())).isZero();
            world.within(decisions.more(), bars.hasty());
            world.within(sent.since(), bars.hasty() + AT_ONCE);
            world.within(waits.more(), bars.calm());
        }
    }

    /** Answers that were there before the trouble began, and all others: some of those were asked before it. */
    private static final class Times {
        private final List<Answer> before;
        private final List<Answer> since;

        Times(List<Answer> all, long warm, long began) {
            before = all.stream().filter(each -> each.isWithin(warm, began)).toList();
            since = all.stream().filter(each -> each.answered() >= began).toList();
        }

        long before() {
            return Callers.percentile(before, 0.99);
        }

        long since() {
            return Callers.percentile(since, 0.99);
        }

        long more() {
            return since() - before();
        }

        @Override
        public String toString() {
            return "%d ms, before %d ms".formatted(since(), before());
        }
    }

    private static void start(RedisProcess redis) {
        signal(redis::start);
    }

    private static void signal(Signal signal) {
        try {
            signal.give();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Signal {
        void give() throws IOException;
    }
}
