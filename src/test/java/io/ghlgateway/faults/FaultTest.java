package io.ghlgateway.faults;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.TestReporter;

/** What the rows' tests share. Their times are the world's, not a clock's of their own: that is what they are for. */
abstract class FaultTest {

    private final TestReporter reporter;

    FaultTest(TestReporter reporter) {
        this.reporter = reporter;
    }

    /** What was measured, before it is judged. */
    final void report(String format, Object... values) {
        reporter.publishEntry(FaultMatrix.MEASURED, format.formatted(values));
    }

    /** How many of something, or how long: with {@code -Dcounts=full} as many as a release should see, which takes its time. */
    static int count(int usual, int full) {
        return System.getProperty("counts", "").equals("full") ? full : usual;
    }

    /** In ms, of {@link System#nanoTime()}. */
    static long since(long start) {
        return (System.nanoTime() - start) / 1_000_000;
    }

    static void pause(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
