package io.ghlgateway.dispatch;

import java.time.Duration;

/** A timer. */
@FunctionalInterface
public interface Alarm {

    /**
     * Runs {@code action} once, {@code delay} from now or a little later, never earlier, on any thread.
     *
     * @return cancels it; does nothing once it has run
     */
    Runnable set(Duration delay, Runnable action);
}
