package io.ghlgateway.http;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** How many connections a door holds at once, on all its event loops together. Any thread. */
public final class ConnectionCap {

    /** Where the system tells no limit of its own. */
    private static final long USUAL_FILES = 65_536;

    private final int most;
    private final AtomicInteger open = new AtomicInteger();

    public ConnectionCap(int most) {
        this.most = most;
    }

    /**
     * A part of the files that this process may have open, so that all doors together leave most of them to what they are
     * opened for: connections to HighLevel, to Redis, journals.
     *
     * @param percent of them
     * @param ceiling no more than this in any case
     */
    public static ConnectionCap ofFiles(int percent, int ceiling) {
        long files = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : USUAL_FILES;
        return new ConnectionCap((int) Math.max(1, Math.min(ceiling, files / 100 * percent)));
    }

    public int most() {
        return most;
    }

    /** Whether there is room for another; then {@link #leave} follows. */
    boolean enter() {
        if (open.incrementAndGet() <= most) {
            return true;
        }
        open.decrementAndGet();
        return false;
    }

    void leave() {
        open.decrementAndGet();
    }
}
