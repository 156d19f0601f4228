package io.ghlgateway.limits;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which servers have fallen silent: three commands in a row timed out, and not all of them at once. A moment's stall, of this
 * process most of all, fails whatever is under way, be it a hundred commands; a server that is gone fails also what is asked
 * half a time-out later. Any thread.
 */
final class Silences {

    private static final int TIMEOUTS = 3;

    private record Silence(int timeouts, long since) {}

    private final long spreadNanos;
    private final Map<String, Silence> silences = new ConcurrentHashMap<>();

    /** @param timeoutNanos of one command */
    Silences(long timeoutNanos) {
        this.spreadNanos = timeoutNanos / 2;
    }

    /** The server answered. */
    void heard(String server) {
        if (!silences.isEmpty()) {
            silences.remove(server);
        }
    }

    /**
     * A command timed out.
     *
     * @param asked when it was sent, on the monotonic clock
     * @return whether the server is to be taken for gone
     */
    boolean timedOut(String server, long asked) {
        var silence = silences.merge(
                server,
                new Silence(1, asked),
                (sofar, one) -> new Silence(sofar.timeouts + 1, asked - sofar.since < 0 ? asked : sofar.since));
        return silence.timeouts >= TIMEOUTS && asked - silence.since >= spreadNanos;
    }
}
