package io.ghlgateway.dispatch;

import io.ghlgateway.limits.Budget;
import io.ghlgateway.limits.CallerAllowances;
import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.CallerQuota;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Makes the gates of callers that have a quota. Any thread. */
final class Gates {

    private final Optional<CallerAllowances> allowances;
    /** By caller; as few as are configured. */
    private final ConcurrentHashMap<String, CallerLoad> loads = new ConcurrentHashMap<>();

    /** @param allowances empty where no caller's quota is heeded */
    Gates(Optional<CallerAllowances> allowances) {
        this.allowances = allowances;
    }

    /** Null for a caller that may have all that there is. */
    @Nullable
    Gate gate(Caller caller, Budget budget, Runnable wake) {
        return allowances
                .map(all -> new Gate(load(caller), all.of(caller, budget), wake))
                .orElse(null);
    }

    private CallerLoad load(Caller caller) {
        int most = caller.quota().flatMap(CallerQuota::concurrency).orElse(Integer.MAX_VALUE);
        return loads.computeIfAbsent(caller.name(), name -> new CallerLoad(most));
    }
}
