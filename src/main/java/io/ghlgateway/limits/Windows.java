package io.ghlgateway.limits;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;

/** The windows of all quotas in use: one of each kind, shared by all keys that have the quota. */
public final class Windows {

    private static final Duration DAY = Duration.ofDays(1);

    private final StrictWindow.Tuning tuning;
    private final Cache<Limit, StrictWindow> bursts =
            Caffeine.newBuilder().maximumSize(256).build();
    private final Cache<Long, StrictWindow> days =
            Caffeine.newBuilder().maximumSize(256).build();

    public Windows(StrictWindow.Tuning tuning) {
        this.tuning = tuning;
    }

    public StrictWindow burst(Limit limit) {
        return bursts.get(limit, l -> StrictWindow.of(l.requests(), l.per(), tuning));
    }

    /** How much longer than its interval a short window is kept to. */
    public Duration guard() {
        return tuning.guard();
    }

    /** A day that may begin at any time. */
    StrictWindow day(Limit limit) {
        return days.get(limit.daily(), daily -> StrictWindow.of(daily, DAY, StrictWindow.Tuning.DAY));
    }
}
