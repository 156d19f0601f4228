package io.ghlgateway.limits;

import com.github.benmanes.caffeine.cache.Ticker;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether Redis can be trusted with a grant now: it is connected, its clock is known, and it remembers what was spent.
 * Finds out at each connection made, and again every two seconds.
 */
final class RedisStanding implements RedisLink.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(RedisStanding.class);
    private static final Duration EVERY = Duration.ofSeconds(2);
    private static final Duration SOON = Duration.ofMillis(200);
    private static final long ASK_AGAIN_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long TOLERATED_ERROR_NANOS = Duration.ofMillis(10).toNanos();

    private final RedisLink link;
    private final RedisCalls redis;
    private final SharedClock clock;
    private final RedisEpoch epoch;
    private final Ticker ticker;
    private final Duration period;
    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile boolean trusted;
    private volatile boolean connected;
    private volatile String run = "";
    private volatile long closedUntil; // by the ticker
    private volatile long steps;

    RedisStanding(
            RedisLink link, RedisCalls redis, SharedClock clock, RedisEpoch epoch, Ticker ticker, Duration period) {
        this.ticker = ticker;
        this.period = period;
        this.closedUntil = ticker.read();
        this.link = link;
        this.redis = redis;
        this.clock = clock;
        this.epoch = epoch;
    }

    void start() {
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
        trusted = false;
    }

    /** How long nothing may be granted, as far as is known. */
    long closedNanos() {
        if (!trusted || clock.errorNanos() > TOLERATED_ERROR_NANOS) {
            return ASK_AGAIN_NANOS;
        }
        long byRedis = Math.max(0, epoch.opensAtNanos() - clock.currentTimeNanos());
        return Math.max(byRedis, closedUntil - ticker.read());
    }

    /** When shared grants may begin, epoch nanoseconds, asked of Redis just now. */
    Future<Long> checkEpoch() {
        return epoch.check(run).map(done -> epoch.opensAtNanos());
    }

    private void tick() {
        link.later(EVERY, this::tick);
        if (trusted) {
            measure();
        } else if (connected) {
            greet();
        }
    }

    /** Who answers, what time it is there, and what it remembers; only then is anything granted. */
    private void greet() {
        if (!asking.compareAndSet(false, true)) {
            return;
        }
        redis.call(c -> c.info())
                .map(RedisStanding::warned)
                .otherwise("") // not allowed to ask: then only the mark tells
                .compose(info -> {
                    run = field(info, "run_id").orElse("");
                    return clock.measure();
                })
                .onSuccess(done -> distrustAfterStep())
                .compose(done -> epoch.check(run))
                .onComplete((done, failure) -> {
                    asking.set(false);
                    trusted = failure == null && connected;
                    if (failure != null && connected) {
                        link.later(SOON, this::greet);
                    }
                });
    }

    private void measure() {
        clock.measure()
                .onSuccess(done -> distrustAfterStep())
                .compose(done -> epoch.check(run))
                .onFailure(failure -> {
                    // A slow answer: the clock goes on by itself, and its error grows until it is too much.
                    LOG.debug("Redis did not tell the time", failure);
                });
    }

    /**
     * A clock set forward fills buckets before their time. The period counts from when the last replica can have seen
     * it, since until then that one goes on by the old time.
     */
    private void distrustAfterStep() {
        if (clock.steps() != steps) {
            steps = clock.steps();
            closedUntil = ticker.read() + period.plus(EVERY).toNanos();
        }
    }

    private static String warned(String info) {
        field(info, "maxmemory_policy")
                .filter(policy -> !policy.equals("noeviction"))
                .ifPresent(policy -> LOG.warn(
                        "Redis has maxmemory-policy {}: under memory pressure it forgets what was spent; set noeviction",
                        policy));
        return info;
    }

    private static Optional<String> field(String info, String name) {
        return Arrays.stream(info.split("\r?\n"))
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst();
    }
}
