package io.ghlgateway.redis;

import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Commands and scripts to a Redis that keeps what must not be lost. Never throws; what fails is a failed future. */
public final class RedisLine {

    private static final Duration MOVING_PAUSE = Duration.ofMillis(20);
    private static final int TRIES = 100;

    private final RedisLink link;
    private final String prefix;

    /** @param prefix what all keys that go through here begin with */
    public RedisLine(RedisLink link, String prefix) {
        this.link = link;
        this.prefix = prefix;
    }

    /** How a script is named to Redis: by its digest, or in full to one that does not know it yet. */
    public interface Naming {
        <T> Future<T> run(RedisScript script, byte[][] keys, byte[]... values);
    }

    public byte[] key(String rest) {
        return bytes(prefix + rest);
    }

    /** Whether keys live on several servers, so that no order holds between commands of different keys. */
    public boolean isCluster() {
        return link.isCluster();
    }

    /** All servers that keep records; fails when one of them is not connected. */
    public Future<List<RedisServer>> servers() {
        return link.servers();
    }

    public Future<RedisServer> serverOf(byte[] key) {
        return link.serverOf(key);
    }

    /** Completes on one of Lettuce's threads. */
    public <T extends @Nullable Object> Future<T> call(
            Function<RedisClusterAsyncCommands<byte[], byte[]>, RedisFuture<T>> command) {
        return patiently(
                () -> {
                    var commands = link.commands();
                    return commands.isPresent()
                            ? Future.fromCompletionStage(command.apply(commands.get()))
                            : Future.failedFuture(new RedisConnectionException("not connected to Redis yet"));
                },
                TRIES);
    }

    /** A command to one server. */
    public <T extends @Nullable Object> Future<T> call(
            RedisServer server, Function<RedisClusterAsyncCommands<byte[], byte[]>, RedisFuture<T>> command) {
        return patiently(() -> Future.fromCompletionStage(command.apply(server.commands())), TRIES);
    }

    /** Again only what was not carried out for sure: keys on their way from one node to another come together again. */
    private <T extends @Nullable Object> Future<T> patiently(Supplier<Future<T>> command, int tries) {
        Future<T> answer;
        try {
            answer = command.get();
        } catch (RuntimeException e) {
            answer = Future.failedFuture(e);
        }
        return answer.recover(failure -> {
            var trouble = RedisTrouble.of(failure);
            if (trouble.filter(RedisTrouble.MOVING::equals).isPresent() && tries > 1) {
                var pause = Promise.<Void>promise();
                link.later(MOVING_PAUSE, pause::complete);
                return pause.future().compose(rested -> patiently(command, tries - 1));
            }
            trouble.ifPresent(link::heard);
            return Future.failedFuture(failure);
        });
    }

    public <T> Future<T> run(RedisScript script, byte[][] keys, byte[]... values) {
        return runAll(naming -> naming.run(script, keys, values));
    }

    /** Sends commands with scripts by their digest; if Redis does not know one, all of them again with it in full. */
    public <T> Future<T> runAll(Function<Naming, Future<T>> commands) {
        return commands.apply(new ByDigest())
                .recover(failure -> failure instanceof RedisNoScriptException
                        ? commands.apply(new InFull())
                        : Future.failedFuture(failure));
    }

    private final class ByDigest implements Naming {
        @Override
        public <T> Future<T> run(RedisScript script, byte[][] keys, byte[]... values) {
            return call(c -> c.evalsha(script.digest(), script.type(), keys, values));
        }
    }

    private final class InFull implements Naming {
        @Override
        public <T> Future<T> run(RedisScript script, byte[][] keys, byte[]... values) {
            return call(c -> c.eval(script.text(), script.type(), keys, values));
        }
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static byte[] bytes(long number) {
        return bytes(Long.toString(number));
    }

    public static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
