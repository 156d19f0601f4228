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
import java.util.OptionalLong;

/**
 * What is done to a bucket in Redis that must be one step for all replicas, or two that do it at once would undo each
 * other, where Bucket4j has no such command. It runs in this process, between a read and a compare-and-set, and may run
 * more than once until that succeeds.
 *
 * @param <T> its result
 */
final class BucketCommand<T> implements RemoteCommand<T> {

    /** What is to be done to a bucket that is there and filled up to {@code nowNanos}. */
    private interface Step<T> {
        T apply(RemoteBucketState state, long nowNanos);
    }

    private final Step<T> step;
    private final boolean changes;

    private BucketCommand(boolean changes, Step<T> step) {
        this.changes = changes;
        this.step = step;
    }

    /** See {@link TokenBucket#pay}. */
    static BucketCommand<Payment> paying(int wanted, Limit limit) {
        return new BucketCommand<>(true, (state, now) -> {
            int paid = (int) Math.max(0, Math.min(wanted, state.getAvailableTokens()));
            state.consume(paid);
            return new Payment(paid, Reading.of(state.getState(), limit, now));
        });
    }

    /** See {@link TokenBucket#take(int, long)}. */
    static BucketCommand<Integer> taking(int wanted, long leaving) {
        return new BucketCommand<>(true, (state, now) -> {
            int taken = (int) Math.max(0, Math.min(wanted, state.getAvailableTokens() - leaving));
            state.consume(taken);
            return taken;
        });
    }

    /** See {@link TokenBucket#ownUntilNow}. */
    static BucketCommand<OptionalLong> ownSince(Reading reading) {
        return new BucketCommand<>(false, (state, now) -> reading.ownUntil(state.getState(), now));
    }

    /** See {@link TokenBucket#outlook}. */
    static BucketCommand<Outlook> outlook(long position) {
        return new BucketCommand<>(false, (state, now) -> Outlook.of(state.getState(), position, now));
    }

    /** See {@link TokenBucket#become}. Its result is of no interest. */
    static BucketCommand<Long> becoming(StrictWindow next) {
        return new BucketCommand<>(true, (state, now) -> {
            if (!next.isOf(state.getConfiguration())) {
                long left = Reconciliation.carriedOver(
                        StrictWindow.requests(state.getConfiguration()), state.getAvailableTokens(), next.requests());
                state.replaceConfiguration(next.holding(left, now), TokensInheritanceStrategy.RESET, now);
            }
            return 0L;
        });
    }

    /** See {@link TokenBucket#restrain}. */
    static BucketCommand<Boolean> restraining(StrictWindow from, StrictWindow to) {
        return new BucketCommand<>(true, (state, now) -> {
            boolean applies = from.isOf(state.getConfiguration());
            if (applies) {
                state.replaceConfiguration(to.carrying(state.getState(), now), TokensInheritanceStrategy.RESET, now);
            }
            return applies;
        });
    }

    /** See {@link TokenBucket#tighten}. */
    static BucketCommand<Long> tightening(DayLeft left) {
        return new BucketCommand<>(true, (state, now) -> {
            long excess = left.excess(state.getAvailableTokens(), StrictWindow.requests(state.getConfiguration()));
            state.consume(excess);
            return excess;
        });
    }

    @Override
    public CommandResult<T> execute(MutableBucketEntry entry, long nowNanos) {
        if (!entry.exists()) {
            return CommandResult.bucketNotFound();
        }
        var state = entry.get();
        state.refillAllBandwidth(nowNanos);
        var result = step.apply(state, nowNanos);
        if (changes) {
            entry.set(state);
        }
        return CommandResult.success(result, PrimitiveSerializationHandles.LONG_HANDLE);
    }

    /** To change what Redis has, what this replica took and has not told it yet must be in it. */
    @Override
    public boolean isImmediateSyncRequired(long unsynchronizedTokens, long nanosSinceLastSync) {
        return changes;
    }

    @Override
    public long estimateTokensToConsume() {
        return 0;
    }

    @Override
    public long getConsumedTokens(T result) {
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
