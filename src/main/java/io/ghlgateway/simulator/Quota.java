package io.ghlgateway.simulator;

import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * What one resource may spend and has spent: the burst, perhaps a second window, and the day. A call is admitted by all
 * of them or by none. The windows belong to the simulator's event loop; the counts may be read from any thread.
 */
final class Quota {

    private static final Duration DAY = Duration.ofDays(1);

    private final SimulatorOptions options;
    private final long daily;
    private final RateWindow burst;
    private final RateWindow.Clock day;
    private final List<RateWindow> windows;
    private final LongAdder accepted = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final ArrayDeque<Long> latest = new ArrayDeque<>();
    private volatile int busiest;

    /**
     * @param daily calls a day
     * @param dayBegan when the current day began; each next one begins 24 h later
     */
    Quota(SimulatorOptions options, long daily, Duration phase, long dayBegan) {
        this.options = options;
        this.daily = daily;
        this.burst = RateWindow.of(options.window(), options.limit(), phase);
        this.day = new RateWindow.Clock(daily, DAY.toNanos(), Math.floorMod(dayBegan, DAY.toNanos()));
        this.windows = Stream.concat(
                        Stream.of(burst, day),
                        options.also().stream().map(also -> RateWindow.of(WindowKind.SLIDING, also, Duration.ZERO)))
                .toList();
    }

    boolean admits(long now) {
        return windows.stream().allMatch(window -> window.admits(now));
    }

    void accept(long now) {
        windows.forEach(window -> window.count(now));
        accepted.increment();
        recount(now);
    }

    /** A call that found no room. */
    void refuse(long now) {
        if (options.countsRefused()) {
            windows.forEach(window -> window.count(now));
        }
        refused.increment();
    }

    /** A call that is answered 429 though there was room. */
    void throttle() {
        refused.increment();
    }

    /** The six headers of HighLevel, as they stand after the call that was just judged. */
    void describe(long now, MultiMap headers) {
        headers.set("X-RateLimit-Limit-Daily", Long.toString(daily))
                .set("X-RateLimit-Daily-Remaining", Long.toString(day.remaining(now)))
                .set("X-RateLimit-Daily-Reset", Long.toString(ceilMillis(day.untilReset(now))))
                .set(
                        "X-RateLimit-Interval-Milliseconds",
                        Long.toString(options.limit().interval().toMillis()))
                .set("X-RateLimit-Max", Integer.toString(options.limit().max()))
                .set("X-RateLimit-Remaining", Long.toString(burst.remaining(now)));
    }

    /** What a {@code Retry-After} would say: one interval, or the rest of the day. */
    Duration pause(long now) {
        return day.admits(now) ? options.limit().interval() : day.untilReset(now);
    }

    SimulatorStats.Counts counts() {
        return new SimulatorStats.Counts(accepted.sum(), refused.sum(), busiest);
    }

    /** A recount of its own beside the windows: how many calls any one interval has really seen. */
    private void recount(long now) {
        latest.addLast(now);
        long gone = now - options.limit().interval().toNanos();
        while (latest.getFirst() <= gone) {
            latest.removeFirst();
        }
        busiest = Math.max(busiest, latest.size());
    }

    private static long ceilMillis(Duration duration) {
        return duration.plusNanos(999_999).toMillis();
    }
}
