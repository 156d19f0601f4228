package io.ghlgateway.limits;

import io.ghlgateway.redis.RedisScript;
import io.github.bucket4j.TimeMeter;
import io.lettuce.core.ScriptOutputType;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A log in Redis, shared by all replicas: one value for each key, which goes by itself when nothing in it counts any more. A
 * payment is one call; those that are asked for while one is under way are made together by the next. Completes on Lettuce's
 * threads.
 */
final class RedisLog implements SendLog {

    /** What {@link SlidingLog#pay} does, to the letter: the same arithmetic on the same bytes. */
    private static final RedisScript PAY = new RedisScript("""
            local s = redis.call('GET', KEYS[1])
            if not s then return {} end
            local now, wanted, guard = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
            local quota, per, foreign, allowance, opens, born, pacedAt, paced, total, base =
              struct.unpack('>I4I4I4I4I6I6I6dI6I6', s)
            local HEAD, ENTRY = 54, 12
            local size = (#s - HEAD) / ENTRY
            local function when(i) return (struct.unpack('>I6', s, HEAD + i * ENTRY + 1)) end
            local function before(i)
              if i == 0 then return base end
              return (struct.unpack('>I6', s, HEAD + i * ENTRY - 5))
            end
            local function since(t)
              local low, high = 0, size
              while low < high do
                local middle = math.floor((low + high) / 2)
                if when(middle) < t then low = middle + 1 else high = middle end
              end
              return low
            end
            local span, late = per + guard, math.floor(per / 50)
            local most = 0
            if now >= opens then
              most = math.max(0, math.max(1, quota - foreign) - (total - before(since(now - span))))
            end
            local count = math.min(wanted, most)
            if allowance > 0 then
              if now > pacedAt then
                paced = math.min(allowance, paced + (now - pacedAt) * quota / per)
                pacedAt = now
              end
              count = math.min(count, math.floor(paced))
              paced = paced - count
            end
            local kept = since(now - span - late)
            local spent = total - before(kept) + count
            if count > 0 then
              local stamp = now
              if quota > 1000 then
                local grain = math.floor(per / 1000) + 1
                stamp = (math.floor(now / grain) + 1) * grain
              end
              local last = 0
              if size > 0 then last = when(size - 1) end
              if last > stamp then stamp = last end
              total = total + count
              local to = #s
              if last == stamp then to = to - ENTRY end
              redis.call('SET', KEYS[1],
                struct.pack('>I4I4I4I4I6I6I6dI6I6', quota, per, foreign, allowance, opens, born, pacedAt, paced,
                  total, before(kept)) .. string.sub(s, HEAD + kept * ENTRY + 1, to) .. struct.pack('>I6I6', stamp, total),
                'PX', span + late + tonumber(ARGV[4]))
            end
            return {count, most - count, quota, spent, foreign, allowance, total, born}
            """, ScriptOutputType.MULTI);

    private static final RedisScript REPLACE = new RedisScript("""
            if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
            redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
            return 1
            """, ScriptOutputType.INTEGER);

    /** How much longer than anything counts a log is kept: to begin one costs more calls than to go on with it. */
    private static final Duration KEPT = Duration.ofSeconds(30);
    /** A lost race is repeated at once; this often only where something is badly wrong. */
    private static final int TRIES = 50;

    private record Asked(int wanted, Promise<Payment> payment) {}

    private final RedisCalls redis;
    private final byte[] name;
    private final TimeMeter clock;
    private final Duration guard;
    private final Supplier<Future<SlidingLog>> beginning;
    private List<Asked> waiting = new ArrayList<>(); // guarded by this
    private boolean paying; // guarded by this

    /** @param beginning what it begins with where it is not in Redis */
    RedisLog(RedisCalls redis, byte[] name, TimeMeter clock, Duration guard, Supplier<Future<SlidingLog>> beginning) {
        this.redis = redis;
        this.name = name;
        this.clock = clock;
        this.guard = guard;
        this.beginning = beginning;
    }

    @Override
    public Future<Payment> pay(int wanted) {
        synchronized (this) {
            if (paying) {
                Promise<Payment> mine = Promise.promise();
                waiting.add(new Asked(wanted, mine));
                return mine.future();
            }
            paying = true;
        }
        return spend(wanted, TRIES).onComplete(done -> payNext());
    }

    private void payNext() {
        List<Asked> all;
        synchronized (this) {
            if (waiting.isEmpty()) {
                paying = false;
                return;
            }
            all = waiting;
            waiting = new ArrayList<>();
        }
        int wanted = 0;
        for (var each : all) {
            wanted += each.wanted();
        }
        spend(wanted, TRIES).onComplete((payment, failure) -> {
            payNext();
            if (failure != null) {
                all.forEach(each -> each.payment().fail(failure));
            } else {
                share(payment, all);
            }
        });
    }

    private static void share(Payment payment, List<Asked> all) {
        int left = payment.count();
        for (var each : all) {
            int part = Math.min(left, each.wanted());
            left -= part;
            each.payment().complete(new Payment(part, part < each.wanted() && payment.paced(), payment.reading()));
        }
    }

    private Future<Payment> spend(int wanted, int tries) {
        return redis.<List<Object>>run(
                        PAY, name, number(now()), number(wanted), number(guard.toMillis()), number(KEPT.toMillis()))
                .compose(told -> told.isEmpty()
                        ? begin(tries).compose(begun -> spend(wanted, tries - 1))
                        : Future.succeededFuture(payment(wanted, told)));
    }

    private static Payment payment(int wanted, List<Object> told) {
        int count = (int) number(told, 0);
        int allowance = (int) number(told, 5);
        var restraint = new Restraint((int) number(told, 4), allowance == 0 ? Restraint.UNBOUND : allowance);
        var reading = new Reading(number(told, 2), number(told, 3), restraint, number(told, 6), number(told, 7));
        return new Payment(count, count < wanted && number(told, 1) > 0, reading);
    }

    @Override
    public Future<OptionalLong> ownUntilNow(Reading reading) {
        return read().map(bytes -> bytes == null
                ? OptionalLong.empty()
                : SlidingLog.of(bytes, guard).ownUntilNow(reading));
    }

    @Override
    public void late(long paidAt, Duration by) {
        read().compose(bytes -> change(bytes, TRIES, log -> log.late(paidAt, by.toMillis())));
    }

    @Override
    public Future<Outlook> outlook(long position) {
        return log(TRIES).map(bytes -> SlidingLog.of(bytes, guard).outlook(position, clock.currentTimeNanos()));
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
                    log.become(next);
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
                        REPLACE,
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
