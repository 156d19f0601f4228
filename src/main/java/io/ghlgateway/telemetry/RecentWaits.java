package io.ghlgateway.telemetry;

import io.ghlgateway.admin.Activity.Waits;
import io.ghlgateway.edge.EdgeEvents.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** How long requests waited in the last minute: counts by length, four to each doubling. Any thread. */
final class RecentWaits {

    private static final int BUCKETS = 80;

    private final List<RollingCount> counts = new ArrayList<>();

    RecentWaits() {
        for (int i = 0; i < BUCKETS; i++) {
            counts.add(new RollingCount());
        }
    }

    /** Not of those who were turned away at the door: they would make all waits look short. */
    static boolean isOne(Answer answer) {
        return answer.attempts() > 0 || !answer.waited().isZero();
    }

    void add(Duration waited) {
        counts.get(bucket(waited.toMillis())).add();
    }

    void tick(long number) {
        counts.forEach(count -> count.tick(number));
    }

    Waits read(long number) {
        var minute =
                counts.stream().mapToLong(count -> count.read(number).minute()).toArray();
        long all = LongStream.of(minute).sum();
        return new Waits(all, rank(minute, (all + 1) / 2), rank(minute, all - all / 100));
    }

    /** The longest wait of the bucket in which the one of this rank is; 1 for the shortest wait of all. */
    private static Duration rank(long[] counts, long rank) {
        long passed = 0;
        for (int i = 0; i < counts.length; i++) {
            passed += counts[i];
            if (passed >= rank) {
                return Duration.ofMillis(rank == 0 ? 0 : longest(i));
            }
        }
        return Duration.ZERO;
    }

    /** 0 to 3 ms have one each; then the two bits behind the first one count. */
    private static int bucket(long millis) {
        if (millis < 4) {
            return (int) Math.max(0, millis);
        }
        int log = 63 - Long.numberOfLeadingZeros(millis);
        return Math.min(BUCKETS - 1, (log - 1) * 4 + (int) (millis >> (log - 2) & 3));
    }

    private static long longest(int bucket) {
        if (bucket < 4) {
            return bucket;
        }
        int log = bucket / 4 + 1;
        return (4L + bucket % 4 + 1 << log - 2) - 1;
    }
}
