package io.ghlgateway.limits;

/** Why a budget gives nothing now. */
public enum Cause {
    /** It does give. */
    NONE,
    /** The short window is used up. */
    BURST,
    /** The day's quota is used up. */
    DAY,
    /** The limit of an endpoint is used up. */
    ROUTE,
    /** The upstream answered 429 and the key rests, or its edge bars our address and all rest. */
    HOLD,
    /** The shared store cannot be asked, or its clock is not known well enough. */
    STORE
}
