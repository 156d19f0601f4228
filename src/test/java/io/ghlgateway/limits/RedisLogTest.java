package io.ghlgateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.redis.RedisLink;
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
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RedisLogTest {

    private static final Duration GUARD = Duration.ofMillis(160);

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
    void whatThisReplicaSentIsChargedAndNoMoreWhenItIsHistory() {
        var quota = new Limit(20, Duration.ofSeconds(10), 1_000_000);
        Supplier<SlidingLog> empty = () -> SlidingLog.begun(quota, Restraint.NONE, GUARD, 0, millis());
        var log = log("repaid", empty);
        assertThat(Await.result(log.pay(5)).count()).isEqualTo(5);
        log.sentAlone(3);
        Await.result(Future.fromCompletionStage(link.commands().orElseThrow().del("repaid".getBytes())));

        Await.result(log.repay());
        assertThat(Await.result(log.pay(20)).count()).isEqualTo(12);

        TIME.advance(Duration.ofSeconds(11));
        Await.result(log.repay());
        assertThat(log.rest()).isTrue();
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
        var calls = new RedisCalls(link, TIME, LimitEvents.NONE);
        return new RedisLog(
                calls,
                name.getBytes(),
                TIME,
                TIME,
                GUARD,
                new Begun(beginning, Openings.of(Set.of(openAlready, openAlready + 1)), new HashSet<>()));
    }

    private record Begun(Supplier<SlidingLog> log, Openings openAlready, Set<Repayment.Debtor> debtors)
            implements RedisLog.Terms {

        @Override
        public Limit limit() {
            return new Limit(20, Duration.ofSeconds(10), 1_000_000);
        }

        @Override
        public boolean trusted() {
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
