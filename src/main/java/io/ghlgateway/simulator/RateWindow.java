package io.ghlgateway.simulator;

import java.time.Duration;
import java.util.ArrayDeque;

/**
 * One way to count calls. Time is handed in as nanoseconds that never go back; arithmetic is in whole numbers, so that
 * what is refused is refused exactly. Not safe for use by several threads.
 */
sealed interface RateWindow {

    /** How many calls it would take now, one after the other. */
    long remaining(long now);

    /** Counts one call, whether there was room for it or not. */
    void count(long now);

    default boolean admits(long now) {
        return remaining(now) > 0;
    }

    /** @param phase how far clock and counter windows are moved against the epoch */
    static RateWindow of(WindowKind kind, Allowance allowance, Duration phase) {
        long max = allowance.max();
        long interval = allowance.interval().toNanos();
        return switch (kind) {
            case ANCHORED -> new Anchored(max, interval);
            case CLOCK -> new Clock(max, interval, phase.toNanos());
            case SLIDING -> new Sliding(max, interval);
            case COUNTER -> new Counter(max, interval, phase.toNanos());
            case BUCKET -> new Bucket(max, interval);
        };
    }

    /** See {@link WindowKind#ANCHORED}. */
    final class Anchored implements RateWindow {
        private final long max;
        private final long interval;
        private long end = Long.MIN_VALUE;
        private long count;

        Anchored(long max, long interval) {
            this.max = max;
            this.interval = interval;
        }

        @Override
        public long remaining(long now) {
            return now >= end ? max : Math.max(0, max - count);
        }

        @Override
        public void count(long now) {
            if (now >= end) {
                end = now + interval;
                count = 0;
            }
            count++;
        }
    }

    /** See {@link WindowKind#CLOCK}. */
    final class Clock implements RateWindow {
        private final long max;
        private final long interval;
        private final long phase;
        private long window = Long.MIN_VALUE;
        private long count;

        Clock(long max, long interval, long phase) {
            this.max = max;
            this.interval = interval;
            this.phase = phase;
        }

        @Override
        public long remaining(long now) {
            return Math.floorDiv(now - phase, interval) == window ? Math.max(0, max - count) : max;
        }

        @Override
        public void count(long now) {
            long current = Math.floorDiv(now - phase, interval);
            count = current == window ? count + 1 : 1;
            window = current;
        }

        /** Until the next window opens. */
        Duration untilReset(long now) {
            return Duration.ofNanos(interval - Math.floorMod(now - phase, interval));
        }
    }

    /** See {@link WindowKind#SLIDING}. A call counts for exactly one interval; its last instant is no longer in it. */
    final class Sliding implements RateWindow {
        private final long max;
        private final long interval;
        private final ArrayDeque<Long> calls = new ArrayDeque<>();

        Sliding(long max, long interval) {
            this.max = max;
            this.interval = interval;
        }

        @Override
        public long remaining(long now) {
            while (!calls.isEmpty() && calls.peekFirst() <= now - interval) {
                calls.removeFirst();
            }
            return max - calls.size();
        }

        @Override
        public void count(long now) {
            if (remaining(now) == 0) {
                // Counted though refused: the latest max calls decide alone, so the oldest may go.
                calls.removeFirst();
            }
            calls.addLast(now);
        }
    }

    /** See {@link WindowKind#COUNTER}. A call is taken if the estimate with it is still within max. */
    final class Counter implements RateWindow {
        private final long max;
        private final long interval;
        private final long phase;
        private long window = Long.MIN_VALUE;
        private long count;
        private long previous;

        Counter(long max, long interval, long phase) {
            this.max = max;
            this.interval = interval;
            this.phase = phase;
        }

        @Override
        public long remaining(long now) {
            roll(now);
            long ahead = interval - Math.floorMod(now - phase, interval);
            return Math.max(0, Math.floorDiv((max - count) * interval - previous * ahead, interval));
        }

        @Override
        public void count(long now) {
            roll(now);
            // More than ten times the max, refused calls included, is as good as ten times: it keeps products in range.
            count = Math.min(count + 1, 10 * max);
        }

        private void roll(long now) {
            long current = Math.floorDiv(now - phase, interval);
            if (current != window) {
                previous = current - 1 == window ? count : 0;
                window = current;
                count = 0;
            }
        }
    }

    /** See {@link WindowKind#BUCKET}. Never in debt: a call that finds less than a token takes what there is. */
    final class Bucket implements RateWindow {
        private final long max;
        private final long interval;
        private long level; // in tokens × interval, so that max of them come in every nanosecond
        private long filledAt;

        Bucket(long max, long interval) {
            this.max = max;
            this.interval = interval;
            this.level = max * interval;
            this.filledAt = Long.MIN_VALUE;
        }

        @Override
        public long remaining(long now) {
            refill(now);
            return level / interval;
        }

        @Override
        public void count(long now) {
            refill(now);
            level = Math.max(0, level - interval);
        }

        private void refill(long now) {
            // An interval fills any bucket; a difference this large would overflow only at the first call.
            long elapsed = filledAt == Long.MIN_VALUE ? interval : Math.min(now - filledAt, interval);
            level = Math.min(max * interval, level + elapsed * max);
            filledAt = now;
        }
    }
}
