package io.ghlgateway.limits;

import io.github.bucket4j.TimeMeter;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log in Redis, shared by all replicas: one value for each key, which goes by itself when nothing in it counts any more. A
 * payment is one call; those that are asked for while one is under way are made together by the next. Completes on Lettuce's
 * threads.
 */
final class RedisLog implements SendLog {

    private static final Logger LOG = LoggerFactory.getLogger(RedisLog.class);

    /** How much longer than anything counts a log is kept: to begin one costs more calls than to go on with it. */
    private static final Duration KEPT = Duration.ofSeconds(30);
    /** A lost race is repeated at once; this often only where something is badly wrong. */
    private static final int TRIES = 50;

    private record Asked(int wanted, long at, Promise<Payment> payment) {}

    /** @param at by the clock, just before it was sent */
    private record Made(Payment payment, long at) {}

    private final RedisCalls redis;
    private final byte[] name;
    private final TimeMeter clock;
    private final Duration guard;
    private final BooleanSupplier trusted;
    private final Supplier<Future<SlidingLog>> beginning;
    private List<Asked> waiting = new ArrayList<>(); // guarded by this
    private boolean paying; // guarded by this

    /**
     * @param trusted asked before each payment: what is sent to a Redis that was given up may be granted much later
     * @param beginning what it begins with where it is not in Redis
     */
    RedisLog(
            RedisCalls redis,
            byte[] name,
            TimeMeter clock,
            Duration guard,
            BooleanSupplier trusted,
            Supplier<Future<SlidingLog>> beginning) {
        this.redis = redis;
        this.name = name;
        this.clock = clock;
        this.guard = guard;
        this.trusted = trusted;
        this.beginning = beginning;
    }

    @Override
    public Future<Payment> pay(int wanted) {
        Promise<Payment> mine = Promise.promise();
        synchronized (this) {
            waiting.add(new Asked(wanted, clock.currentTimeNanos(), mine));
            if (paying) {
                return mine.future();
            }
            paying = true;
        }
        payNext();
        return mine.future();
    }

    private void payNext() {
        List<Asked> all;
        synchronized (this) {
            all = waiting;
            waiting = new ArrayList<>();
            if (all.isEmpty()) {
                paying = false;
                return;
            }
        }
        int wanted = all.stream().mapToInt(Asked::wanted).sum();
        Future.succeededFuture().compose(go -> spend(wanted, TRIES)).onComplete((made, failure) -> {
            if (failure != null) {
                refuse(all, failure);
            } else {
                share(made, all);
                payNext();
            }
        });
    }

    /** Those who came meanwhile too: nothing of theirs was sent, and a store that does not answer is not asked again at once. */
    private void refuse(List<Asked> all, Throwable failure) {
        List<Asked> later;
        synchronized (this) {
            later = waiting;
            waiting = new ArrayList<>();
            paying = false;
        }
        all.forEach(each -> tell(() -> each.payment().fail(failure)));
        later.forEach(each -> tell(() -> each.payment().fail(failure)));
    }

    private static void share(Made made, List<Asked> all) {
        int left = made.payment().count();
        for (var each : all) {
            int part = Math.min(left, each.wanted());
            left -= part;
            var payment = new Payment(
                    part,
                    part < each.wanted() && made.payment().paced(),
                    made.payment().left(),
                    made.payment().reading(),
                    Math.max(0, made.at() - each.at()));
            tell(() -> each.payment().complete(payment));
        }
    }

    /** One that fails to hear is no reason not to tell the others. */
    private static void tell(Runnable word) {
        try {
            word.run();
        } catch (RuntimeException e) {
            LOG.error("a payment was not taken note of", e);
        }
    }

    private Future<Made> spend(int wanted, int tries) {
        if (!trusted.getAsBoolean()) {
            return Future.failedFuture("Redis is lost");
        }
        long at = clock.currentTimeNanos();
        return redis.<List<Object>>run(
                        RedisLogScripts.PAY,
                        name,
                        number(Math.floorDiv(at, 1_000_000L)),
                        number(wanted),
                        number(guard.toMillis()),
                        number(KEPT.toMillis()))
                .compose(told -> told.isEmpty()
                        ? begin(tries).compose(begun -> spend(wanted, tries - 1))
                        : Future.succeededFuture(new Made(payment(wanted, told), at)));
    }

    private static Payment payment(int wanted, List<Object> told) {
        int count = (int) number(told, 0);
        int allowance = (int) number(told, 5);
        var restraint = new Restraint((int) number(told, 4), allowance == 0 ? Restraint.UNBOUND : allowance);
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
    public Future<Void> late(long paidAt, Duration by) {
        return read().compose(bytes -> change(bytes, TRIES, log -> log.late(paidAt, by.toMillis(), now())))
                .mapEmpty();
    }

    @Override
    public Future<Outlook> outlook(long position, long rest) {
        return read().compose(
                        bytes -> bytes == null ? beginning.get() : Future.succeededFuture(SlidingLog.of(bytes, guard)))
                .map(log -> log.outlook(position, rest, clock.currentTimeNanos()));
    }

    @Override
    public Future<Optional<Restraint>> restrain(long quota, UnaryOperator<Restraint> step) {
        return log(TRIES)
                .compose(bytes -> change(bytes, TRIES, log -> {
                    if (log.quota() == quota) {
                        var after = step.apply(log.restraint());
                        if (!after.equals(log.restraint())) {
                            log.restrain(after, now());
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
                    log.become(next, now());
                    return true;
                }))
                .mapEmpty();
    }

    /** Nothing of it is here. */
    @Override
    public boolean rest() {
        return true;
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
    private Future<byte[]> log(int tries) {
        return read().compose(bytes ->
                bytes != null ? Future.succeededFuture(bytes) : begin(tries).compose(begun -> log(tries - 1)));
    }

    private Future<byte @Nullable []> read() {
        return redis.get(name);
    }

    /** Of several that do it at once one succeeds, which is enough. */
    private Future<Boolean> begin(int tries) {
        return tries == 0
                ? Future.failedFuture("the log went each time as soon as it was made")
                : beginning.get().compose(log -> replace(new byte[0], log));
    }

    private Future<Boolean> replace(byte[] before, SlidingLog after) {
        return redis.<Long>run(
                        RedisLogScripts.REPLACE,
                        name,
                        before,
                        after.bytes(),
                        number(after.lifetime().plus(KEPT).toMillis()))
                .map(done -> done == 1);
    }

    private long now() {
        return Math.floorDiv(clock.currentTimeNanos(), 1_000_000L);
    }

    private static byte[] number(long number) {
        return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
    }

    private static long number(List<Object> told, int index) {
        return (Long) told.get(index);
    }
}
