package io.ghlgateway.redis;

import com.github.benmanes.caffeine.cache.Ticker;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Redis servers that follow this one, and would take over. One of them is to have what was written before that counts as
 * done; but a write never fails for it. While Redis waits, the connection stands still: so there is one wait at a time,
 * and all that was written meanwhile shares the next.
 */
public final class RedisFollowers {

    private static final Logger LOG = LoggerFactory.getLogger(RedisFollowers.class);
    private static final long COUNT_AGAIN_NANOS = Duration.ofSeconds(10).toNanos();

    private final RedisLine redis;
    private final Ticker ticker;
    private final Duration most;
    private final Map<String, OfOne> servers = new ConcurrentHashMap<>(); // few: as many as ever were masters

    /** @param most how long a write waits for a follower; zero: it never does */
    public RedisFollowers(RedisLine redis, Ticker ticker, Duration most) {
        this.redis = redis;
        this.ticker = ticker;
        this.most = most;
    }

    /**
     * Completes, always, once a follower of the server that keeps this key has all that was written there before, or has
     * not got it in time, or there is none.
     */
    public Future<Void> follow(byte[] key) {
        if (most.isZero()) {
            return Future.succeededFuture();
        }
        return redis.serverOf(key)
                .compose(server -> servers.computeIfAbsent(server.name(), name -> new OfOne())
                        .follow(server))
                .otherwiseEmpty();
    }

    /** Those of one server. */
    private final class OfOne {

        private @Nullable Future<Boolean> any; // these four guarded by this
        private long anyUntil;
        private @Nullable Promise<Void> next;
        private boolean waiting;

        Future<Void> follow(RedisServer server) {
            return any(server).compose(there -> there ? join(server) : Future.<Void>succeededFuture());
        }

        private synchronized Future<Boolean> any(RedisServer server) {
            var known = any;
            if (known == null || known.failed() || ticker.read() - anyUntil >= 0) {
                known = redis.call(server, c -> c.info("replication"))
                        .map(info -> RedisInfo.field(info, "connected_slaves")
                                .filter(count -> !count.equals("0"))
                                .isPresent());
                any = known;
                anyUntil = ticker.read() + COUNT_AGAIN_NANOS;
            }
            return known;
        }

        private Future<Void> join(RedisServer server) {
            synchronized (this) {
                if (waiting) {
                    var joined = next == null ? Promise.<Void>promise() : next;
                    next = joined;
                    return joined.future();
                }
                waiting = true;
            }
            return await(server);
        }

        private Future<Void> await(RedisServer server) {
            return redis.call(server, c -> c.waitForReplication(1, most.toMillis()))
                    .transform((reached, failure) -> {
                        if (failure != null || reached == 0) {
                            LOG.debug("no follower of Redis confirmed a write within {}", most, failure);
                        }
                        goOn(server);
                        return Future.<Void>succeededFuture();
                    });
        }

        private void goOn(RedisServer server) {
            Promise<Void> joined;
            synchronized (this) {
                joined = next;
                next = null;
                waiting = joined != null;
            }
            if (joined != null) {
                await(server).onComplete(joined);
            }
        }
    }
}
