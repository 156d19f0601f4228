package io.ghlgateway.dispatch;

import io.ghlgateway.limits.Cause;
import java.util.Locale;
import java.util.Optional;

/** What a call had to wait for, or was refused for where time is the cure. */
public enum Obstacle {
    /** The short window was used up. */
    BURST,
    /** The day's quota was used up. */
    DAY,
    /** An endpoint's own limit was used up. */
    ROUTE,
    /** HighLevel answered 429, or its edge refused our address, and the quota rested. */
    HOLD,
    /** The budget could not be asked, or not in time. */
    STORE,
    /** There was no room to wait. */
    QUEUE,
    /** This replica is going away; another takes its place. */
    DRAIN,
    /** An earlier attempt failed, and the next had to pause. */
    RETRY;

    private final String wire = name().toLowerCase(Locale.ROOT);

    /** As callers and the access log see it. */
    public String wire() {
        return wire;
    }

    static Optional<Obstacle> of(Cause cause) {
        return switch (cause) {
            case NONE -> Optional.empty();
            case BURST -> Optional.of(BURST);
            case DAY -> Optional.of(DAY);
            case ROUTE -> Optional.of(ROUTE);
            case HOLD -> Optional.of(HOLD);
            case STORE -> Optional.of(STORE);
        };
    }
}
