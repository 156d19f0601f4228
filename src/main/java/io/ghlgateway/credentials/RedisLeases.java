package io.ghlgateway.credentials;

import static io.ghlgateway.redis.RedisLine.bytes;
import static io.ghlgateway.redis.RedisLine.text;

import io.ghlgateway.redis.RedisLine;
import io.ghlgateway.redis.RedisScript;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Leases, claims and presence in Redis, by Redis's own clock. */
final class RedisLeases {

    /** Zero: another has it. Fences begin with the time, so that they grow even after a loss of everything. */
    private static final RedisScript TAKE = new RedisScript("""
            local held = redis.call('GET', KEYS[1])
            if held and string.match(held, '^%d+ (.*)$') ~= ARGV[1] then
              return 0
            end
            if redis.call('EXISTS', KEYS[2]) == 0 then
              redis.call('SET', KEYS[2], redis.call('TIME')[1] .. '000')
            end
            local fence = redis.call('INCR', KEYS[2])
            redis.call('SET', KEYS[1], string.format('%.0f', fence) .. ' ' .. ARGV[1], 'PX', ARGV[2])
            return fence
            """, ScriptOutputType.INTEGER);

    private static final RedisScript RELEASE = new RedisScript("""
            if redis.call('GET', KEYS[1]) == ARGV[1] then
              return redis.call('DEL', KEYS[1])
            end
            return 0
            """, ScriptOutputType.INTEGER);

    private static final RedisScript PRESENT = new RedisScript("""
            local time = redis.call('TIME')
            local now = time[1] * 1000 + math.floor(time[2] / 1000)
            redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
            redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
            return redis.call('ZRANGE', KEYS[1], 0, -1)
            """, ScriptOutputType.MULTI);

    private static final byte[] DONE = bytes("1");

    private final RedisLine redis;

    RedisLeases(RedisLine redis) {
        this.redis = redis;
    }

    Future<Optional<Lease>> take(RecordName name, String owner, Duration life) {
        byte[][] keys = {lease(name), redis.key("{" + name + "}:fence")};
        return redis.<Long>run(TAKE, keys, bytes(owner), bytes(millis(life)))
                .map(fence -> fence == 0 ? Optional.empty() : Optional.of(new Lease(name, owner, fence)));
    }

    private byte[] lease(RecordName name) {
        return redis.key("{" + name + "}:lease");
    }

    Future<Void> release(Lease lease) {
        byte[][] keys = {lease(lease.name())};
        return redis.<Long>run(RELEASE, keys, bytes(lease.fence() + " " + lease.owner()))
                .mapEmpty();
    }

    Future<Boolean> claim(String once, Duration life) {
        var args = SetArgs.Builder.nx().px(millis(life));
        return redis.call(c -> c.set(redis.key("once:" + once), DONE, args)).map(set -> set != null);
    }

    Future<Set<String>> present(String replica, Duration life) {
        byte[][] keys = {redis.key("present")};
        return redis.<List<Object>>run(PRESENT, keys, bytes(replica), bytes(millis(life)))
                .map(replicas ->
                        replicas.stream().map(there -> text((byte[]) there)).collect(Collectors.toUnmodifiableSet()));
    }

    /** Redis knows no shorter life than a millisecond. */
    private static long millis(Duration life) {
        return Math.max(1, life.toMillis());
    }
}
