package io.ghlgateway.limits;

import io.github.bucket4j.TokensInheritanceStrategy;
import io.github.bucket4j.distributed.remote.CommandResult;
import io.github.bucket4j.distributed.remote.MutableBucketEntry;
import io.github.bucket4j.distributed.remote.RemoteBucketState;
import io.github.bucket4j.distributed.remote.RemoteCommand;
import io.github.bucket4j.distributed.serialization.PrimitiveSerializationHandles;
import io.github.bucket4j.distributed.serialization.SerializationHandle;
import io.github.bucket4j.distributed.versioning.Version;
import io.github.bucket4j.distributed.versioning.Versions;

/**
 * A change to a bucket in Redis that must be one step for all replicas, or two that make it at once would undo each
 * other; Bucket4j has no such command. It runs in this process, between a read and a compare-and-set, and may run more
 * than once until that succeeds. Its result is how many tokens it threw away.
 */
final class Adjustment implements RemoteCommand<Long> {

    /** What is to be done to a bucket that is there and filled up to {@code nowNanos}. */
    private interface Step {
        long apply(RemoteBucketState state, long nowNanos);
    }

    private final Step step;

    private Adjustment(Step step) {
        this.step = step;
    }

    /** See {@link TokenBucket#become}. */
    static Adjustment becoming(StrictWindow next) {
        return new Adjustment((state, now) -> {
            if (!next.isOf(state.getConfiguration())) {
                long left = Reconciliation.carriedOver(
                        StrictWindow.requests(state.getConfiguration()), state.getAvailableTokens(), next.requests());
                state.replaceConfiguration(next.holding(left, now), TokensInheritanceStrategy.RESET, now);
            }
            return 0;
        });
    }

    /** See {@link TokenBucket#tighten}. */
    static Adjustment tightening(DayLeft left) {
        return new Adjustment((state, now) -> {
            long excess = left.excess(state.getAvailableTokens(), StrictWindow.requests(state.getConfiguration()));
            state.consume(excess);
            return excess;
        });
    }

    @Override
    public CommandResult<Long> execute(MutableBucketEntry entry, long nowNanos) {
        if (!entry.exists()) {
            return CommandResult.bucketNotFound();
        }
        var state = entry.get();
        state.refillAllBandwidth(nowNanos);
        long gone = step.apply(state, nowNanos);
        entry.set(state);
        return CommandResult.success(gone, PrimitiveSerializationHandles.LONG_HANDLE);
    }

    /** What this replica took and has not told Redis yet counts, too. */
    @Override
    public boolean isImmediateSyncRequired(long unsynchronizedTokens, long nanosSinceLastSync) {
        return true;
    }

    @Override
    public long estimateTokensToConsume() {
        return 0;
    }

    @Override
    public long getConsumedTokens(Long gone) {
        return 0;
    }

    @Override
    public Version getRequiredVersion() {
        return Versions.v_7_0_0;
    }

    @Override
    public SerializationHandle<RemoteCommand<?>> getSerializationHandle() {
        throw new UnsupportedOperationException("runs in this process only");
    }
}
