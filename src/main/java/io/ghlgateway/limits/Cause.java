package io.ghlgateway.limits;

import java.util.Locale;

/** Why a budget gives nothing now. */
public enum Cause {
    /** It does give. */
    NONE,
    /** The short window is used up. */
    WINDOW,
    /** The day's quota is used up. */
    DAY,
    /** The limit of an endpoint is used up. */
    ROUTE,
    /** The upstream answered 429 and the key rests, or its edge bars our address and all rest. */
    HOLD,
    /** The key is sent for more slowly than its quota allows, since the upstream refused what the quota had paid for. */
    PACE,
    /** The caller has had its own part, which its configuration sets. */
    CALLER_SHARE,
    /** The shared store cannot be asked, or its clock is not known well enough. */
    DEGRADED;

    private final String wire = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** As callers, operators and metrics see it. */
    public String wire() {
        return wire;
    }
}
