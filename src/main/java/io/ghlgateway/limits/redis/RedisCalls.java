package io.ghlgateway.limits.redis;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.limits.LimitEvents;
import io.ghlgateway.redis.RedisFailure;
import io.ghlgateway.redis.RedisLink;
import io.ghlgateway.redis.RedisScript;
import io.ghlgateway.redis.RedisServer;
import io.ghlgateway.redis.RedisTrouble;
import io.github.bucket4j.redis.lettuce.RedisApi;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Commands to Redis, timed and counted. Never throws; what fails is a failed future. */
final class RedisCalls {

    private static final Logger LOG = LoggerFactory.getLogger(RedisCalls.class);

    private final RedisLink link;
    private final Ticker ticker;
    private final LimitEvents events;
    private volatile Listener listener = (place, asked, failure) -> {};

    RedisCalls(RedisLink link, Ticker ticker, LimitEvents events) {
        this.link = link;
        this.ticker = ticker;
        this.events = events;
    }

    /** Told of each command's end, on one of Lettuce's threads. */
    interface Listener {

        /**
         * @param place the server it went to, as {@link RedisLink#place} names it; empty: any
         * @param asked when it was sent, on the monotonic clock
         * @param failure why it failed, or null
         */
        void ended(String place, long asked, @Nullable Throwable failure);
    }

    void listen(Listener listener) {
        this.listener = listener;
    }

    /** Completes on one of Lettuce's threads. */
    <T extends @Nullable Object> Future<T> call(
            Function<RedisClusterAsyncCommands<byte[], byte[]>, RedisFuture<T>> command) {
        return noted("", ticker.read(), attempt(command));
    }

    /** A command to one server. */
    <T extends @Nullable Object> Future<T> call(
            RedisServer server, Function<RedisClusterAsyncCommands<byte[], byte[]>, RedisFuture<T>> command) {
        return noted(server.name(), ticker.read(), attempt(nobody -> command.apply(server.commands())));
    }

    /** What a server tells of itself; empty where one is not allowed to ask. */
    Future<String> info(RedisServer server) {
        return call(server, c -> c.info())
                .recover(failure -> failure instanceof RedisCommandExecutionException
                                && RedisTrouble.of(failure).isEmpty()
                        ? Future.succeededFuture("")
                        : Future.failedFuture(failure));
    }

    /** Tells all who listen to a channel, and how many they are. */
    Future<Long> publish(byte[] channel, byte[] message) {
        return call(c -> c.publish(channel, message));
    }

    /** What is kept under a name; null where nothing is. */
    Future<byte @Nullable []> get(byte[] key) {
        return noted(link.place(key), ticker.read(), attempt(c -> c.get(key)));
    }

    /** A script on one key: by its digest, or in full to a server that does not know it yet. */
    <T> Future<T> run(RedisScript script, byte[] key, byte[]... values) {
        byte[][] keys = {key};
        var place = link.place(key);
        long asked = ticker.read();
        var answer = attempt(c -> c.<T>evalsha(script.digest(), script.type(), keys, values))
                .recover(failure -> wasNotDone(failure)
                        ? attempt(c -> c.<T>eval(script.text(), script.type(), keys, values))
                        : Future.failedFuture(failure));
        return noted(place, asked, answer);
    }

    /** Its end is noted before whoever waits for it hears of that. */
    private <T extends @Nullable Object> Future<T> noted(String place, long asked, Future<T> answer) {
        answer.onComplete((value, failure) -> {
            try {
                ended(place, asked, failure);
            } catch (RuntimeException e) {
                LOG.error(
                        "the end of a command to Redis could not be noted", e); // who waits for it is told all the same
            }
        });
        return answer;
    }

    /** An unknown digest, or a user who may name scripts in full only. */
    private static boolean wasNotDone(Throwable failure) {
        return failure instanceof RedisNoScriptException
                || failure instanceof RedisCommandExecutionException
                        && String.valueOf(failure.getMessage()).startsWith("NOPERM");
    }

    private <T extends @Nullable Object> Future<T> attempt(
            Function<RedisClusterAsyncCommands<byte[], byte[]>, RedisFuture<T>> command) {
        return Future.fromCompletionStage(answer(command));
    }

    /**
     * The three commands that Bucket4j's proxies use. Bucket4j passes its keys as an {@code Object[]}, hence the type
     * variable, which is always {@code byte[]}.
     */
    <K> RedisApi<K> forBuckets() {
        return new RedisApi<>() {
            @Override
            @SuppressWarnings("unchecked")
            public <V> RedisFuture<V> eval(String script, ScriptOutputType type, K[] keys, byte[][] params) {
                return timed(
                        link.place((byte[]) keys[0]),
                        c -> ((RedisClusterAsyncCommands<K, byte[]>) (RedisClusterAsyncCommands<?, byte[]>) c)
                                .<V>eval(script, type, keys, params));
            }

            @Override
            public RedisFuture<byte[]> get(K key) {
                return timed(link.place((byte[]) key), c -> c.get((byte[]) key));
            }

            @Override
            public RedisFuture<?> delete(K key) {
                return timed(link.place((byte[]) key), c -> c.del((byte[]) key));
            }
        };
    }

    private <T extends @Nullable Object> RedisFuture<T> timed(
            String place, Function<RedisClusterAsyncCommands<byte[], byte[]>, RedisFuture<T>> command) {
        long asked = ticker.read();
        var answer = answer(command);
        answer.whenComplete((value, failure) -> ended(place, asked, failure));
        return answer;
    }

    private void ended(String place, long asked, @Nullable Throwable failure) {
        events.storeAsked(Duration.ofNanos(ticker.read() - asked), failure == null);
        if (failure != null) {
            events.storeFailed(RedisFailure.of(failure));
        }
        listener.ended(place, asked, failure);
    }

    private <T extends @Nullable Object> RedisFuture<T> answer(
            Function<RedisClusterAsyncCommands<byte[], byte[]>, RedisFuture<T>> command) {
        try {
            var commands = link.commands();
            return commands.isPresent()
                    ? command.apply(commands.get())
                    : new Failed<>(new RedisConnectionException("not connected to Redis yet"));
        } catch (RuntimeException e) {
            return new Failed<>(e);
        }
    }

    private static final class Failed<T extends @Nullable Object> extends CompletableFuture<T>
            implements RedisFuture<T> {

        private final String error;

        Failed(RuntimeException cause) {
            this.error = cause.toString();
            completeExceptionally(cause);
        }

        @Override
        public String getError() {
            return error;
        }

        @Override
        public boolean await(long timeout, TimeUnit unit) {
            return true;
        }
    }
}
