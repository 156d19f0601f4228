package io.ghlgateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SlidingLogTest {

    private static final Duration GUARD = Duration.ofMillis(160);
    private static final Limit QUOTA = new Limit(100, Duration.ofSeconds(10), 200_000);
    private static final long START = 1_764_000_000_000L;

    /** Whatever is kept back and given back again; what is kept back is so at once. And it survives its form in bytes. */
    @Property(tries = 300)
    void noStretchOfTheQuotasIntervalAndGuardEverSeesMoreThanTheQuota(
            @ForAll @IntRange(min = 1, max = 3_000) int requests,
            @ForAll @IntRange(min = 1, max = 60_000) int perMillis,
            @ForAll @IntRange(max = 2_000) int guardMillis,
            @ForAll @LongRange(min = 0, max = 4_000_000_000_000L) long start,
            @ForAll long seed) {
        var quota = new Limit(requests, Duration.ofMillis(perMillis), 1_000_000);
        var guard = Duration.ofMillis(guardMillis);
        var log = SlidingLog.begun(quota, Restraint.NONE, guard, 0, start);
        var seen = new GrantLog(quota.per().plus(guard));
        var traffic = new Random(seed);
        var restraint = Restraint.NONE;
        long now = start;

        for (int i = 0; i < 600; i++) {
            now += pause(traffic, perMillis);
            boolean changes = traffic.nextInt(10) == 0;
            if (changes) {
                int allowance = traffic.nextBoolean() ? Restraint.UNBOUND : 1 + traffic.nextInt(requests);
                restraint = new Restraint(traffic.nextInt(requests), allowance);
                log.restrain(restraint, now);
            }
            int before = seen.inStretch(now * 1_000_000L);
            int paid = log.pay(1 + traffic.nextInt(2 * requests), now).count();
            seen.add(now * 1_000_000L, paid);
            if (changes) {
                assertThat(paid).isLessThanOrEqualTo((int) Math.max(0, restraint.requests(requests) - before));
                assertThat(paid).isLessThanOrEqualTo(restraint.allowance());
            }
            log = SlidingLog.of(log.bytes(), guard);
        }
        assertThat(seen.most()).isLessThanOrEqualTo(requests).isPositive();

        now += 3L * perMillis + 3L * guardMillis + 10;
        assertThat(log.outlook(1, 0, now * 1_000_000L).available())
                .as("after a while all that is not kept back is there again")
                .isEqualTo(Math.min(restraint.requests(requests), restraint.allowance()));
    }

    /** Bursts, trickles at all scales, and pauses longer than the interval. */
    private static long pause(Random traffic, int perMillis) {
        double scale = Math.pow(10, -4 + 4.2 * traffic.nextDouble());
        return traffic.nextInt(3) == 0 ? 0 : (long) (traffic.nextDouble() * scale * perMillis);
    }

    /**
     * Each position, also far beyond the window, is paid for just when it was told, and not a millisecond earlier; where there
     * is a bound on what is sent at once and the position is many windows away, perhaps a little earlier.
     */
    @Property(tries = 200)
    void whatIsForetoldIsWhatComes(
            @ForAll @IntRange(min = 1, max = 50) int requests,
            @ForAll @IntRange(min = 1, max = 200) int position,
            @ForAll @IntRange(max = 30_000) int opensIn,
            @ForAll @IntRange(max = 20_000) int rest,
            @ForAll boolean isPaced,
            @ForAll long seed) {
        var quota = new Limit(requests, Duration.ofSeconds(10), 1_000_000);
        var traffic = new Random(seed);
        var restraint =
                new Restraint(traffic.nextInt(requests), isPaced ? 1 + traffic.nextInt(requests) : Restraint.UNBOUND);
        var log = SlidingLog.begun(quota, restraint, GUARD, START + opensIn, START);
        long now = START;
        for (int i = 0; i < 40; i++) {
            now += traffic.nextInt(1_000);
            log.pay(1 + traffic.nextInt(3), now);
        }

        long told =
                now + log.outlook(position, rest * 1_000_000L, now * 1_000_000L).nanos() / 1_000_000L;
        assertThat(told).isGreaterThanOrEqualTo(now + rest);
        int missing = position;
        for (long at = now + rest; at < told; at++) {
            missing -= log.pay(missing, at).count();
            if (missing == 0) {
                assertThat(isPaced).isTrue();
                assertThat((told - at) * 50)
                        .as("at %d of %d", at - now, told - now)
                        .isLessThanOrEqualTo(told - now);
                return;
            }
        }
        assertThat(log.pay(missing, told).count()).isEqualTo(missing);
    }

    /** Of several replicas each tells what it sent, and none knows when the others did. */
    @Property(tries = 200)
    void whatIsChargedAfterwardsCountsAsIfItHadBeenPaidForInItsTime(
            @ForAll @IntRange(min = 1, max = 3_000) int requests,
            @ForAll @Size(max = 40) List<@IntRange(max = 10_000) Integer> ages) {
        var quota = new Limit(requests, Duration.ofSeconds(10), 1_000_000);
        var guard = Duration.ofMillis(160);
        var inOrder = SlidingLog.begun(quota, Restraint.NONE, guard, 0, START);
        var asTold = SlidingLog.begun(quota, Restraint.NONE, guard, 0, START);

        ages.stream().sorted(Comparator.reverseOrder()).forEach(age -> inOrder.charge(1 + age % 3, START - age));
        ages.forEach(age -> asTold.charge(1 + age % 3, START - age));

        assertThat(asTold.bytes()).isEqualTo(inOrder.bytes());
        for (long now = START; now < START + 11_000; now += 500) {
            long counts = 0;
            long surely = now - 10_160;
            for (int age : ages) {
                counts += START - age >= surely ? Math.min(requests, 1 + age % 3) : 0;
            }
            var copy = SlidingLog.of(asTold.bytes(), guard);
            assertThat(copy.pay(requests, now).count()).isLessThanOrEqualTo((int) Math.max(0, requests - counts));
        }
    }

    @Test
    void saturatedUseGetsTheWholeQuotaOncePerIntervalAndGuard() {
        var log = SlidingLog.begun(QUOTA, Restraint.NONE, GUARD, 0, START);
        long run = Duration.ofMinutes(30).toMillis();
        int paid = 0;

        for (long at = 0; at < run; at += 5) {
            paid += log.pay(7, START + at).count();
        }

        assertThat(paid / (100.0 * run / 10_000)).isBetween(0.984, 0.99);
    }

    @Test
    void aLogOfAnEnormousQuotaStaysSmall() {
        var quota = new Limit(1_000_000, Duration.ofSeconds(10), 1_000_000_000);
        var log = SlidingLog.begun(quota, Restraint.NONE, GUARD, 0, START);

        int paid = 0;
        for (long at = 0; at < 60_000; at++) {
            paid += log.pay(1_000, START + at).count();
        }

        assertThat(log.bytes().length).isLessThan(15_000);
        assertThat(paid).isBetween(5_800_000, 6_000_000);
    }

    @Test
    void aSmallerQuotaCountsWhatWasSentUnderTheLargerOne() {
        var log = SlidingLog.begun(QUOTA, Restraint.NONE, GUARD, 0, START);
        log.pay(60, START);
        log.pay(20, START + 5_000);

        log.become(new Limit(25, Duration.ofSeconds(10), 200_000), START + 5_000);

        assertThat(log.pay(1, START + 10_160).count()).as("80 of 25").isZero();
        assertThat(log.pay(25, START + 10_161).count()).as("20 of 25").isEqualTo(5);
        assertThat(log.isOf(QUOTA)).isFalse();
    }

    @Test
    void aLongerIntervalWaitsForWhatTheShorterOneHasForgotten() {
        var log = SlidingLog.begun(QUOTA, Restraint.NONE, GUARD, 0, START);
        log.pay(100, START);
        log.pay(50, START + 11_000);

        log.become(new Limit(100, Duration.ofSeconds(60), 200_000), START + 12_000);

        assertThat(log.pay(1, START + 61_999).count()).isZero();
        assertThat(log.pay(100, START + 62_000).count())
                .as("the fifty still count")
                .isEqualTo(50);
    }

    @Test
    void whatWasToldOfLatenessIsNeverOfTheFutureAndNeverOfAnother() {
        var log = SlidingLog.begun(QUOTA, Restraint.NONE, GUARD, 0, START);
        log.pay(10, START + 9_000);

        assertThat(log.late(START - 11_000, 19_800, START + 9_500))
                .as("its own is forgotten")
                .isFalse();
        assertThat(log.late(START + 9_000, 19_800, START + 9_500)).isTrue();
        assertThat(log.pay(100, START + 19_661).count())
                .as("no later than it was told")
                .isEqualTo(100);
    }

    @Test
    void aReadingTellsWhatWasSentSince() {
        var log = SlidingLog.begun(QUOTA, Restraint.NONE, GUARD, 0, START);
        log.pay(30, START);
        var reading = log.pay(10, START + 10_300).reading();
        log.pay(7, START + 12_000);

        assertThat(reading.spent()).as("a fiftieth longer than the window").isEqualTo(40);
        assertThat(log.ownUntilNow(reading)).hasValue(47);
        assertThat(log.ownUntilNow(log.pay(1, START + 12_000).reading()))
                .as("nothing since")
                .hasValue(18);
        assertThat(SlidingLog.begun(QUOTA, Restraint.NONE, GUARD, 0, START + 1).ownUntilNow(reading))
                .as("another log knows nothing of it")
                .isEmpty();
    }

    @Test
    void whatIsToldAfterwardsCountsInItsTimeAndNothingIsMovedByNothing() {
        var log = SlidingLog.begun(QUOTA, Restraint.NONE, GUARD, 0, START);
        log.charge(20, START - 1_000);
        log.charge(10, START - 3_000);
        log.charge(5, START - 1_000);

        assertThat(log.late(START - 1_000, 0, START)).as("later by nothing").isFalse();
        assertThat(log.pay(100, START).count()).isEqualTo(65);
        assertThat(log.pay(100, START - 3_000 + 10_161).count()).isEqualTo(10);
        assertThat(log.pay(100, START - 1_000 + 10_161).count()).isEqualTo(25);
    }

    @Test
    void oneThatCameLateCountsForSoMuchLonger() {
        var log = SlidingLog.begun(QUOTA, Restraint.NONE, GUARD, 0, START);
        log.pay(60, START);
        log.pay(40, START + 3_000);

        assertThat(log.late(START - 5, 500, START + 4_000)).isTrue();
        assertThat(log.late(START, 500, START + 4_000)).isTrue();
        assertThat(log.late(START + 3_000, 400, START + 4_000)).isTrue();
        assertThat(log.late(START + 3_500, 400, START + 4_000))
                .as("none is there")
                .isFalse();
        assertThat(log.late(START + 1_000, 400, START + 4_000))
                .as("nor near it")
                .isFalse();

        assertThat(log.pay(100, START + 10_161).count()).isEqualTo(58);
        assertThat(log.pay(100, START + 10_661).count()).isEqualTo(2);
        assertThat(log.pay(100, START + 13_161).count()).isEqualTo(39);
        assertThat(log.pay(100, START + 13_561).count()).isEqualTo(1);
    }

    /** However many are late, and by how much: what they count for later they do not count for earlier, and none is lost. */
    @Property(tries = 200)
    void latenessMovesAndNeverLoses(@ForAll long seed) {
        var log = SlidingLog.begun(QUOTA, Restraint.NONE, GUARD, 0, START);
        var random = new Random(seed);
        long now = START;
        int counted = 0;
        for (int i = 0; i < 60; i++) {
            now += random.nextInt(100);
            counted += log.pay(1 + random.nextInt(3), now).count();
            log.late(now - random.nextInt(2_000), 1 + random.nextInt(1_500), now);
            log = SlidingLog.of(log.bytes(), GUARD);
            assertThat(log.outlook(1, 0, now * 1_000_000L).available()).isEqualTo(100 - counted);
        }
    }

    @Test
    void aBoundOnWhatIsSentAtOnceBeginsWithAllOfItAndARaisedOneWithWhatWasLeft() {
        var log = SlidingLog.begun(QUOTA, new Restraint(0, 10), GUARD, 0, START);
        assertThat(log.pay(12, START).count()).isEqualTo(10);

        log.restrain(new Restraint(0, 20), START);
        assertThat(log.pay(12, START).count()).as("all was sent").isZero();
        log.restrain(Restraint.NONE, START);
        log.restrain(new Restraint(0, 20), START);
        assertThat(log.pay(30, START).count()).as("bounded anew").isEqualTo(20);
    }

    @Test
    void itTellsTheWindowFromTheBoundOnWhatIsSentAtOnce() {
        var log = SlidingLog.begun(QUOTA, new Restraint(0, 10), GUARD, 0, START);

        assertThat(log.outlook(10, 0, START * 1_000_000L).byPace())
                .as("there now")
                .isFalse();
        assertThat(log.outlook(100, 0, START * 1_000_000L).byPace()).isTrue();
        assertThat(log.outlook(101, 0, START * 1_000_000L).byPace()).isFalse();

        assertThat(log.pay(3, START)).extracting(Payment::byPace, Payment::left).containsExactly(false, 97L);
        assertThat(log.pay(8, START)).extracting(Payment::byPace, Payment::left).containsExactly(true, 90L);
        log = SlidingLog.begun(new Limit(10, QUOTA.per(), QUOTA.daily()), new Restraint(0, 10), GUARD, 0, START);
        assertThat(log.pay(11, START).byPace())
                .as("the window has no more either")
                .isFalse();
    }

    @Test
    void ofAThousandEachMillisecondIsToldApartAndOfMoreElevenOfTenSecondsTogether() {
        var fine = SlidingLog.begun(new Limit(1_000, QUOTA.per(), 1_000_000), Restraint.NONE, GUARD, 0, START);
        var coarse = SlidingLog.begun(new Limit(1_000_000, QUOTA.per(), 1_000_000), Restraint.NONE, GUARD, 0, START);
        fine.pay(1_000, START);
        for (long at = 0; at < 60_000; at++) {
            coarse.pay(1, START + at);
        }

        assertThat(fine.pay(1_000, START + 10_161).count()).isEqualTo(1_000);
        assertThat(coarse.bytes().length)
                .as("a head, and twelve bytes for each that may count yet")
                .isBetween(43 + 12 * (10_360 / 11), 43 + 12 * (10_360 / 11 + 4));
    }

    /** Its moments stand eleven milliseconds apart, and a payment may be that much nearer to the next. */
    @Test
    void whatIsFarBeyondACoarseWindowComesWhenItWasToldOrAMomentEarlier() {
        var log = SlidingLog.begun(new Limit(1_500, QUOTA.per(), 1_000_000), Restraint.NONE, GUARD, 0, START);
        int missing = 4_000;

        long told = log.outlook(missing, 0, START * 1_000_000L).nanos() / 1_000_000L;

        long at = 0;
        while (missing > 0) {
            missing -= log.pay(missing, START + at++).count();
        }
        assertThat(at - 1).isBetween(told - 2 * 11, told);
    }

    /** Whoever may send but one at once loses the rest of each millisecond: such windows are longer than the interval. */
    @Test
    void whatIsFarBeyondAWindowSpentOneByOneComesWhenItWasTold() {
        var log = SlidingLog.begun(
                new Limit(900, Duration.ofSeconds(1), 1_000_000), new Restraint(0, 1), GUARD, 0, START);
        int missing = 20_000;

        long told = log.outlook(missing, 0, START * 1_000_000L).nanos() / 1_000_000L;

        long at = 0;
        while (missing > 0) {
            missing -= log.pay(missing, START + at++).count();
        }
        assertThat(at).isBetween(told * 98 / 100, told + 1);
    }

    @Test
    void isOfItsQuotaAndOfNoOtherAndLikeANewOneOnceNothingCounts() {
        var log = SlidingLog.begun(QUOTA, Restraint.NONE, GUARD, START + 5, START);

        assertThat(log.isOf(QUOTA)).isTrue();
        assertThat(log.isOf(new Limit(100, Duration.ofSeconds(11), 200_000))).isFalse();
        assertThat(log.isOf(new Limit(101, Duration.ofSeconds(10), 200_000))).isFalse();

        assertThat(log.isSpent(START + 4)).as("it is not open").isFalse();
        assertThat(log.isSpent(START + 5)).isTrue();
        log.pay(1, START + 5);
        assertThat(log.isSpent(START + 5 + 10_360))
                .as("a reading looks so far back")
                .isFalse();
        assertThat(log.isSpent(START + 5 + 10_361)).isTrue();
        assertThat(log.lifetime()).isEqualTo(Duration.ofMillis(10_360));
    }

    @Test
    void nothingIsTakenToHaveComeLaterThanATenthOfTheInterval() {
        var log = SlidingLog.begun(QUOTA, Restraint.NONE, GUARD, 0, START);
        log.pay(100, START);

        assertThat(log.late(START, 5_000, START + 9_000)).isTrue();

        assertThat(log.pay(100, START + 10_161).count()).isEqualTo(99);
        assertThat(log.pay(100, START + 11_161).count()).isEqualTo(1);
    }

    @Test
    void aLongerIntervalWaitsForNothingWhereNothingIsForgotten() {
        var log = SlidingLog.begun(QUOTA, Restraint.NONE, GUARD, 0, START);
        log.pay(30, START);

        log.become(new Limit(100, Duration.ofSeconds(60), 200_000), START + 1_000);

        assertThat(log.pay(100, START + 1_000).count()).isEqualTo(70);
    }
}
