package io.ghlgateway.limits.redis;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.redis.RedisLink;
import io.ghlgateway.redis.RedisSubscription;
import io.ghlgateway.redis.RedisTrouble;
import io.lettuce.core.RedisCommandExecutionException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Of which keys more than half the quota was used lately, whoever used it: Redis says so in a channel, in the same step in which
 * it grants ({@link RedisLogScripts#PAY}). When Redis is lost, at most half of any other key's quota can be on its way or
 * counted by HighLevel, and the rest may be shared out at once ({@link LocalShare}).
 *
 * <p>Knows whether it knows: each replica says in the channel every two seconds that it is there, and who was not heard lately,
 * this replica among them, may be one that does not have Redis tell, or whose words do not arrive. Then no key is known to be quiet;
 * neither in a Cluster, whose channels are not listened to.
 */
final class BusyKeys {

    private static final Logger LOG = LoggerFactory.getLogger(BusyKeys.class);

    /** What a message begins with: the name of a replica that is there, or of a key's log. */
    private static final byte THERE = '+';

    private static final byte BUSY = '-';

    /** Who was not heard for so long is not there: it may have been late twice. */
    private static final Duration HEARD = Duration.ofSeconds(5);

    /** So much later than who paid others may hear of it: Redis writes the word before it answers. */
    private static final Duration LATER = Duration.ofMillis(25);

    private static final Duration SOON = Duration.ofMillis(50);
    private static final Duration AGAIN = Duration.ofMillis(500);
    private static final Duration SELDOM = Duration.ofMinutes(1);

    /** A key stays busy for its window, and is told at least once in so many parts of it; see the script. */
    private static final int PARTS = 4;

    private final RedisLink link;
    private final RedisCalls redis;
    private final byte[] channel;
    private final String self;
    private final Replicas replicas;
    private final SharedClock clock;
    private final Ticker ticker;
    private final long remembered;
    /** How much sooner than commands the channel may break where both break together. */
    private final long together;

    private final Cache<String, Boolean> busy;
    private final Map<String, Long> there = new ConcurrentHashMap<>(); // when they said so last, by the clock
    private final long begun;
    private volatile long since; // since when all was heard, or would have been
    private volatile long until; // and until when, where it is not listening
    private volatile boolean listens;
    private volatile boolean isDenied;
    private volatile boolean heardOthers;
    private volatile @Nullable RedisSubscription subscription;

    /**
     * @param self this replica's name, without blanks
     * @param period for how long a send counts at most
     */
    BusyKeys(
            RedisLink link,
            RedisCalls redis,
            byte[] channel,
            String self,
            Replicas replicas,
            SharedClock clock,
            Ticker ticker,
            Duration period) {
        this.link = link;
        this.redis = redis;
        this.channel = link.isCluster() ? new byte[0] : channel;
        this.self = self;
        this.replicas = replicas;
        this.clock = clock;
        this.ticker = ticker;
        this.remembered = period.plus(period.dividedBy(PARTS)).toNanos();
        this.together = link.commandTimeout().plus(link.commandTimeout()).toNanos();
        this.busy = Caffeine.newBuilder()
                .expireAfterWrite(Duration.ofNanos(remembered))
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
        this.begun = ticker.read();
        this.since = begun;
    }

    /** What Redis is to publish in; empty for nowhere. */
    byte[] channel() {
        return channel;
    }

    /** Listens from now on, again and again. */
    void listen() {
        if (channel.length > 0) {
            subscribe();
        }
    }

    private void subscribe() {
        link.subscribe(channel, this::heard).onComplete((made, failure) -> {
            if (failure != null) {
                noteDenied(failure);
                link.later(isDenied ? SELDOM : AGAIN, this::subscribe);
                return;
            }
            subscription = made;
            since = ticker.read();
            listens = true;
            made.ended().onComplete(done -> {
                until = ticker.read();
                listens = false;
                link.later(isDenied ? SELDOM : SOON, this::subscribe);
            });
        });
    }

    /** Redis' user may not listen, or not speak: nobody is to take this one's silence for quiet, nor Redis to be asked each time. */
    private void noteDenied(Throwable failure) {
        boolean denied = failure instanceof RedisCommandExecutionException
                && RedisTrouble.of(failure).isEmpty();
        if (denied && !isDenied) {
            LOG.warn("no key goes on at once when Redis is lost: {}", failure.getMessage());
        }
        isDenied = denied;
    }

    /** Has it listened to where commands go to by now. */
    void leave() {
        var open = subscription;
        if (open != null && listens) {
            open.end();
        }
    }

    private void heard(byte[] message) {
        if (message.length == 0) {
            return;
        }
        var text = new String(message, 1, message.length - 1, StandardCharsets.UTF_8);
        if (message[0] != THERE) {
            busy.put(text, Boolean.TRUE);
            return;
        }
        int blank = text.indexOf(' ');
        if (blank > 0 && text.substring(blank + 1).matches("\\d{1,15}")) {
            var name = text.substring(0, blank);
            heardOthers |= !name.equals(self);
            there.put(name, Long.parseLong(text.substring(blank + 1)));
        }
    }

    /** Says that this replica is there, and that the shared logs know all that it granted; every two seconds. */
    void tell() {
        if (!listens) {
            return; // or one that may not is told so each time
        }
        there.keySet().retainAll(replicas.names());
        if (!isThere(self) && ticker.read() - since > HEARD.toNanos()) {
            leave();
        }
        // When it was said: a Redis that hung may pass it on long after that.
        redis.publish(channel, ((char) THERE + self + " " + clock.millis()).getBytes(StandardCharsets.UTF_8))
                .onSuccess(heard -> isDenied = false)
                .onFailure(failure -> {
                    noteDenied(failure);
                    if (isDenied) {
                        leave();
                    }
                });
    }

    /** Whether another replica may have granted something early: only who says that it is there does. */
    boolean mayBeEarly() {
        return channel.length > 0 && (heardOthers || ticker.read() - begun < HEARD.toNanos());
    }

    /** Whether all others said so since then. @param when epoch milliseconds, by the clock */
    boolean areAllThereSince(long when) {
        return replicas.names().stream()
                .filter(name -> !name.equals(self))
                .map(there::get)
                .allMatch(said -> said != null && said > when);
    }

    /** Has all take a key for a busy one. */
    void busy(byte[] log) {
        if (channel.length > 0 && !isDenied) {
            var message = new byte[log.length + 1];
            message[0] = BUSY;
            System.arraycopy(log, 0, message, 1, log.length);
            redis.publish(channel, message);
        }
    }

    /** Redis was lost: what was granted meanwhile it did not tell. */
    void forget() {
        since = ticker.read();
    }

    /**
     * The logs of which more than half of the quota may be used within a window that has not ended yet; at most half of any other.
     * Asked at the moment at which Redis is lost.
     *
     * @return completed soon, when all is heard that was told by now; empty where it may be any of them
     */
    Optional<Future<Set<String>>> asOfNow() {
        long now = ticker.read();
        long heardUntil = listens ? now : until;
        boolean all = channel.length > 0
                && now - heardUntil <= together
                && heardUntil - since >= remembered
                && replicas.names().stream().allMatch(this::isThere);
        return all ? Optional.of(settled().map(done -> Set.copyOf(busy.asMap().keySet()))) : Optional.empty();
    }

    /** Nothing is on its way any more; at once where the channel broke too. */
    private Future<Void> settled() {
        var settled = Promise.<Void>promise();
        // A payment that was on its way as Redis was lost may be made for as long as a command may take.
        link.later(link.commandTimeout().plus(LATER), settled::tryComplete);
        var heard = subscription;
        if (heard != null) {
            heard.ended().onComplete(done -> settled.tryComplete());
        }
        return settled.future();
    }

    private boolean isThere(String replica) {
        var said = there.get(replica);
        return said != null && clock.millis() - said <= HEARD.toMillis();
    }
}
