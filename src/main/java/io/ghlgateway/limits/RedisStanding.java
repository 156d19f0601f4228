package io.ghlgateway.limits;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.redis.RedisFailure;
import io.ghlgateway.redis.RedisInfo;
import io.ghlgateway.redis.RedisLink;
import io.ghlgateway.redis.RedisTrouble;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether Redis can be trusted with a grant now: it is connected, its clock is known, and it remembers what was spent.
 * Finds out at each connection made, and again every two seconds. A Cluster is trusted as a whole or not at all. What was trusted and is lost leaves this
 * replica its {@link LocalShare}.
 */
final class RedisStanding implements RedisLink.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(RedisStanding.class);
    static final Duration EVERY = Duration.ofSeconds(2);
    private static final Duration SOON = Duration.ofMillis(100);
    private static final long NEVER = -1;
    private static final long ASK_AGAIN_NANOS = Duration.ofSeconds(1).toNanos();

    private final RedisLink link;
    private final RedisCalls redis;
    private final SharedClock clock;
    private final RedisEpoch epoch;
    private final Replicas replicas;
    private final ClockSteps clockSteps;
    private final Duration period;
    private final LimitEvents events;
    private final MemoryPolicy memory;
    private final Repayment repayment;
    private final AtomicBoolean asking = new AtomicBoolean();
    private final Silences silences;
    private final Optional<SlotMarks> marks;
    private final Promise<Void> opened = Promise.promise();
    private volatile boolean trusted;
    private volatile boolean connected;
    private volatile String run = "";
    private volatile boolean owes; // it granted by itself
    private volatile long doubted =
            NEVER; // somebody's data may have been put in the place of ours: in which of its lives
    private volatile @Nullable LocalShare share; // written under this

    RedisStanding(
            RedisLink link,
            RedisCalls redis,
            SharedClock clock,
            RedisEpoch epoch,
            Repayment repayment,
            Optional<SlotMarks> marks,
            Replicas replicas,
            Ticker ticker,
            Duration period,
            LimitEvents events) {
        this.link = link;
        this.redis = redis;
        this.clock = clock;
        this.epoch = epoch;
        this.repayment = repayment;
        this.marks = marks;
        this.replicas = replicas;
        this.clockSteps = new ClockSteps(clock, ticker, period, EVERY);
        this.period = period;
        this.events = events;
        this.memory = new MemoryPolicy(events);
        this.silences = new Silences(link.commandTimeout().toNanos());
    }

    void start() {
        redis.listen(this::heard);
        link.listen(this);
        if (link.commands().isPresent()) {
            up();
        }
        link.later(EVERY, this::tick);
    }

    @Override
    public void up() {
        connected = true;
        greet();
    }

    @Override
    public void down() {
        connected = false;
        lose();
    }

    @Override
    public void failed(RedisFailure failure) {
        events.storeFailed(failure);
    }

    List<String> weaknesses() {
        return memory.weaknesses();
    }

    /** What this replica may grant on its own; empty unless Redis was there and is lost. */
    Optional<LocalShare> share() {
        return Optional.ofNullable(share);
    }

    /** Completed once it was trusted; may never be. */
    Future<Void> opened() {
        return opened.future();
    }

    /** How long nothing may be granted, as far as is known. */
    long closedNanos() {
        if (share != null) {
            return 0;
        }
        if (!trusted || !clockSteps.isKnown()) {
            return ASK_AGAIN_NANOS;
        }
        return Math.max(repayment.closedNanos(), clockSteps.closedNanos());
    }

    Repayment repayment() {
        return repayment;
    }

    /** For how long a Redis that forgot grants nothing, unless all that was sent is told to it sooner. */
    Duration period() {
        return period;
    }

    /** As last heard. */
    int replicas() {
        return replicas.live();
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

    private void heard(String place, long asked, @Nullable Throwable failure) {
        if (failure == null) {
            silences.heard(place);
            return;
        }
        RedisTrouble.of(failure).ifPresent(trouble -> troubled(place, asked, trouble, failure));
    }

    private void troubled(String place, long asked, RedisTrouble trouble, Throwable failure) {
        if (trouble == RedisTrouble.MOVING) {
            return; // of one key, for a moment
        }
        if (trouble == RedisTrouble.SILENT && !silences.timedOut(place, asked)) {
            return;
        }
        if (trouble == RedisTrouble.FOLLOWER) {
            doubt();
        }
        if (lose()) {
            if (trouble != RedisTrouble.SILENT) {
                LOG.error("Redis does not take writes: {}", failure.getMessage());
            }
            link.later(SOON, this::greet);
        }
        link.heard(trouble);
    }

    private void doubt() {
        doubted = doubted == NEVER ? epoch.state().lives() : doubted;
    }

    /** @return whether it was trusted until now */
    private boolean lose() {
        synchronized (this) {
            if (!trusted) {
                return false;
            }
            trusted = false;
            // A shared grant that was on its way may still arrive: no later than its command would have timed out.
            long since = clock.currentTimeNanos() + link.commandTimeout().toNanos();
            share = new LocalShare(clock, replicas.live(), since, period);
        }
        LOG.warn("Redis is lost: this replica goes on with its share, 1 of {}", replicas.live());
        events.degraded(true);
        return true;
    }

    private void regain() {
        LocalShare ended;
        synchronized (this) {
            ended = share;
            share = null;
            trusted = true;
        }
        opened.tryComplete();
        if (ended != null) {
            LOG.info("Redis is back in use");
            events.degraded(false);
        }
    }

    private void tick() {
        link.later(EVERY, this::tick);
        if (trusted) {
            lookAgain()
                    .onSuccess(done -> repay())
                    .onFailure(failure -> LOG.debug("Redis did not answer in time", failure));
        } else if (connected) {
            greet();
        }
    }

    /** Who answers, what time it is there, and what it remembers; only then is anything granted. */
    private void greet() {
        if (!asking.compareAndSet(false, true)) {
            return;
        }
        lookAgain()
                .compose(done -> doubted == NEVER ? Future.<Void>succeededFuture() : epoch.distrust(run, doubted))
                // The shared logs know nothing of what replicas granted by themselves: closed until they do, or a
                // period is over.
                .compose(done -> {
                    if (share().filter(LocalShare::opened).isEmpty()) {
                        return Future.<Void>succeededFuture();
                    }
                    owes = true;
                    repayment.owe(); // before anybody can hear of the pause; and again when its share has ended
                    return epoch.postpone(run);
                })
                .onComplete((done, failure) -> {
                    if (failure != null && connected) {
                        link.later(SOON, this::greetAgain); // whoever would greet meanwhile leaves it to that
                        return;
                    }
                    asking.set(false);
                    if (connected) {
                        doubted = NEVER;
                        regain();
                        repay();
                    }
                });
    }

    private void greetAgain() {
        asking.set(false);
        greet();
    }

    /** What this replica granted follows no more: its share has ended. */
    private void repay() {
        if (owes) {
            owes = false;
            repayment.owe();
        }
        repayment.pursue(link, () -> trusted ? Optional.of(run) : Optional.empty());
    }

    /** Measures and checks anew; done by itself every two seconds. */
    Future<Void> lookAgain() {
        return link.servers()
                .compose(servers -> Future.all(servers.stream().map(redis::info).toList()))
                .compose(all -> know(all.<String>list()))
                .compose(done -> clock.measure())
                .onSuccess(done -> clockSteps.look())
                .compose(done -> epoch.check(run))
                .compose(done ->
                        marks.isPresent() ? marks.get().keep(epoch.opensAtNanos()) : Future.<Void>succeededFuture())
                .compose(done -> replicas.beat());
    }

    private Future<Void> know(List<String> infos) {
        if (infos.stream().anyMatch(RedisInfo::isFollower)) {
            doubt();
            lose();
            link.heard(RedisTrouble.FOLLOWER);
            return Future.failedFuture("Redis follows another server");
        }
        var now = RedisInfo.identity(infos, "run_id");
        if (!now.equals(run)) {
            run = now;
        }
        memory.look(infos);
        return Future.succeededFuture();
    }
}
