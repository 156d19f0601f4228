package io.ghlgateway.limits;

import java.time.Duration;

/**
 * When a budget will give, as far as it knows now; nothing is spent by asking.
 *
 * @param free how many sends could be paid for at this moment
 * @param delay how long until the asked position could be paid for; zero when that is now
 * @param cause what the delay is for; {@link Cause#NONE} when there is none
 */
public record Forecast(int free, Duration delay, Cause cause) {

    public boolean isNow() {
        return delay.isZero();
    }
}
