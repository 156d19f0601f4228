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

    /**
     * What a gate is for; a new quota is a new gate.
     *
     * @param leavesReserve whether it is for calls that must leave a part to another class
     * @param caller empty where {@code quota} is: then it is for all such
     */
    record Key(boolean leavesReserve, Optional<CallerQuota> quota, String caller) {}

    /** @param most that it may have under way: requests that came when that was another number are counted apart */
    private record Load(String caller, int most) {}

    private final Optional<CallerAllowances> allowances;
    /** As few as are configured. */
    private final ConcurrentHashMap<Load, CallerLoad> loads = new ConcurrentHashMap<>();

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

    /** Of the gate that the call must pass; null when it may have all that there is. */
    @Nullable
    Key key(Call call) {
        var own = call.caller().quota();
        boolean leaves = leavesReserve(call);
        return own.isEmpty() && !leaves
                ? null
                : new Key(leaves, own, own.isEmpty() ? "" : call.caller().name());
    }

    private boolean leavesReserve(Call call) {
        return allowances.isPresent()
                && allowances.get().reserve()
                && !call.urgency().isInteractive();
    }

    /** For a call that has to pass one. */
    @Nullable
    Gate gate(Key key, Call call, Budget budget, Runnable wake) {
        var caller = call.caller();
        return allowances
                .map(all -> new Gate(
                        key.quota().isPresent(), load(caller), all.of(caller, !key.leavesReserve(), budget), wake))
                .orElse(null);
    }

    private CallerLoad load(Caller caller) {
        if (caller.quota().isEmpty()) {
            return new CallerLoad(Integer.MAX_VALUE);
        }
        int most = caller.quota().flatMap(CallerQuota::concurrency).orElse(Integer.MAX_VALUE);
        return loads.computeIfAbsent(new Load(caller.name(), most), load -> new CallerLoad(most));
    }
}
