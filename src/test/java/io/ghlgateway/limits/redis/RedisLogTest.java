package io.ghlgateway.limits.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.limits.Await;
import io.ghlgateway.limits.FakeTime;
import io.ghlgateway.limits.Limit;
import io.ghlgateway.limits.LimitEvents;
import io.ghlgateway.limits.Openings;
import io.ghlgateway.limits.Payment;
import io.ghlgateway.limits.Restraint;
import io.ghlgateway.limits.SlidingLog;
import io.ghlgateway.redis.RedisLink;
import io.ghlgateway.redis.TestRedis;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RedisLogTest {

    private static final Duration GUARD = Duration.ofMillis(160);

    private static final byte[] CHANNEL = "busy".getBytes();

    private static TestRedis redis;
    private static RedisLink link;
    private static final FakeTime TIME = new FakeTime(Instant.parse("2026-11-25T12:00:00Z"));

    @BeforeAll
    static void open() throws IOException {
        redis = TestRedis.started();
        link = RedisLink.to(redis.uri(), Duration.ofSeconds(10), TIME);
        link.start();
        Await.result(link.seen());
    }

    @AfterAll
    static void close() throws IOException {
        Await.result(link.close());
        redis.close();
    }

    /** The script and the arithmetic are the same thing told twice; here each answer is held against the other's. */
    @Test
    void redisPaysAsTheArithmeticDoes() {
        var random = new Random(20261126);
        for (int round = 0; round < 12; round++) {
            int requests = round % 4 == 3 ? 1_001 + random.nextInt(5_000) : 1 + random.nextInt(200);
            var quota = new Limit(requests, Duration.ofMillis(1 + random.nextInt(20_000)), 1_000_000);
            long opensAt = millis() + random.nextInt(3_000);
            var here = SlidingLog.begun(quota, Restraint.NONE, GUARD, opensAt, millis());
            var bytes = here.bytes();
            var there = log("parity" + round, () -> SlidingLog.of(bytes, GUARD));
            for (int i = 0; i < 120; i++) {
                TIME.advance(
                        Duration.ofMillis(random.nextInt(1 + (int) quota.per().toMillis() / 20)));
                if (random.nextInt(15) == 0) {
                    var next = new Restraint(
                            random.nextInt(requests),
                            random.nextBoolean() ? Restraint.UNBOUND : 1 + random.nextInt(requests));
                    here.restrain(next, millis());
                    assertThat(Await.result(there.restrain(requests, before -> next)))
                            .contains(next);
                }
                int wanted = 1 + random.nextInt(1 + requests / 2);
                assertThat(Await.result(there.pay(wanted))).isEqualTo(here.pay(wanted, millis()));
                if (random.nextInt(6) == 0) {
                    long paidAt = millis() - random.nextInt(400);
                    here.late(paidAt, 300, millis());
                    Await.result(there.late(paidAt, Duration.ofMillis(300)));
                }
                long rest = random.nextInt(3) * 1_234_567_891L;
                assertThat(Await.result(there.outlook(wanted, rest)))
                        .isEqualTo(here.outlook(wanted, rest, TIME.currentTimeNanos()));
            }
        }
    }

    @Test
    void aLogThatIsOpenAlreadyGivesWhatItHasAndTellsSo() {
        var quota = new Limit(20, Duration.ofSeconds(10), 1_000_000);
        long opensAt = millis() + 5_000;
        Supplier<SlidingLog> begun = () -> SlidingLog.begun(quota, Restraint.NONE, GUARD, opensAt, millis());
        var closed = log("closed", begun);
        var other = log("closed", opensAt - 10, begun);
        var open = log("closed", opensAt, begun);

        assertThat(Await.result(open.outlook(1, 0)).nanos()).isZero();
        assertThat(Await.result(closed.pay(1)).count()).isZero();
        assertThat(Await.result(other.pay(1)).count()).isZero();
        assertThat(Await.result(open.pay(5)).count()).isEqualTo(5);
        assertThat(Await.result(open.outlook(15, 0)).nanos()).isZero();
        assertThat(Await.result(closed.outlook(1, 0)).nanos()).isPositive();
    }

    @Test
    void whatIsKeptBackIsGivenToNobodyAndForetoldWithoutIt() {
        var quota = new Limit(20, Duration.ofSeconds(10), 1_000_000);
        Supplier<SlidingLog> empty = () -> SlidingLog.begun(quota, Restraint.NONE, GUARD, 0, millis());
        var keeping = log("kept", 0, 8, empty);
        var all = log("kept", empty);

        assertThat(Await.result(keeping.pay(20)))
                .extracting(Payment::count, Payment::left)
                .containsExactly(12, 0L);
        assertThat(Await.result(keeping.outlook(1, 0)).nanos()).isPositive();
        assertThat(Await.result(all.outlook(8, 0)).nanos()).isZero();
        assertThat(Await.result(all.pay(20)).count()).isEqualTo(8);
    }

    /** What {@link BusyKeys} rely on. Each payment is followed by a word of its own in the channel, so that what it told can be told apart. */
    @Test
    void whoHeardNothingOfAKeyForAWindowAndAQuarterKnowsThatAtMostHalfOfItIsUsed() {
        var heard = new CopyOnWriteArrayList<String>();
        Await.result(link.subscribe(CHANNEL, message -> heard.add(new String(message))));
        var commands = link.commands().orElseThrow();
        var random = new Random(20261127);
        int quiet = 0;
        int told = 0;
        for (int round = 0; round < 8; round++) {
            int requests = round % 4 == 3 ? 1_001 + random.nextInt(2_000) : 1 + random.nextInt(120);
            var quota = new Limit(requests, Duration.ofMillis(500 + random.nextInt(12_000)), 1_000_000);
            long span = quota.per().plus(GUARD).toMillis();
            long grain = requests > SlidingLog.FINE ? quota.per().toMillis() / SlidingLog.FINE + 1 : 0;
            var log = log("told" + round, () -> SlidingLog.begun(quota, Restraint.NONE, GUARD, 0, millis()));
            heard.clear();
            List<Long> times = new ArrayList<>();
            List<Integer> counts = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                boolean much = random.nextInt(60) < i % 60;
                TIME.advance(Duration.ofMillis(random.nextInt(1 + (int) span / (much ? 40 : 6))));
                times.add(millis());
                counts.add(Await.result(log.pay(1 + random.nextInt(1 + requests / 20)))
                        .count());
                Await.result(Future.fromCompletionStage(commands.publish(CHANNEL, ("=" + i).getBytes())));
            }
            Await.until(() -> heard.contains("=299"));

            long last = Long.MIN_VALUE / 2; // when it was told last
            int at = 0;
            for (int i = 0; i < 300; i++) {
                while (!heard.get(at).equals("=" + i)) {
                    assertThat(heard.get(at++)).isEqualTo("-told" + round);
                    last = times.get(i);
                    told++;
                }
                at++;
                int used = 0;
                for (int j = 0; j <= i; j++) {
                    used += times.get(j) >= times.get(i) - span ? counts.get(j) : 0;
                }
                if (times.get(i) - last > span + span / 4 + grain) {
                    assertThat(2 * used).isLessThanOrEqualTo(requests);
                    quiet++;
                }
            }
        }
        assertThat(quiet).as("of 2,400 payments").isBetween(100, 2_200);
        assertThat(told).as("of 2,400 payments").isBetween(50, 1_200);
    }

    @Test
    void whatThisReplicaSentIsChargedAndNoMoreWhenItIsHistory() {
        var quota = new Limit(20, Duration.ofSeconds(10), 1_000_000);
        Supplier<SlidingLog> empty = () -> SlidingLog.begun(quota, Restraint.NONE, GUARD, 0, millis());
        var log = log("repaid", empty);
        assertThat(Await.result(log.pay(5)).count()).isEqualTo(5);
        log.sentAlone(3, true);
        Await.result(Future.fromCompletionStage(link.commands().orElseThrow().del("repaid".getBytes())));

        Await.result(log.repay());
        assertThat(Await.result(log.pay(20)).count()).isEqualTo(12);

        TIME.advance(Duration.ofSeconds(11));
        Await.result(log.repay());
        assertThat(log.letGo()).isTrue();
        assertThat(Await.result(log.pay(20)).count()).isEqualTo(20);
    }

    @Test
    void thoseWhoAskWhileAPaymentIsUnderWayArePaidForTogetherInTheirOrder() {
        var quota = new Limit(20, Duration.ofSeconds(10), 1_000_000);
        var log = log("together", () -> SlidingLog.begun(quota, Restraint.NONE, GUARD, 0, millis()));

        List<Future<Payment>> asked = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            asked.add(log.pay(1 + i % 2));
        }

        int paid = 0;
        for (int i = 0; i < 30; i++) {
            int expected = Math.min(1 + i % 2, 20 - paid);
            assertThat(Await.result(asked.get(i)).count()).isEqualTo(expected);
            paid += expected;
        }
        assertThat(paid).isEqualTo(20);
    }

    @Test
    void aLogOfAnotherFormIsNeitherPaidFromNorChanged() {
        var quota = new Limit(20, Duration.ofSeconds(10), 1_000_000);
        var bytes = SlidingLog.begun(quota, Restraint.NONE, GUARD, 0, millis()).bytes();
        for (var foreign : List.of(with(bytes, 0, 2), Arrays.copyOf(bytes, bytes.length + 8), new byte[] {1, 2, 3})) {
            var commands = link.commands().orElseThrow();
            Await.result(Future.fromCompletionStage(commands.set("foreign".getBytes(), foreign)));
            var log = log("foreign", () -> {
                throw new AssertionError("there is one");
            });

            assertThat(Await.failure(log.pay(1))).hasMessageContaining("this version cannot read");
            assertThat(Await.failure(log.outlook(1, 0))).hasMessageContaining("this version cannot read");
            assertThat(Await.failure(log.become(new Limit(30, quota.per(), 1)))).isNotNull();
            assertThat(Await.result(Future.fromCompletionStage(commands.get("foreign".getBytes()))))
                    .isEqualTo(foreign);
        }
    }

    private static byte[] with(byte[] bytes, int at, int value) {
        var changed = bytes.clone();
        changed[at] = (byte) value;
        return changed;
    }

    private static RedisLog log(String name, Supplier<SlidingLog> beginning) {
        return log(name, 0, beginning);
    }

    private static RedisLog log(String name, long openAlready, Supplier<SlidingLog> beginning) {
        return log(name, openAlready, 0, beginning);
    }

    private static RedisLog log(String name, long openAlready, int keptBack, Supplier<SlidingLog> beginning) {
        var calls = new RedisCalls(link, TIME, LimitEvents.NONE);
        return new RedisLog(
                calls,
                name.getBytes(),
                SharedBudgets.clock(TIME),
                TIME,
                GUARD,
                new Begun(beginning, Openings.of(Set.of(openAlready, openAlready + 1)), keptBack, new HashSet<>()));
    }

    private record Begun(Supplier<SlidingLog> log, Openings openings, int keptBack, Set<Repayment.Debtor> debtors)
            implements LogTerms {

        @Override
        public byte[] channel() {
            return CHANNEL;
        }

        @Override
        public void busy() {}

        @Override
        public Limit limit() {
            return new Limit(20, Duration.ofSeconds(10), 1_000_000);
        }

        @Override
        public boolean isRedisInUse() {
            return true;
        }

        @Override
        public Future<SlidingLog> beginning() {
            return Future.succeededFuture(log.get());
        }
    }

    private static long millis() {
        return Math.floorDiv(TIME.currentTimeNanos(), 1_000_000L);
    }
}
