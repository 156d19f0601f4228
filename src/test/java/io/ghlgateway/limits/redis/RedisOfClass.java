package io.ghlgateway.limits.redis;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.limits.Await;
import io.ghlgateway.redis.RedisLink;
import io.ghlgateway.redis.TestCluster;
import io.ghlgateway.redis.TestRedis;
import io.ghlgateway.redis.TestSentinel;
import java.io.IOException;
import java.time.Duration;
import java.util.function.BiFunction;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A Redis of its own for a class of tests, with a link to it that is connected; registered in a static field. */
public final class RedisOfClass<R extends AutoCloseable> implements BeforeAllCallback, AfterAllCallback {

    /** How long a command may take where that is not what is tested. */
    public static final Duration PATIENT = Duration.ofSeconds(10);

    private final Start<R> start;
    private final BiFunction<R, Duration, RedisLink> links;
    private R server;
    private RedisLink link;

    private interface Start<R> {
        R started() throws IOException;
    }

    private RedisOfClass(Start<R> start, BiFunction<R, Duration, RedisLink> links) {
        this.start = start;
        this.links = links;
    }

    public static RedisOfClass<TestRedis> node() {
        return new RedisOfClass<>(
                TestRedis::started, (redis, patience) -> RedisLink.to(redis.uri(), patience, Ticker.systemTicker()));
    }

    /** A Cluster of three. */
    public static RedisOfClass<TestCluster> cluster() {
        return new RedisOfClass<>(
                TestCluster::started,
                (redis, patience) -> RedisLink.to(redis.address(), patience, Ticker.systemTicker()));
    }

    /** The master that a Sentinel names. */
    public static RedisOfClass<TestSentinel> sentinel() {
        return new RedisOfClass<>(
                TestSentinel::started, (redis, patience) -> RedisLink.to(redis.uri(), patience, Ticker.systemTicker()));
    }

    public R server() {
        return server;
    }

    public RedisLink link() {
        return link;
    }

    /** Another one, which is not started yet. */
    public RedisLink link(Duration patience) {
        return links.apply(server, patience);
    }

    public static RedisLink connected(RedisLink link) {
        link.start();
        Await.result(link.seen());
        return link;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        server = start.started();
        link = connected(link(PATIENT));
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        Await.result(link.close());
        server.close();
    }
}
