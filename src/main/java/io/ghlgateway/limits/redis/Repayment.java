package io.ghlgateway.limits.redis;

import static io.ghlgateway.redis.RedisLine.bytes;
import static io.ghlgateway.redis.RedisLine.text;

import io.ghlgateway.limits.Openings;
import io.ghlgateway.redis.RedisLink;
import io.vertx.core.Future;
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
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the pause that {@link RedisEpoch} prescribes ends early: each replica charges the shared logs with what it sent
 * within its last period, whoever granted it, and says so; when all have, the logs know at least all that was sent, and shared
 * grants begin. Where one that was there does not come back the pause lasts its period.
 *
 * <p>All: whom any of them heard of, before the loss or since, where one of them at least was there before it. One that
 * joined within two seconds of the loss may be known to nobody but itself; to hear from it in time is what {@link #SETTLED}
 * is for.
 *
 * <p>What Redis still knows of it counts twice: a quota that is used up gains nothing, one of which less than half is used is
 * free at once.
 */
final class Repayment {

    private static final Logger LOG = LoggerFactory.getLogger(Repayment.class);

    /** So long is waited at least for those whom nobody heard of, where all lost their connections. */
    private static final Duration SETTLED = Duration.ofMillis(500);
    /** And where nobody need have: as long as it takes all to look. */
    private static final Duration SEEN = RedisTrust.EVERY.plus(SETTLED);
    /** So long it is expected to take beyond that. */
    private static final Duration HOPED = Duration.ofMillis(1_500);

    private static final Duration SOON = Duration.ofMillis(100);
    private static final int AT_ONCE = 100;

    /** The log of one key, or an endpoint's bucket, of which something was sent by this replica. */
    interface Debtor {

        /** Charges it with that; fails when Redis did not answer. */
        Future<Void> repay();

        /** Charges it with what it was not told yet of what this replica granted early; fails when Redis did not answer. */
        Future<Void> tellEarly();
    }

    private final RedisCalls redis;
    private final byte[] key;
    private final String self;
    private final RedisEpoch epoch;
    private final Replicas replicas;
    private final SharedClock clock;
    private final Duration period;
    private final boolean possible;
    private final Set<Debtor> debtors = ConcurrentHashMap.newKeySet();
    private final Queue<Debtor> owing = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean looking = new AtomicBoolean();
    private final AtomicLong alone = new AtomicLong(); // how often this replica had granted by itself
    private volatile long repaidFor; // when all had repaid: the opening that the mark told, epoch milliseconds
    private volatile Openings openAlready = Openings.NONE;

    // While looking; of one look after the other.
    private volatile long charged; // for which occasions
    private volatile boolean elder; // it was in use before the mark that is in force: it knows who else was there

    /**
     * @param self this replica's name, without blanks
     * @param period for how long nothing is granted without this
     * @param possible false for a Cluster: it forgets slot by slot, which {@link SlotMarks} tell, and no charge of a whole
     */
    Repayment(
            RedisCalls redis,
            byte[] key,
            String self,
            RedisEpoch epoch,
            Replicas replicas,
            SharedClock clock,
            Duration period,
            boolean possible) {
        this.redis = redis;
        this.key = key;
        this.self = self;
        this.epoch = epoch;
        this.replicas = replicas;
        this.clock = clock;
        this.period = period;
        this.possible = possible;
    }

    /** Those that are asked to repay; each enters and leaves by itself. */
    Set<Debtor> debtors() {
        return debtors;
    }

    /** Redis does not know what this replica granted by itself until now. */
    void owe() {
        alone.incrementAndGet();
    }

    /** For how long nothing may be granted, as far as is known: what is hoped for, while there is hope. */
    long closedNanos() {
        return closedNanos(epoch.state());
    }

    private long closedNanos(RedisEpoch.State state) {
        long closed = state.opensAtNanos() - clock.currentTimeNanos();
        if (closed <= 0 || repaidFor == millis(state.opensAtNanos())) {
            return 0;
        }
        if (!possible) {
            return closed;
        }
        long hoped = closed - period.toNanos() + settlingTime(state).plus(HOPED).toNanos();
        return hoped > 0 ? Math.min(closed, hoped) : closed;
    }

    /** When logs were to open that are open already. */
    Openings openAlready() {
        return openAlready;
    }

    /**
     * Repays what this replica owes, says so, and sees whether the others did, again and again until nothing is left to wait for.
     *
     * @param run of the server; empty when it is not trusted any more, which ends this
     * @param open run when nothing is
     */
    void pursue(RedisLink link, Supplier<Optional<String>> run, Runnable open) {
        if (looking.compareAndSet(false, true)) {
            look(link, run, open);
        }
    }

    private void look(RedisLink link, Supplier<Optional<String>> run, Runnable open) {
        var server = run.get();
        if (server.isEmpty()) {
            looking.set(false);
            return;
        }
        look(server.get()).onComplete((all, failure) -> {
            if (failure == null && all) {
                looking.set(false);
                open.run();
            } else {
                link.later(SOON, () -> look(link, run, open));
            }
        });
    }

    /** True when nothing is left to wait for; fails when Redis did not answer, and then what is left is repaid by the next. */
    private Future<Boolean> look(String run) {
        if (isOpen() || !possible) { // as the mark was read a moment ago
            return Future.succeededFuture(true);
        }
        return epoch.check(run)
                .compose(done -> isOpen()
                        ? Future.succeededFuture(true)
                        : repay().compose(all -> tellEarly()).compose(all -> told()));
    }

    /** Then all that was owed is history, or in the logs. */
    private boolean isOpen() {
        long occasions = alone.get();
        var state = epoch.state();
        if (closedNanos(state) > 0) {
            return false;
        }
        charged = occasions + state.lives();
        owing.clear();
        elder = true;
        replicas.letGo(period);
        return true;
    }

    private Future<Void> repay() {
        long occasions = alone.get() + epoch.state().lives();
        if (occasions != charged) {
            charged = occasions;
            owing.clear();
            owing.addAll(debtors);
        }
        return all(owing, Debtor::repay);
    }

    /** Charges the logs with what they were not told yet of what this replica granted early; fails when Redis did not answer. */
    Future<Void> tellEarly() {
        return all(new ConcurrentLinkedQueue<>(debtors), Debtor::tellEarly);
    }

    /** A hundred at a time; those that failed are left, and then this fails too. */
    private static Future<Void> all(Queue<Debtor> left, Function<Debtor, Future<Void>> charge) {
        var failed = new ConcurrentLinkedQueue<Debtor>();
        return all(left, failed, charge).compose(done -> {
            left.addAll(failed);
            return failed.isEmpty() ? Future.succeededFuture() : Future.failedFuture("not all logs could be charged");
        });
    }

    private static Future<Void> all(Queue<Debtor> left, Queue<Debtor> failed, Function<Debtor, Future<Void>> charge) {
        List<Future<Void>> some = new ArrayList<>();
        while (some.size() < AT_ONCE && !left.isEmpty()) {
            var debtor = left.remove();
            var charged = Future.succeededFuture()
                    .compose(go -> charge.apply(debtor))
                    .onFailure(failure -> failed.add(debtor));
            if (!charged.succeeded()) { // many of them had nothing left to tell
                some.add(charged);
            }
        }
        return some.isEmpty()
                ? Future.succeededFuture()
                : Future.join(some).transform(done -> all(left, failed, charge));
    }

    private static Duration settlingTime(RedisEpoch.State state) {
        return state.isUnnoticed() ? SEEN : SETTLED;
    }

    private Future<Boolean> told() {
        var state = epoch.state();
        if (alone.get() + state.lives() != charged) {
            return Future.succeededFuture(false); // something more is owed since
        }
        var word = new RepaidWord(millis(state.opensAtNanos()), elder, state.openings(), replicas.names());
        return redis.call(c -> c.hset(key, bytes(self), bytes(word.toString())))
                .compose(done -> redis.call(c -> c.pexpire(key, period.multipliedBy(2))))
                .compose(done -> redis.call(c -> c.hgetall(key)))
                .map(words -> heard(word, words, settlingTime(state)));
    }

    /** @return whether all have repaid, and nobody closed it again meanwhile */
    private boolean heard(RepaidWord own, Map<byte[], byte[]> words, Duration settlingTime) {
        var said = new HashMap<String, RepaidWord>();
        words.forEach((name, text) -> RepaidWord.parse(text(text))
                .filter(word -> word.opensAt() == own.opensAt())
                .ifPresent(word -> said.put(text(name), word)));
        var known = new HashSet<>(own.names());
        said.values().forEach(word -> known.addAll(word.names()));
        boolean all = said.values().stream().anyMatch(RepaidWord::elder)
                && said.keySet().containsAll(known)
                && clock.millis() >= own.opensAt() - period.minus(settlingTime).toMillis();
        if (!all) {
            return false;
        }
        LOG.info("Redis was told by all {} what they sent: sends go on", known.size());
        openAlready = Openings.of(
                said.values().stream().flatMap(word -> word.openings().stream()).collect(Collectors.toSet()));
        repaidFor = own.opensAt();
        return isOpen();
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }
}
