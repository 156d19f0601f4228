package io.ghlgateway.credentials;

import io.ghlgateway.redis.RedisLink;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Commands and scripts to the Redis that keeps records. Never throws; what fails is a failed future. */
final class RedisLine {

    private final RedisLink link;
    private final String prefix;

    /** @param prefix what all keys in Redis begin with */
    RedisLine(RedisLink link, String prefix) {
        this.link = link;
        this.prefix = prefix + ":cred:";
    }

    /** How a script is named to Redis: by its digest, or in full to one that does not know it yet. */
    interface Naming {
        <T> Future<T> run(RedisScript script, byte[][] keys, byte[]... values);
    }

    byte[] key(String rest) {
        return bytes(prefix + rest);
    }

    /** Completes on one of Lettuce's threads. */
    <T extends @Nullable Object> Future<T> call(Function<RedisAsyncCommands<byte[], byte[]>, RedisFuture<T>> command) {
        try {
            var commands = link.commands();
            return commands.isPresent()
                    ? Future.fromCompletionStage(command.apply(commands.get()))
                    : Future.failedFuture(new RedisConnectionException("not connected to Redis yet"));
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    <T> Future<T> run(RedisScript script, byte[][] keys, byte[]... values) {
        return runAll(naming -> naming.run(script, keys, values));
    }

    /** Sends commands with scripts by their digest; if Redis does not know one, all of them again with it in full. */
    <T> Future<T> runAll(Function<Naming, Future<T>> commands) {
        return commands.apply(new ByDigest())
                .recover(failure -> failure instanceof RedisNoScriptException
                        ? commands.apply(new InFull())
                        : Future.failedFuture(failure));
    }

    private final class ByDigest implements Naming {
        @Override
        public <T> Future<T> run(RedisScript script, byte[][] keys, byte[]... values) {
            return call(c -> c.evalsha(c.digest(script.text()), script.type(), keys, values));
        }
    }

    private final class InFull implements Naming {
        @Override
        public <T> Future<T> run(RedisScript script, byte[][] keys, byte[]... values) {
            return call(c -> c.eval(script.text(), script.type(), keys, values));
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] bytes(long number) {
        return bytes(Long.toString(number));
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
