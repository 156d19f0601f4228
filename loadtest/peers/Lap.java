import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * What came of one lap of the driver.
 *
 * @param perSecond answers with 2xx that came within its time
 * @param ok answers with 2xx, also those that came after its end
 * @param others how many ended otherwise: by status, {@code failed} for a connection that broke, {@code open} for no answer
 * @param latencies of all answers, sorted, in ns from when they were due
 * @param lateness how much later than due the driver itself wrote requests for which it had a connection, sorted, in ns
 */
record Lap(double perSecond, long ok, Map<String, Long> others, long[] latencies, long[] lateness) {

    /** The latency in ms that this share of the answers kept to. */
    double millis(double share) {
        return at(latencies, share) / 1e6;
    }

    /** The driver's own lateness, as above. */
    double lateMillis(double share) {
        return at(lateness, share) / 1e6;
    }

    private static double at(long[] sorted, double share) {
        return sorted.length == 0 ? Double.NaN : sorted[Math.max(0, (int) Math.ceil(sorted.length * share) - 1)];
    }

    /** Used by one thread at a time. */
    static final class Builder {
        private long[] latencies = new long[1 << 16];
        private long[] lateness = new long[1 << 16];
        private int answers;
        private int sent;
        private long ok;
        private long inTime;
        private long began;
        private long end;
        private final Map<String, Long> others = new TreeMap<>();

        Builder began(long now, long end) {
            this.began = now;
            this.end = end;
            return this;
        }

        void sentLate(long nanos) {
            lateness = sent == lateness.length ? Arrays.copyOf(lateness, sent * 2) : lateness;
            lateness[sent++] = nanos;
        }

        void answered(int status, long nanos, long now) {
            latencies = answers == latencies.length ? Arrays.copyOf(latencies, answers * 2) : latencies;
            latencies[answers++] = nanos;
            if (status / 100 == 2) {
                ok++;
                inTime += now <= end ? 1 : 0;
            } else {
                others.merge(Integer.toString(status), 1L, Long::sum);
            }
        }

        void failed() {
            others.merge("failed", 1L, Long::sum);
        }

        Lap ended(long open) {
            if (open > 0) {
                others.put("open", open);
            }
            var sorted = Arrays.copyOf(latencies, answers);
            var late = Arrays.copyOf(lateness, sent);
            Arrays.sort(sorted);
            Arrays.sort(late);
            return new Lap(inTime / ((end - began) / 1e9), ok, others, sorted, late);
        }
    }
}
