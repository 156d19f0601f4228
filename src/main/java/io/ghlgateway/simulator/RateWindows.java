package io.ghlgateway.simulator;

import java.time.Duration;
import java.util.ArrayDeque;

/** Each kind of {@link RateWindow}. */
final class RateWindows {

    private RateWindows() {}

    /**
     * @param phase where the fixed windows of CLOCK and COUNTER begin
     * @param refusedCount whether a refused call counts as if it had been accepted
     */
    static RateWindow of(RateWindow.Kind kind, int max, Duration interval, Duration phase, boolean refusedCount) {
        long length = interval.toNanos();
        return switch (kind) {
            case ANCHORED -> new Anchored(max, length, refusedCount);
            case CLOCK -> new Clock(max, length, phase.toNanos(), refusedCount);
            case SLIDING -> new Sliding(max, length, refusedCount);
            case COUNTER -> new Counter(max, length, phase.toNanos(), refusedCount);
            case BUCKET -> new Bucket(max, length);
        };
    }

    private static final class Anchored implements RateWindow {

        private final int max;
        private final long length;
        private final boolean refusedCount;
        private boolean begun;
        private long start;
        private int count;

        Anchored(int max, long length, boolean refusedCount) {
            this.max = max;
            this.length = length;
            this.refusedCount = refusedCount;
        }

        @Override
        public boolean accept(long now) {
            if (!begun || now - start >= length) {
                begun = true;
                start = now;
                count = 0;
            }
            boolean accepted = count < max;
            count += accepted || refusedCount ? 1 : 0;
            return accepted;
        }

        @Override
        public int remaining(long now) {
            return !begun || now - start >= length ? max : Math.max(0, max - count);
        }
    }

    private static final class Clock implements RateWindow {

        private final int max;
        private final long length;
        private final long phase;
        private final boolean refusedCount;
        private long window = Long.MIN_VALUE;
        private int count;

        Clock(int max, long length, long phase, boolean refusedCount) {
            this.max = max;
            this.length = length;
            this.phase = phase;
            this.refusedCount = refusedCount;
        }

        @Override
        public boolean accept(long now) {
            long current = Math.floorDiv(now - phase, length);
            if (current != window) {
                window = current;
                count = 0;
            }
            boolean accepted = count < max;
            count += accepted || refusedCount ? 1 : 0;
            return accepted;
        }

        @Override
        public int remaining(long now) {
            return Math.floorDiv(now - phase, length) != window ? max : Math.max(0, max - count);
        }
    }

    private static final class Sliding implements RateWindow {

        private final int max;
        private final long length;
        private final boolean refusedCount;
        private final ArrayDeque<Long> arrivals = new ArrayDeque<>();

        Sliding(int max, long length, boolean refusedCount) {
            this.max = max;
            this.length = length;
            this.refusedCount = refusedCount;
        }

        @Override
        public boolean accept(long now) {
            forget(now);
            boolean accepted = arrivals.size() < max;
            if (accepted) {
                arrivals.add(now);
            } else if (refusedCount) {
                arrivals.remove(); // the oldest no longer matters: the window is full either way
                arrivals.add(now);
            }
            return accepted;
        }

        @Override
        public int remaining(long now) {
            forget(now);
            return max - arrivals.size();
        }

        private void forget(long now) {
            while (!arrivals.isEmpty() && now - arrivals.element() >= length) {
                arrivals.remove();
            }
        }
    }

    private static final class Counter implements RateWindow {

        private final int max;
        private final long length;
        private final long phase;
        private final boolean refusedCount;
        private long window = Long.MIN_VALUE;
        private int count;
        private int before;

        Counter(int max, long length, long phase, boolean refusedCount) {
            this.max = max;
            this.length = length;
            this.phase = phase;
            this.refusedCount = refusedCount;
        }

        @Override
        public boolean accept(long now) {
            turn(now);
            boolean accepted = estimate(now) + 1 <= max;
            count += accepted || refusedCount ? 1 : 0;
            return accepted;
        }

        @Override
        public int remaining(long now) {
            turn(now);
            return Math.max(0, (int) Math.floor(max - estimate(now)));
        }

        private double estimate(long now) {
            double elapsed = (double) Math.floorMod(now - phase, length) / length;
            return count + before * (1 - elapsed);
        }

        private void turn(long now) {
            long current = Math.floorDiv(now - phase, length);
            if (current != window) {
                before = current - 1 == window ? count : 0;
                count = 0;
                window = current;
            }
        }
    }

    private static final class Bucket implements RateWindow {

        private final int max;
        private final long length;
        private boolean begun;
        private double tokens;
        private long at;

        Bucket(int max, long length) {
            this.max = max;
            this.length = length;
            this.tokens = max;
        }

        @Override
        public boolean accept(long now) {
            refill(now);
            if (tokens < 1) {
                return false;
            }
            tokens--;
            return true;
        }

        @Override
        public int remaining(long now) {
            refill(now);
            return (int) tokens;
        }

        private void refill(long now) {
            if (begun) {
                tokens = Math.min(max, tokens + (double) (now - at) * max / length);
            }
            begun = true;
            at = now;
        }
    }
}
