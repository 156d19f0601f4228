package io.ghlgateway.limits;

import io.ghlgateway.redis.RedisLink;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the pause that {@link RedisEpoch} prescribes ends early: each replica charges the shared logs with what it sent
 * within its last period, whoever granted it, and says so; when all have, the logs know at least all that was sent, and shared
 * grants begin. Where one that was there does not come back the pause lasts its period.
 *
 * <p>All: whom any of them heard of, before the loss or since, where one of them at least was there before it. One that joined within two seconds of the loss may be known to
 * nobody but itself; to hear from it in time is what {@link #SETTLED} is for.
 *
 * <p>What Redis still knows of it counts twice: a quota that is used up gains nothing, one of which less than half is used is
 * free at once.
 */
final class Repayment {

    private static final Logger LOG = LoggerFactory.getLogger(Repayment.class);

    /** So long is waited at least for those whom nobody heard of. */
    private static final Duration SETTLED = Duration.ofMillis(500);
    /** So long it is expected to succeed. */
    private static final Duration HOPED = Duration.ofSeconds(2);

    private static final Duration SOON = Duration.ofMillis(200);
    private static final int AT_ONCE = 100;
    private static final String ELDER = "+"; // no replica is called so
    private static final String YOUNG = "-";

    /** The log of one key, of which something was sent by this replica. */
    interface Debtor {

        /** Charges it with that; fails when Redis did not answer. */
        Future<Void> repay();
    }

    private final RedisCalls redis;
    private final byte[] key;
    private final String self;
    private final RedisEpoch epoch;
    private final Replicas replicas;
    private final SharedClock clock;
    private final Duration period;
    private final Set<Debtor> debtors = ConcurrentHashMap.newKeySet();
    private final Queue<Debtor> owing = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile long repaidFor; // when all had repaid: the opening that the mark told, epoch milliseconds
    private volatile long forgets;
    private volatile boolean elder; // it was in use before the mark that is in force: it knows who else was there

    /**
     * @param self this replica's name, without blanks
     * @param period for how long nothing is granted without this
     */
    Repayment(
            RedisCalls redis,
            byte[] key,
            String self,
            RedisEpoch epoch,
            Replicas replicas,
            SharedClock clock,
            Duration period) {
        this.redis = redis;
        this.key = key;
        this.self = self;
        this.epoch = epoch;
        this.replicas = replicas;
        this.clock = clock;
        this.period = period;
    }

    /** Those that are asked to repay; each enters and leaves by itself. */
    Set<Debtor> debtors() {
        return debtors;
    }

    /** Redis does not know what this replica sent until now. */
    void owe() {
        owing.clear();
        owing.addAll(debtors);
    }

    /** For how long nothing may be granted, as far as is known: what is hoped for, while there is hope. */
    long closedNanos() {
        long now = clock.currentTimeNanos();
        long closed = epoch.opensAtNanos() - now;
        if (closed <= 0 || isRepaid()) {
            return 0;
        }
        long hoped = closed - period.toNanos() + HOPED.toNanos();
        return hoped > 0 ? Math.min(closed, hoped) : closed;
    }

    /** The opening that all have forestalled, epoch milliseconds; zero: none. */
    long repaidFor() {
        return repaidFor;
    }

    private boolean isRepaid() {
        return repaidFor == millis(epoch.opensAtNanos());
    }

    /**
     * Repays what this replica owes, says so, and sees whether the others did, again and again until nothing is left to wait for.
     *
     * @param run of the server; empty when it is not trusted any more, which ends this
     */
    void pursue(RedisLink link, Supplier<Optional<String>> run) {
        var server = run.get();
        if (server.isEmpty() || !looking.compareAndSet(false, true)) {
            return;
        }
        look(server.get()).onComplete((all, failure) -> {
            looking.set(false);
            if (failure != null || !all) {
                link.later(SOON, () -> pursue(link, run));
            }
        });
    }

    /** True when nothing is left to wait for; fails when Redis did not answer, and then what is left is repaid by the next. */
    private Future<Boolean> look(String run) {
        if (isOpen()) { // as the mark was read a moment ago
            elder = true;
            forgets = epoch.forgets();
            owing.clear(); // it is history
            return Future.succeededFuture(true);
        }
        return epoch.check(run).compose(done -> {
            if (epoch.forgets() != forgets) {
                forgets = epoch.forgets();
                owe();
            }
            long opensAt = epoch.opensAtNanos();
            return isOpen() ? Future.succeededFuture(true) : repay().compose(all -> told(opensAt));
        });
    }

    private boolean isOpen() {
        return closedNanos() == 0;
    }

    private Future<Void> repay() {
        List<Future<Void>> some = new ArrayList<>();
        while (some.size() < AT_ONCE && !owing.isEmpty()) {
            var debtor = owing.remove();
            some.add(debtor.repay().onFailure(failure -> owing.add(debtor)));
        }
        return some.isEmpty() ? Future.succeededFuture() : Future.join(some).compose(done -> repay());
    }

    private Future<Boolean> told(long opensAt) {
        var names = replicas.within(period);
        var word = millis(opensAt) + " " + (elder ? ELDER : YOUNG) + " " + String.join(" ", names);
        return redis.call(c -> c.hset(key, bytes(self), bytes(word)))
                .compose(done -> redis.call(c -> c.pexpire(key, period.multipliedBy(2))))
                .compose(done -> redis.call(c -> c.hgetall(key)))
                .map(words -> {
                    boolean all = all(words, millis(opensAt), names)
                            && clock.currentTimeNanos()
                                    >= opensAt - period.minus(SETTLED).toNanos();
                    if (all) {
                        LOG.info("Redis was told by all {} what they sent: sends go on", names.size());
                        repaidFor = millis(opensAt);
                    }
                    return all;
                });
    }

    private static boolean all(Map<byte[], byte[]> words, long opensAt, Set<String> known) {
        var missing = new HashSet<>(known);
        Map<String, List<String>> said = new HashMap<>();
        words.forEach((name, word) -> {
            var parts = List.of(text(word).split(" "));
            if (parts.get(0).equals(Long.toString(opensAt))) {
                said.put(text(name), parts.subList(1, parts.size()));
            }
        });
        said.values().forEach(missing::addAll);
        missing.remove(YOUNG);
        return missing.remove(ELDER) && said.keySet().containsAll(missing);
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
