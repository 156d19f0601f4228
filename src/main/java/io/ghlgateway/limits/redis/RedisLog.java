package io.ghlgateway.limits.redis;

import static io.ghlgateway.redis.RedisLine.bytes;
import static io.ghlgateway.redis.RedisLine.text;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.limits.Limit;
import io.ghlgateway.limits.Outlook;
import io.ghlgateway.limits.Payment;
import io.ghlgateway.limits.Reading;
import io.ghlgateway.limits.Restraint;
import io.ghlgateway.limits.SendLog;
import io.ghlgateway.limits.SlidingLog;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A log in Redis, shared by all replicas: one value for each key, which goes by itself when nothing in it counts any more. A
 * payment is one call; those that are asked for while one is under way are made together by the next. Completes on Lettuce's
 * threads.
 */
final class RedisLog implements SendLog, Repayment.Debtor {

    /** How much longer than anything counts a log is kept: to begin one costs more calls than to go on with it. */
    private static final Duration KEPT = Duration.ofSeconds(30);
    /** A lost race is repeated at once; this often only where something is badly wrong. */
    private static final int TRIES = 50;

    private static final byte[] NOTHING = bytes(0);

    private final RedisCalls redis;
    private final byte[] name;
    private final SharedClock clock;
    private final Duration guard;
    private final LogTerms terms;
    private final OwnSends own;
    private final JointPayments payments;
    private int
            earlyUntold; // granted by this replica while Redis was lost, before its share had opened; guarded by this

    /** @param ticker what own sends are told by */
    RedisLog(RedisCalls redis, byte[] name, SharedClock clock, Ticker ticker, Duration guard, LogTerms terms) {
        this.redis = redis;
        this.name = name;
        this.clock = clock;
        this.guard = guard;
        this.terms = terms;
        this.payments = new JointPayments(clock, wanted -> spend(wanted, TRIES));
        this.own = new OwnSends(
                ticker,
                terms::limit,
                guard,
                () -> terms.debtors().add(this),
                () -> terms.debtors().remove(this));
    }

    @Override
    public Future<Payment> pay(int wanted) {
        return payments.pay(wanted);
    }

    private Future<JointPayments.Made> spend(int wanted, int tries) {
        if (!terms.isRedisInUse()) {
            return Future.failedFuture("Redis is lost");
        }
        long at = clock.currentTimeNanos();
        return redis.<List<Object>>run(
                        RedisLogScripts.PAY,
                        name,
                        bytes(Math.floorDiv(at, 1_000_000L)),
                        bytes(wanted),
                        bytes(guard.toMillis()),
                        bytes(KEPT.toMillis()),
                        terms.openings().text(),
                        terms.channel(),
                        keptBack())
                .compose(told -> told.isEmpty()
                        ? begin(tries).compose(begun -> spend(wanted, tries - 1))
                        : Future.succeededFuture(new JointPayments.Made(payment(wanted, told), at)));
    }

    private byte[] keptBack() {
        int kept = terms.keptBack();
        return kept == 0 ? NOTHING : bytes(kept); // which is nearly always so
    }

    private Payment payment(int wanted, List<Object> told) {
        int count = (int) number(told, 0);
        own.add(count);
        var restraint = Restraint.written((int) number(told, 4), (int) number(told, 5));
        var reading = new Reading(number(told, 2), number(told, 3), restraint, number(told, 6), number(told, 7));
        long left = number(told, 1);
        return new Payment(count, count < wanted && left > 0, left, reading);
    }

    @Override
    public Future<OptionalLong> ownUntilNow(Reading reading) {
        return read().map(bytes -> bytes == null
                ? OptionalLong.empty()
                : SlidingLog.of(bytes, guard).ownUntilNow(reading));
    }

    @Override
    public Future<Void> late(long paidAtMillis, Duration by) {
        return read().compose(
                        bytes -> change(bytes, TRIES, log -> log.late(paidAtMillis, by.toMillis(), clock.millis())))
                .mapEmpty();
    }

    @Override
    public Future<Outlook> outlook(long position, long idle) {
        return read().compose(bytes ->
                        bytes == null ? terms.beginning() : Future.succeededFuture(SlidingLog.of(bytes, guard)))
                .map(log -> outlook(log.openIfAmong(terms.openings()), position, idle));
    }

    private Outlook outlook(SlidingLog log, long position, long idle) {
        var all = log.outlook(position, idle, clock.currentTimeNanos());
        int kept = terms.keptBack();
        if (kept == 0) {
            return all;
        }
        var restraint = log.restraint();
        log.restrain(restraint.leaving(restraint.foreign() + kept), clock.millis());
        var less = log.outlook(position, idle, clock.currentTimeNanos());
        return new Outlook(less.available(), Aftermath.whenGiven(all, less), less.byPace());
    }

    @Override
    public Future<Optional<Restraint>> restrain(long quota, UnaryOperator<Restraint> step) {
        return readOrBegin(TRIES)
                .compose(bytes -> change(bytes, TRIES, log -> {
                    if (log.quota() == quota) {
                        var after = step.apply(log.restraint());
                        if (!after.equals(log.restraint())) {
                            log.restrain(after, clock.millis());
                            return true;
                        }
                    }
                    return false;
                }))
                .map(log -> log != null && log.quota() == quota ? Optional.of(log.restraint()) : Optional.empty());
    }

    /** A log that does not exist needs no change: it will be made for the quota that is remembered by then. */
    @Override
    public Future<Void> become(Limit next) {
        return read().compose(bytes -> change(bytes, TRIES, log -> {
                    if (log.isOf(next)) {
                        return false;
                    }
                    log.become(next, clock.millis());
                    terms.busy();
                    return true;
                }))
                .mapEmpty();
    }

    /** Of the log itself nothing is here. */
    @Override
    public boolean letGo() {
        return own.letGo();
    }

    /** What it is told apart by. */
    String name() {
        return text(name);
    }

    /** This replica was granted as many by itself. */
    void sentAlone(int count, boolean isEarly) {
        own.add(count);
        if (isEarly) {
            addEarly(count);
        }
    }

    @Override
    public Future<Void> repay() {
        int taken = takeEarly(); // it is among its own
        return charge(log -> own.each((count, age) -> log.charge(count, clock.millis() - age / 1_000_000)))
                .onFailure(unheard -> addEarly(taken));
    }

    /** As if it had been just now: that is no earlier than it was. */
    @Override
    public Future<Void> tellEarly() {
        int taken = takeEarly();
        return taken == 0
                ? Future.succeededFuture()
                : charge(log -> log.charge(taken, clock.millis())).onFailure(unheard -> addEarly(taken));
    }

    private synchronized void addEarly(int count) {
        earlyUntold = (int) Math.min(own.count(), earlyUntold + count);
    }

    private synchronized int takeEarly() {
        int all = (int) Math.min(own.count(), earlyUntold);
        earlyUntold = 0;
        return all;
    }

    private Future<Void> charge(Consumer<SlidingLog> step) {
        return own.count() == 0
                ? Future.succeededFuture()
                : readOrBegin(TRIES)
                        .compose(bytes -> change(bytes, TRIES, log -> {
                            step.accept(log);
                            log.renew(clock.millis());
                            return true;
                        }))
                        .onSuccess(done -> terms.busy())
                        .mapEmpty();
    }

    /**
     * Repeated until nobody else changed it meanwhile.
     *
     * @param bytes as last read; null where there is none
     * @param step true when it changed the log
     * @return the log thereafter; null where there is none
     */
    private Future<@Nullable SlidingLog> change(
            byte @Nullable [] bytes, int tries, Function<SlidingLog, Boolean> step) {
        if (bytes == null) {
            return Future.succeededFuture();
        }
        var log = SlidingLog.of(bytes, guard);
        return !step.apply(log)
                ? Future.succeededFuture(log)
                : replace(bytes, log)
                        .compose(done -> done
                                ? Future.succeededFuture(log)
                                : tries > 1
                                        ? read().compose(again -> change(again, tries - 1, step))
                                        : Future.failedFuture("the log changed each time before it could be changed"));
    }

    /** What it is in bytes; begins it where there is none. */
    private Future<byte[]> readOrBegin(int tries) {
        return read().compose(bytes ->
                bytes != null ? Future.succeededFuture(bytes) : begin(tries).compose(begun -> readOrBegin(tries - 1)));
    }

    private Future<byte @Nullable []> read() {
        return redis.get(name);
    }

    /** Of several that do it at once one succeeds, which is enough. */
    private Future<Boolean> begin(int tries) {
        return tries == 0
                ? Future.failedFuture("the log went each time as soon as it was made")
                : terms.beginning().compose(log -> replace(new byte[0], log));
    }

    private Future<Boolean> replace(byte[] before, SlidingLog after) {
        return redis.<Long>run(
                        RedisLogScripts.REPLACE,
                        name,
                        before,
                        after.bytes(),
                        bytes(after.lifetime().plus(KEPT).toMillis()))
                .map(done -> done == 1);
    }

    private static long number(List<Object> told, int index) {
        return (Long) told.get(index);
    }
}
