package io.ghlgateway.dispatch;

import io.ghlgateway.limits.Budget;
import io.ghlgateway.limits.CallerAllowances;
import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.CallerQuota;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes the gates: of callers that have a quota, and of all requests that must leave a part to another class. Any thread.
 */
final class Gates {

    private final Optional<CallerAllowances> allowances;
    /** By caller; as few as are configured. */
    private final ConcurrentHashMap<String, CallerLoad> loads = new ConcurrentHashMap<>();

    /** @param allowances empty where no caller's quota is heeded, and nothing is reserved */
    Gates(Optional<CallerAllowances> allowances) {
        this.allowances = allowances;
    }

    /** An interactive call makes room for those like it. */
    void came(Call call, Budget budget) {
        if (allowances.isPresent() && call.urgency().isInteractive()) {
            allowances.get().asked(budget.key());
        }
    }

    /** What the gate is called that the call must pass; null when it may have all that there is. */
    @Nullable
    String name(Call call) {
        boolean isOwn = call.caller().quota().isPresent();
        boolean leaves = leavesReserve(call);
        return !isOwn && !leaves
                ? null
                : (leaves ? "-" : "+") + (isOwn ? call.caller().name() : "");
    }

    private boolean leavesReserve(Call call) {
        return allowances.isPresent()
                && allowances.get().reserve()
                && !call.urgency().isInteractive();
    }

    /** For a call that has to pass one. */
    @Nullable
    Gate gate(String name, Call call, Budget budget, Runnable wake) {
        var caller = call.caller();
        return allowances
                .map(all -> new Gate(
                        name,
                        caller.quota().isPresent(),
                        load(caller),
                        all.of(caller, call.urgency().isInteractive(), budget),
                        wake))
                .orElse(null);
    }

    private CallerLoad load(Caller caller) {
        if (caller.quota().isEmpty()) {
            return new CallerLoad(Integer.MAX_VALUE);
        }
        int most = caller.quota().flatMap(CallerQuota::concurrency).orElse(Integer.MAX_VALUE);
        return loads.computeIfAbsent(caller.name(), name -> new CallerLoad(most));
    }
}
