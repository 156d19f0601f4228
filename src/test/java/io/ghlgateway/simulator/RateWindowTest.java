package io.ghlgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Each kind against a recount from the whole list of accepted calls, by the definition of the kind. */
class RateWindowTest {

    private static final long INTERVAL = 10_000_000_000L;
    private static final long START = 1_790_000_000_123_456_789L;

    /** Whether a call at {@code now} is within the limit, told from the accepted calls alone. */
    private interface Recount {
        boolean admits(List<Long> accepted, long now, int max, long phase);
    }

    @Property
    void anchoredOpensWithTheFirstCallAfterTheLastWindow(
            @ForAll @Size(max = 150) List<@LongRange(max = 25_000_000_000L) Long> gaps,
            @ForAll @IntRange(min = 1, max = 12) int max) {
        agree(WindowKind.ANCHORED, gaps, max, 0, (accepted, now, limit, phase) -> {
            long opened = accepted.isEmpty() ? now : accepted.get(0);
            int inside = 0;
            for (long call : accepted) {
                boolean opens = call >= opened + INTERVAL;
                opened = opens ? call : opened;
                inside = opens ? 1 : inside + 1;
            }
            return accepted.isEmpty() || now >= opened + INTERVAL || inside < limit;
        });
    }

    @Property
    void clockCountsEachCellOfItsGrid(
            @ForAll @Size(max = 150) List<@LongRange(max = 25_000_000_000L) Long> gaps,
            @ForAll @IntRange(min = 1, max = 12) int max,
            @ForAll @LongRange(max = INTERVAL - 1) long phase) {
        agree(
                WindowKind.CLOCK,
                gaps,
                max,
                phase,
                (accepted, now, limit, offset) -> inCell(accepted, now, offset, 0) < limit);
    }

    @Property
    void slidingNeverSeesMoreThanTheMaximumInAnyInterval(
            @ForAll @Size(max = 150) List<@LongRange(max = 25_000_000_000L) Long> gaps,
            @ForAll @IntRange(min = 1, max = 12) int max) {
        agree(
                WindowKind.SLIDING,
                gaps,
                max,
                0,
                (accepted, now, limit, phase) ->
                        accepted.stream().filter(call -> call > now - INTERVAL).count() < limit);
    }

    @Property
    void counterWeighsThePreviousCellByWhatASlidingWindowWouldStillSee(
            @ForAll @Size(max = 150) List<@LongRange(max = 25_000_000_000L) Long> gaps,
            @ForAll @IntRange(min = 1, max = 12) int max,
            @ForAll @LongRange(max = INTERVAL - 1) long phase) {
        agree(WindowKind.COUNTER, gaps, max, phase, (accepted, now, limit, offset) -> {
            long ahead = INTERVAL - Math.floorMod(now - offset, INTERVAL);
            BigInteger estimate = BigInteger.valueOf(inCell(accepted, now, offset, -1))
                    .multiply(BigInteger.valueOf(ahead))
                    .add(BigInteger.valueOf(inCell(accepted, now, offset, 0) + 1)
                            .multiply(BigInteger.valueOf(INTERVAL)));
            return estimate.compareTo(BigInteger.valueOf(limit).multiply(BigInteger.valueOf(INTERVAL))) <= 0;
        });
    }

    @Property
    void bucketHoldsTheMaximumAndRefillsEvenly(
            @ForAll @Size(max = 150) List<@LongRange(max = 25_000_000_000L) Long> gaps,
            @ForAll @IntRange(min = 1, max = 12) int max) {
        agree(WindowKind.BUCKET, gaps, max, 0, (accepted, now, limit, phase) -> {
            BigInteger token = BigInteger.valueOf(INTERVAL);
            BigInteger full = token.multiply(BigInteger.valueOf(limit));
            BigInteger level = full;
            long at = START;
            for (long call : accepted) {
                level = full.min(level.add(BigInteger.valueOf((call - at) * limit)))
                        .subtract(token);
                at = call;
            }
            return full.min(level.add(BigInteger.valueOf((now - at) * limit))).compareTo(token) >= 0;
        });
    }

    @Property
    void remainingIsTheNumberOfCallsThatItTakesAtOnce(
            @ForAll WindowKind kind,
            @ForAll @Size(max = 40) List<@LongRange(max = 25_000_000_000L) Long> gaps,
            @ForAll @IntRange(min = 1, max = 30) int max) {
        RateWindow window = window(kind, max, 77);
        long now = START;
        for (long gap : gaps) {
            now += gap;
            tryAcquire(window, now);
        }

        long remaining = window.remaining(now);
        long taken = 0;
        while (tryAcquire(window, now)) {
            taken++;
        }

        assertThat(taken).isEqualTo(remaining);
        assertThat(window.remaining(now)).isZero();
    }

    @Test
    void slidingTakesTheNextCallExactlyOneIntervalAfterTheFirst() {
        RateWindow window = window(WindowKind.SLIDING, 1, 0);
        window.count(START);

        assertThat(window.admits(START + INTERVAL - 1)).isFalse();
        assertThat(window.admits(START + INTERVAL)).isTrue();
    }

    @Test
    void slidingStaysShutForOneWhoKeepsKnockingWhereRefusedCallsCount() {
        RateWindow window = window(WindowKind.SLIDING, 2, 0);

        for (int knock = 0; knock < 20; knock++) {
            window.count(START + knock * INTERVAL / 4);
        }

        long last = START + 19 * INTERVAL / 4;
        assertThat(window.admits(last + INTERVAL * 3 / 4 - 1)).isFalse();
        assertThat(window.admits(last + INTERVAL * 3 / 4)).isTrue();
    }

    private static boolean tryAcquire(RateWindow window, long now) {
        boolean admitted = window.admits(now);
        if (admitted) {
            window.count(now);
        }
        return admitted;
    }

    private static void agree(WindowKind kind, List<Long> gaps, int max, long phase, Recount recount) {
        RateWindow window = window(kind, max, phase);
        List<Long> accepted = new ArrayList<>();
        long now = START;
        window.remaining(now); // the bucket's time begins here
        for (long gap : gaps) {
            now += gap;
            boolean expected = recount.admits(accepted, now, max, phase);
            assertThat(tryAcquire(window, now)).isEqualTo(expected);
            if (expected) {
                accepted.add(now);
            }
        }
    }

    private static int inCell(List<Long> accepted, long now, long phase, int offset) {
        long cell = Math.floorDiv(now - phase, INTERVAL) + offset;
        return (int) accepted.stream()
                .filter(call -> Math.floorDiv(call - phase, INTERVAL) == cell)
                .count();
    }

    private static RateWindow window(WindowKind kind, int max, long phase) {
        return RateWindow.of(kind, new Allowance(max, Duration.ofNanos(INTERVAL)), Duration.ofNanos(phase));
    }
}
