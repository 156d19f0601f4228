package io.ghlgateway.limits;

import java.time.Duration;
import java.util.List;

/** A quota's policies; the same list while it is the quota. */
record Policies(Limit limit, List<Standing.Policy> list) {

    /** This one, if it is of that quota. */
    Policies under(Limit quota) {
        return limit.equals(quota) ? this : of(quota);
    }

    static Policies of(Limit limit) {
        return new Policies(
                limit,
                List.of(
                        new Standing.Policy(LastSeen.BURST, limit.requests(), limit.per()),
                        new Standing.Policy(LastSeen.DAY, limit.daily(), Duration.ofDays(1))));
    }
}
