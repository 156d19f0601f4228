package io.ghlgateway.limits.redis;

import io.ghlgateway.limits.Forecast;
import io.ghlgateway.redis.RedisInfo;
import io.ghlgateway.redis.RedisLink;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** A look at Redis: who answers, what time it is there, what it remembers, and which replicas use it. */
final class RedisLook {

    /** What is not known now may be then. */
    static final long ASK_AGAIN_NANOS = Forecast.SILENT.delay().toNanos();

    private final RedisLink link;
    private final RedisCalls redis;
    private final SharedClock clock;
    private final ClockSteps clockSteps;
    private final MemoryPolicy memory;
    private final RedisEpoch epoch;
    private final Optional<SlotMarks> marks;
    private final Replicas replicas;
    private volatile String run = "";

    RedisLook(
            RedisLink link,
            RedisCalls redis,
            SharedClock clock,
            ClockSteps clockSteps,
            MemoryPolicy memory,
            RedisEpoch epoch,
            Optional<SlotMarks> marks,
            Replicas replicas) {
        this.link = link;
        this.redis = redis;
        this.clock = clock;
        this.clockSteps = clockSteps;
        this.memory = memory;
        this.epoch = epoch;
        this.marks = marks;
        this.replicas = replicas;
    }

    /** Fails when Redis did not answer. @param follower run when it follows another server; then it fails too */
    Future<Void> again(Runnable follower) {
        return link.servers()
                .compose(servers -> Future.all(servers.stream().map(redis::info).toList()))
                .compose(all -> know(all.<String>list(), follower))
                .compose(done -> clock.measure())
                .onSuccess(done -> clockSteps.look())
                .compose(done -> epoch.check(run))
                .compose(done ->
                        marks.isPresent() ? marks.get().keep(epoch.opensAtNanos()) : Future.<Void>succeededFuture())
                .compose(done -> replicas.beat());
    }

    private Future<Void> know(List<String> infos, Runnable follower) {
        if (infos.stream().anyMatch(RedisInfo::isFollower)) {
            follower.run();
            return Future.failedFuture("Redis follows another server");
        }
        run = RedisInfo.identity(infos, "run_id");
        memory.look(infos);
        return Future.succeededFuture();
    }

    /** The run of the server; of a Cluster, of all its masters. Empty before the first look, and where it is not told. */
    String run() {
        return run;
    }

    /** For how long its time forbids grants. */
    long closedNanos() {
        return clockSteps.isKnown() ? clockSteps.closedNanos() : ASK_AGAIN_NANOS;
    }

    /** When a bucket that is not there may begin to fill, epoch nanoseconds, asked of Redis just now. */
    Future<Long> checkEpoch(byte[] bucket) {
        return epoch.check(run)
                .compose(done -> marks.isPresent() ? marks.get().opensAtNanos(bucket) : Future.succeededFuture(0L))
                .map(opensAt -> Math.max(opensAt, epoch.opensAtNanos()))
                .compose(opensAt -> opensAt == Long.MAX_VALUE
                        ? Future.failedFuture("what Redis remembers was forgotten as soon as it was written")
                        : Future.succeededFuture(opensAt));
    }

    /** How many may use it: also those that an emptied Redis does not tell of. */
    int knownReplicas() {
        return Math.max(replicas.live(), replicas.names().size());
    }

    /** How many replicas use it, as last heard. */
    int replicas() {
        return replicas.live();
    }

    List<String> weaknesses() {
        return memory.weaknesses();
    }
}
