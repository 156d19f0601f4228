package io.ghlgateway.simulator;

import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one location or company has used of its quota. Lives on the simulator's event loop. */
final class Account {

    private static final long DAY = Duration.ofDays(1).toNanos();

    private final SimulatorOptions options;
    private final long dayBegan;
    private final RateWindow window;
    private final @Nullable RateWindow second;
    private long dayNumber;
    private long today;
    private long accepted;
    private long refused;

    /** @param dayBegan when the simulator's days begin */
    Account(SimulatorOptions options, long dayBegan) {
        this.options = options;
        this.dayBegan = dayBegan;
        this.window = RateWindows.of(
                options.window(), options.max(), options.interval(), options.phase(), options.refusedCount());
        this.second = options.also()
                .map(rate -> RateWindows.of(
                        RateWindow.Kind.SLIDING, rate.max(), rate.interval(), Duration.ZERO, options.refusedCount()))
                .orElse(null);
    }

    /** Counts a call that arrives now, or refuses it. */
    boolean accept(long now) {
        turnDay(now);
        boolean fits =
                today < options.daily() && window.remaining(now) > 0 && (second == null || second.remaining(now) > 0);
        if (fits || options.refusedCount()) {
            window.accept(now);
            if (second != null) {
                second.accept(now);
            }
        }
        if (fits) {
            today++;
            accepted++;
        } else {
            refused++;
        }
        return fits;
    }

    /** For a refusal that a fault made. */
    void refuse() {
        refused++;
    }

    void writeHeaders(long now, MultiMap headers) {
        turnDay(now);
        headers.set("X-RateLimit-Limit-Daily", String.valueOf(options.daily()))
                .set("X-RateLimit-Daily-Remaining", String.valueOf(options.daily() - today))
                .set("X-RateLimit-Daily-Reset", String.valueOf((DAY - (now - dayBegan) % DAY) / 1_000_000))
                .set(
                        "X-RateLimit-Interval-Milliseconds",
                        String.valueOf(options.interval().toMillis()))
                .set("X-RateLimit-Max", String.valueOf(options.max()))
                .set("X-RateLimit-Remaining", String.valueOf(window.remaining(now)));
    }

    Optional<Duration> retryAfter() {
        return options.retryAfter() ? Optional.of(options.interval()) : Optional.empty();
    }

    long accepted() {
        return accepted;
    }

    long refused() {
        return refused;
    }

    JsonObject stats() {
        return new JsonObject().put("accepted", accepted).put("refused", refused);
    }

    private void turnDay(long now) {
        long number = (now - dayBegan) / DAY;
        if (number != dayNumber) {
            dayNumber = number;
            today = 0;
        }
    }
}
