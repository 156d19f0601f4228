package io.ghlgateway.limits.redis;

import io.ghlgateway.limits.DayLeft;
import io.ghlgateway.limits.Outlook;
import io.ghlgateway.limits.Reconciliation;
import io.ghlgateway.limits.StrictWindow;
import io.ghlgateway.limits.TokenBucket;
import io.github.bucket4j.BucketState;
import io.github.bucket4j.TokensInheritanceStrategy;
import io.github.bucket4j.distributed.remote.CommandResult;
import io.github.bucket4j.distributed.remote.MutableBucketEntry;
import io.github.bucket4j.distributed.remote.RemoteBucketState;
import io.github.bucket4j.distributed.remote.RemoteCommand;
import io.github.bucket4j.distributed.serialization.PrimitiveSerializationHandles;
import io.github.bucket4j.distributed.serialization.SerializationHandle;
import io.github.bucket4j.distributed.versioning.Version;
import io.github.bucket4j.distributed.versioning.Versions;
import java.util.function.BiFunction;

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
        Done<T> apply(RemoteBucketState state, long nowNanos);
    }

    /** @param changed whether there is anything to write */
    private record Done<T>(T result, boolean changed) {}

    private final Step<T> step;
    private final boolean reads;

    private BucketCommand(boolean reads, Step<T> step) {
        this.reads = reads;
        this.step = step;
    }

    private static <T> BucketCommand<T> reading(BiFunction<BucketState, Long, T> look) {
        return new BucketCommand<>(true, (state, now) -> new Done<>(look.apply(state.getState(), now), false));
    }

    private static <T> BucketCommand<T> changing(Step<T> step) {
        return new BucketCommand<>(false, step);
    }

    /** See {@link TokenBucket#take(int, long)}. */
    static BucketCommand<Integer> taking(int wanted, long leaving) {
        return changing((state, now) -> {
            int taken = (int) Math.max(0, Math.min(wanted, state.getAvailableTokens() - leaving));
            state.consume(taken);
            return new Done<>(taken, taken > 0);
        });
    }

    /** See {@link TokenBucket#outlook}. */
    static BucketCommand<Outlook> outlook(long position) {
        return reading((state, now) -> Outlook.of(state, position, now));
    }

    /** See {@link TokenBucket#become}. Its result is of no interest. */
    static BucketCommand<Long> becoming(StrictWindow next) {
        return changing((state, now) -> {
            boolean changes = !next.isOf(state.getConfiguration());
            if (changes) {
                long left = Reconciliation.carriedOver(
                        StrictWindow.requests(state.getConfiguration()), state.getAvailableTokens(), next.requests());
                state.replaceConfiguration(next.holding(left, now), TokensInheritanceStrategy.RESET, now);
            }
            return new Done<>(0L, changes);
        });
    }

    /** See {@link TokenBucket#tighten}. */
    static BucketCommand<Long> tightening(DayLeft left) {
        return changing((state, now) -> {
            long excess = left.excess(state.getAvailableTokens(), StrictWindow.requests(state.getConfiguration()));
            state.consume(excess);
            return new Done<>(excess, excess > 0);
        });
    }

    @Override
    public CommandResult<T> execute(MutableBucketEntry entry, long nowNanos) {
        if (!entry.exists()) {
            return CommandResult.bucketNotFound();
        }
        var state = entry.get();
        state.refillAllBandwidth(nowNanos);
        var done = step.apply(state, nowNanos);
        if (done.changed()) {
            entry.set(state);
        }
        return CommandResult.success(done.result(), PrimitiveSerializationHandles.LONG_HANDLE);
    }

    /** To change what Redis has, what this replica took and has not told it yet must be in it. */
    @Override
    public boolean isImmediateSyncRequired(long unsynchronizedTokens, long nanosSinceLastSync) {
        return !reads;
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
