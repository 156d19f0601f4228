package io.ghlgateway.limits.redis;

import io.ghlgateway.limits.Limit;
import io.ghlgateway.limits.Outlook;
import io.ghlgateway.redis.RedisLink;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * What follows a loss of Redis in which replicas may have granted something early, by themselves ({@link LocalShare}): this one's is
 * told to the shared logs, and until it is and all others said that theirs is, as much of each quota is kept back as all can have
 * granted; for a period at most, after which that counts no more. Any thread.
 */
final class Aftermath {

    private static final long NOTHING = Long.MIN_VALUE;
    /** How far apart two replicas may be about the time, in ms. */
    private static final long APART = 20;
    /** After so long all can say that they came back later than this one; or else when they say so anyway. */
    private static final Duration LATER = Duration.ofMillis(100);

    /** Others may have lost Redis so much sooner than this one, and have it back so much later. */
    private static final Duration NOTICED = RedisTrust.EVERY.multipliedBy(2);

    /** For so long something is kept back, most likely. */
    private static final long MOMENT_NANOS = Duration.ofSeconds(2).toNanos();

    private static final Duration FOREVER = Duration.ofDays(365);

    private final RedisLink link;
    private final BusyKeys others;
    private final Repayment repayment;
    private final SharedClock clock;
    private final long period;
    private final BooleanSupplier trusted;
    private final AtomicLong since = new AtomicLong(NOTHING); // what is kept back is, epoch milliseconds
    private final AtomicLong losses = new AtomicLong();
    private final AtomicBoolean telling = new AtomicBoolean();
    private volatile Duration lasted = Duration.ZERO; // how long this replica went on by itself
    private volatile boolean paused;
    private volatile long told; // after how many of them all was told that this replica granted

    /** @param trusted whether Redis is in use */
    Aftermath(
            RedisLink link,
            BusyKeys others,
            Repayment repayment,
            SharedClock clock,
            Duration period,
            BooleanSupplier trusted) {
        this.link = link;
        this.others = others;
        this.repayment = repayment;
        this.clock = clock;
        this.period = period.toMillis();
        this.trusted = trusted;
    }

    /**
     * Redis is about to be used, for the first time or again.
     *
     * @param share what this replica went on with until now
     */
    void begin(Optional<LocalShare> share) {
        var alone = share.map(LocalShare::lasted).orElse(FOREVER);
        boolean untold = told != losses.get(); // what was granted in an earlier loss
        lasted = untold && lasted.compareTo(alone) > 0 ? lasted : alone;
        losses.incrementAndGet();
        others.forget();
        keepBack();
        link.later(LATER, this::tell);
    }

    private void keepBack() {
        since.set(clock.millis() + APART);
    }

    /** Nobody may grant anything for now, but for what is early. */
    void pause() {
        paused = true;
    }

    /** All may. */
    void goOn() {
        if (paused) {
            keepBack();
            paused = false;
        }
    }

    /** How many of an endpoint's limit are kept back: what all can have granted, where the loss was long enough for that. */
    int keptBack(Limit limit, Duration period) {
        return keepsBack() && lasted.plus(NOTICED).compareTo(period) > 0 ? LocalShare.whole(limit) : 0;
    }

    /** How many of the quota are kept back. */
    int keptBack(Limit limit) {
        return keepsBack() ? LocalShare.early(limit) : 0;
    }

    private boolean keepsBack() {
        long began = since.get();
        if (began == NOTHING && !paused) {
            return false; // the common case costs nothing
        }
        boolean isTold = told == losses.get();
        if (isTold && !others.mayBeEarly()) {
            since.compareAndSet(began, NOTHING);
            return false;
        }
        boolean ends = !paused && (isTold && others.areAllThereSince(began) || clock.millis() - began > period);
        return !(ends && since.compareAndSet(began, NOTHING));
    }

    /** When what one asks for is given, in nanoseconds: what is kept back is so for a moment, most likely. */
    static long whenGiven(Outlook all, Outlook withoutWhatIsKept) {
        return Math.min(withoutWhatIsKept.nanos(), Math.max(all.nanos(), MOMENT_NANOS));
    }

    /** Tells the logs what they do not know, and then the others that they do. */
    void tell() {
        if (!trusted.getAsBoolean()) {
            return;
        }
        long count = losses.get();
        if (told == count) {
            others.tell();
        } else if (telling.compareAndSet(false, true)) {
            repayment.tellEarly().onComplete((done, failure) -> {
                telling.set(false);
                if (failure == null) {
                    told = count;
                    tell();
                } else {
                    link.later(LATER, this::tell);
                }
            });
        }
    }
}
