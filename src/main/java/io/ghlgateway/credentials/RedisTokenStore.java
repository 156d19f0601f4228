package io.ghlgateway.credentials;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.redis.RedisFollowers;
import io.ghlgateway.redis.RedisLine;
import io.ghlgateway.redis.RedisLink;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Records in a Redis that all replicas share. What it has confirmed is as durable as that Redis is set to be, and, where
 * others follow it, has reached one of them unless that took too long. Futures complete on one of Lettuce's threads.
 */
public final class RedisTokenStore implements TokenStore {

    private static final Duration FOLLOWERS_WITHIN = Duration.ofMillis(100);

    private final RedisLink link;
    private final RedisRecords records;
    private final RedisNews news;
    private final RedisLeases leases;
    private final RedisFollowers followers;
    private final RedisWeaknesses weaknesses;

    /**
     * @param link this store's own, which it closes; not started yet
     * @param prefix what all keys in Redis begin with
     */
    public RedisTokenStore(RedisLink link, String prefix, Ticker ticker) {
        this(link, prefix, ticker, FOLLOWERS_WITHIN);
    }

    /** @param followersWithin how long a write waits for a follower to have it; less than a command may take */
    RedisTokenStore(RedisLink link, String prefix, Ticker ticker, Duration followersWithin) {
        this.link = link;
        var redis = new RedisLine(link, prefix + ":cred:");
        var run = new RedisRun(redis);
        link.listen(run);
        this.news = new RedisNews(redis, run);
        this.records = new RedisRecords(redis, news);
        this.leases = new RedisLeases(redis);
        this.followers = new RedisFollowers(redis, ticker, followersWithin);
        this.weaknesses = new RedisWeaknesses(redis);
    }

    @Override
    public Future<Optional<Sealed>> read(RecordName name) {
        return records.read(name);
    }

    @Override
    public Future<Sealed> write(Sealed record) {
        return records.write(record)
                .compose(kept -> followers.follow(records.key(record.name())).map(kept));
    }

    @Override
    public Future<Void> scan(Consumer<Sealed> each) {
        return records.scan(each);
    }

    @Override
    public Future<Optional<Lease>> lease(RecordName name, String owner, Duration life) {
        return leases.take(name, owner, life);
    }

    @Override
    public Future<Void> release(Lease lease) {
        return leases.release(lease);
    }

    @Override
    public Future<Boolean> claim(String once, Duration life) {
        return leases.claim(once, life);
    }

    @Override
    public Future<Changes> changes(Optional<String> cursor) {
        return news.since(cursor);
    }

    @Override
    public Future<Set<String>> present(String replica, Duration life) {
        return leases.present(replica, life);
    }

    @Override
    public Future<List<String>> weaknesses() {
        return weaknesses.ask();
    }

    @Override
    public Future<Void> close() {
        return link.close();
    }
}
