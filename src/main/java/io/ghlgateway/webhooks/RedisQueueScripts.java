package io.ghlgateway.webhooks;

import io.ghlgateway.redis.RedisScript;
import io.lettuce.core.ScriptOutputType;

/** What {@link RedisEventQueue} has Redis do in one go; for Redis 6.2 and later. */
final class RedisQueueScripts {

    /**
     * Keys: the id's mark, who got something when, then the streams. Values: how long the mark stands, the event, now, then
     * whose streams these are. To all of them or, where the mark stands already, to none.
     */
    static final RedisScript OFFER = new RedisScript("""
            if not redis.call('SET', KEYS[1], '', 'PX', ARGV[1], 'NX') then
              return 0
            end
            for i = 3, #KEYS do
              redis.call('XADD', KEYS[i], '*', 'event', ARGV[2])
              redis.call('ZADD', KEYS[2], ARGV[3], ARGV[i + 1])
            end
            return 1
            """, ScriptOutputType.INTEGER);

    /** Keys: the stream, what waits. Gives id, attempt and event of what is due, which is the asker's from now on. */
    static final RedisScript DUE = new RedisScript("""
            local found = {}
            for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])) do
              local colon = string.find(member, ':', 1, true)
              local id = string.sub(member, 1, colon - 1)
              local held = redis.call('XRANGE', KEYS[1], id, id)
              if held[1] then
                redis.call('XCLAIM', KEYS[1], ARGV[3], ARGV[4], 0, id, 'FORCE', 'JUSTID')
                found[#found + 1] = id
                found[#found + 1] = string.sub(member, colon + 1)
                found[#found + 1] = held[1][2][2]
              end
              redis.call('ZREM', KEYS[2], member)
            end
            return found
            """, ScriptOutputType.MULTI);

    /** Key: the stream. */
    static final RedisScript DONE = new RedisScript("""
            redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
            return redis.call('XDEL', KEYS[1], ARGV[2])
            """, ScriptOutputType.INTEGER);

    /** Keys: the stream, what waits. */
    static final RedisScript AGAIN = new RedisScript("""
            if redis.call('XACK', KEYS[1], ARGV[1], ARGV[2]) == 1 then
              redis.call('ZADD', KEYS[2], ARGV[3], ARGV[2] .. ':' .. ARGV[4])
            end
            return 1
            """, ScriptOutputType.INTEGER);

    /** Keys: the stream, the letters, their order. Gives how many old ones had to go. */
    static final RedisScript BURY = new RedisScript("""
            if redis.call('XDEL', KEYS[1], ARGV[2]) == 1 then
              redis.call('HSET', KEYS[2], ARGV[3], ARGV[4], ARGV[3] .. '!', ARGV[5])
              redis.call('ZADD', KEYS[3], ARGV[6], ARGV[3])
            end
            redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
            local over = redis.call('ZCARD', KEYS[3]) - tonumber(ARGV[7])
            for i = 1, over do
              local oldest = redis.call('ZPOPMIN', KEYS[3])
              redis.call('HDEL', KEYS[2], oldest[1], oldest[1] .. '!')
            end
            return math.max(over, 0)
            """, ScriptOutputType.INTEGER);

    /** Keys: the stream, the letters, their order. */
    static final RedisScript REPLAY = new RedisScript("""
            local count = 0
            for _, id in ipairs(ARGV) do
              local event = redis.call('HGET', KEYS[2], id)
              if event then
                redis.call('XADD', KEYS[1], '*', 'event', event)
                count = count + 1
              end
              redis.call('HDEL', KEYS[2], id, id .. '!')
              redis.call('ZREM', KEYS[3], id)
            end
            return count
            """, ScriptOutputType.INTEGER);

    private RedisQueueScripts() {}
}
