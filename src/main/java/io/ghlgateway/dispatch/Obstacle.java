package io.ghlgateway.dispatch;

import io.ghlgateway.limits.Cause;
import java.util.Locale;
import java.util.Optional;

/** What a call had to wait for, or was refused for where time may be the cure: the closed list that callers see. */
public enum Obstacle {
    /** HighLevel failed an attempt, could not be reached, or gives no token. */
    UPSTREAM,
    /** The short window was used up. */
    WINDOW,
    /** The day's quota was used up. */
    DAY,
    /** An endpoint's own limit was used up. */
    ROUTE,
    /** HighLevel answered 429, its edge refused our address, or an operator said so, and the quota rested. */
    HOLD,
    /** The quota was spent more slowly than it allows, after 429s. */
    PACE,
    /** The caller had had its own part. */
    CALLER_SHARE,
    /** There was no room to wait. */
    QUEUE_FULL,
    /** The quota was there, and the caller's patience ended before it could be used. */
    DEADLINE,
    /** The gateway was not whole: its shared budgets could not be asked, or this replica is going away. */
    DEGRADED;

    private final String wire = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** As callers and the access log see it. */
    public String wire() {
        return wire;
    }

    static Optional<Obstacle> of(Cause cause) {
        return switch (cause) {
            case NONE -> Optional.empty();
            case WINDOW -> Optional.of(WINDOW);
            case DAY -> Optional.of(DAY);
            case ROUTE -> Optional.of(ROUTE);
            case HOLD -> Optional.of(HOLD);
            case PACE -> Optional.of(PACE);
            case CALLER_SHARE -> Optional.of(CALLER_SHARE);
            case DEGRADED -> Optional.of(DEGRADED);
        };
    }
}
