package io.ghlgateway.limits;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;

/**
 * When a day's quota will be gone if it is spent as in the last quarter of an hour, by whomever: from what was left of it
 * once a minute. Any thread.
 */
final class DayForecast {

    private static final long APART = Duration.ofMinutes(1).toNanos();
    private static final int KEPT = 15;

    private record Sample(long at, long left) {}

    private final ArrayDeque<Sample> samples = new ArrayDeque<>(); // guarded by this

    /** @param inFlight how many may be in neither bucket nor credit at a moment */
    synchronized void saw(long left, long inFlight, long now) {
        var last = samples.peekLast();
        if (last != null && left > last.left() + inFlight) {
            samples.clear(); // a new day, or more of it came back than was spent
        } else if (last != null && now - last.at() < APART) {
            return;
        }
        samples.addLast(new Sample(now, left));
        if (samples.size() > KEPT) {
            samples.removeFirst();
        }
    }

    /** Empty when it is not being spent, or not long enough to tell. */
    synchronized Optional<Duration> exhaustedIn(long left, long now) {
        var first = samples.peekFirst();
        if (first == null || now - first.at() < APART || first.left() <= left) {
            return Optional.empty();
        }
        double perNano = (double) (first.left() - left) / (now - first.at());
        return Optional.of(Duration.ofNanos((long) Math.min(Long.MAX_VALUE, left / perNano)));
    }
}
