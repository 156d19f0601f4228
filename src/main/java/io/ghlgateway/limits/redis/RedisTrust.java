package io.ghlgateway.limits.redis;

import io.ghlgateway.limits.LimitEvents;
import io.ghlgateway.redis.RedisFailure;
import io.ghlgateway.redis.RedisLink;
import io.ghlgateway.redis.RedisTrouble;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether Redis can be trusted with a grant now: it is connected, its clock is known, and it remembers what was spent. Finds out at
 * each connection made, and again every two seconds. A Cluster is trusted as a whole or not at all. What was trusted and is lost
 * leaves this replica its {@link LocalShare}.
 */
final class RedisTrust implements RedisLink.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(RedisTrust.class);
    static final Duration EVERY = Duration.ofSeconds(2);
    private static final Duration SOON = Duration.ofMillis(100);

    private final RedisLink link;
    private final RedisCalls redis;
    private final SharedClock clock;
    private final RedisLook look;
    private final RedisEpoch epoch;
    private final BusyKeys busyKeys;
    private final Aftermath aftermath;
    private final Duration period;
    private final LimitEvents events;
    private final Repayment repayment;
    private final AtomicBoolean asking = new AtomicBoolean();
    private final Silences silences;
    private final Promise<Void> opened = Promise.promise();
    private volatile boolean trusted;
    private volatile boolean connected;
    private volatile boolean owes; // it granted by itself
    private volatile @Nullable LocalShare share; // written under this

    RedisTrust(
            RedisLink link,
            RedisCalls redis,
            SharedClock clock,
            RedisLook look,
            RedisEpoch epoch,
            Repayment repayment,
            BusyKeys busyKeys,
            Duration period,
            LimitEvents events) {
        this.link = link;
        this.redis = redis;
        this.clock = clock;
        this.look = look;
        this.epoch = epoch;
        this.repayment = repayment;
        this.busyKeys = busyKeys;
        this.aftermath = new Aftermath(link, busyKeys, repayment, clock, period, () -> trusted);
        this.period = period;
        this.events = events;
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
        boolean alone = share != null; // looked at first: when Redis is back it goes just before that is trusted
        return alone ? 0 : trusted ? Math.max(paused(), look.closedNanos()) : RedisLook.ASK_AGAIN_NANOS;
    }

    /** For how long the shared logs are closed. The aftermath is to know of it as soon as anybody here does. */
    private long paused() {
        long nanos = repayment.closedNanos();
        if (nanos > 0) {
            aftermath.pause();
        }
        return nanos;
    }

    Repayment repayment() {
        return repayment;
    }

    /** For how long a Redis that forgot grants nothing, unless all that was sent is told to it sooner. */
    Duration period() {
        return period;
    }

    BusyKeys busyKeys() {
        return busyKeys;
    }

    /** What follows the last loss. */
    Aftermath aftermath() {
        return aftermath;
    }

    RedisLook look() {
        return look;
    }

    private void heard(String place, long asked, @Nullable Throwable failure) {
        silences.judge(place, asked, failure).ifPresent(trouble -> troubled(trouble, failure));
        // Who waits for the command is told next, and asks again at once.
        boolean broke = trusted && RedisFailure.isDisconnected(failure); // or it is of the connection before
        if (broke && !link.isCluster() && !link.isClosed() && lose()) {
            link.later(SOON, this::greet);
        }
    }

    private void troubled(RedisTrouble trouble, Throwable failure) {
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
        epoch.doubt();
        busyKeys.leave();
    }

    /** @return whether it was trusted until now */
    private boolean lose() {
        synchronized (this) {
            if (!trusted && !lingers()) {
                return false;
            }
            trusted = false;
            // A shared grant that was on its way may still arrive: no later than its command would have timed out.
            long since = clock.currentTimeNanos() + link.commandTimeout().toNanos();
            // One that lingered may have granted what was early already.
            var busy = share == null ? busyKeys.asOfNow() : Optional.<Future<Set<String>>>empty();
            share = new LocalShare(clock, look.knownReplicas(), since, period, busy);
            events.degraded(true); // before anything else can become of it
        }
        LOG.warn("Redis is lost: this replica goes on with its share, 1 of {}", look.knownReplicas());
        return true;
    }

    /** Redis answers, and the share goes on until it may grant. */
    private boolean lingers() {
        return share().filter(LocalShare::lingers).isPresent();
    }

    /** @param seen the share as it was when it was found out that Redis can be used */
    private void regain(Optional<LocalShare> seen) {
        synchronized (this) {
            if (trusted || !connected || share != seen.orElse(null)) {
                return;
            }
            if (seen.isPresent() || epoch.opensAtNanos() > clock.currentTimeNanos() - period.toNanos()) {
                aftermath.begin(seen);
            }
            share = null;
            trusted = true;
            seen.ifPresent(ended -> events.degraded(false));
        }
        opened.tryComplete();
        aftermath.tell();
        if (seen.isPresent()) {
            long closed = closedNanos() / 1_000_000;
            LOG.info("Redis is back in use{}", closed == 0 ? "" : "; sends go on within " + closed + " ms");
        }
    }

    private void tick() {
        link.later(EVERY, this::tick);
        refresh();
    }

    /** Done by itself every two seconds. */
    void refresh() {
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
                .compose(done -> epoch.distrustIfDoubted(look.run()))
                // Once shares had opened the shared logs know nothing of what was granted: closed until they do, or a
                // period is over. What was granted earlier is kept back for.
                .compose(done -> {
                    if (lingers() || share().filter(LocalShare::opened).isEmpty()) {
                        return Future.<Void>succeededFuture();
                    }
                    owes = true;
                    repayment.owe(); // before anybody can hear of the pause; and again when its share has ended
                    return epoch.postpone(look.run());
                })
                .onComplete((done, failure) -> {
                    if (failure != null) {
                        share().filter(LocalShare::hasEnded).ifPresent(ended -> lose());
                        // Whoever would greet meanwhile leaves it to that.
                        link.later(SOON, () -> {
                            asking.set(false);
                            refresh();
                        });
                        return;
                    }
                    asking.set(false);
                    if (connected) {
                        epoch.believe();
                        answers();
                    }
                });
    }

    private void answers() {
        var seen = share();
        if (seen.filter(now -> repayment.closedNanos() > 0 && now.startLingering())
                .isPresent()) {
            link.later(seen.get().opensIn(), this::greet);
        } else {
            regain(seen);
        }
        repay();
    }

    /** What this replica granted follows no more once its share has ended. */
    private void repay() {
        if (owes) {
            owes = false;
            repayment.owe();
        }
        paused();
        repayment.pursue(link, () -> trusted || lingers() ? Optional.of(look.run()) : Optional.empty(), this::open);
        aftermath.tell();
    }

    private void open() {
        share().filter(LocalShare::lingers).ifPresent(seen -> regain(Optional.of(seen)));
        aftermath.goOn();
    }

    Future<Void> lookAgain() {
        return look.again(this::follows);
    }

    private void follows() {
        doubt();
        lose();
        link.heard(RedisTrouble.FOLLOWER);
    }
}
