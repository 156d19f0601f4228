package io.ghlgateway.limits.redis;

import io.ghlgateway.redis.RedisTrouble;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

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

    /**
     * What a command's end tells of the server: nothing where it concerns one key for a moment, or is one silence among answers.
     *
     * @param asked when it was sent, on the monotonic clock
     * @param failure null where it was answered
     */
    Optional<RedisTrouble> judge(String server, long asked, @Nullable Throwable failure) {
        if (failure == null) {
            heard(server);
            return Optional.empty();
        }
        return RedisTrouble.of(failure)
                .filter(trouble -> trouble != RedisTrouble.MOVING)
                .filter(trouble -> trouble != RedisTrouble.SILENT || timedOut(server, asked));
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
