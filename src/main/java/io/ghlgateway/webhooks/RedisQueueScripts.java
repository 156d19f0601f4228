package io.ghlgateway.webhooks;

import io.ghlgateway.redis.RedisScript;
import io.lettuce.core.ScriptOutputType;

/** What {@link RedisEventQueue} has Redis do in one go; for Redis 6.2 and later. */
final class RedisQueueScripts {

    /** What an entry takes beside its event, in bytes; a guess on the safe side. */
    static final int OVERHEAD = 512;

    /** Takes so many bytes off what is kept for somebody. An entry of a build that did not count was never added. */
    private static final String GIVE_BACK = """
            local function give_back(counts, name, bytes)
              if redis.call('HINCRBY', counts, name, -bytes) <= 0 then
                redis.call('HDEL', counts, name)
              end
            end
            """;

    /**
     * Keys: the id's mark, who got something when, the bytes of each, then the streams. Values: how long the mark stands,
     * the event, now, how many bytes all together may be, then whose streams these are. To all of them or to none: 0 where
     * the mark stands already, -1 where there is no room.
     */
    static final RedisScript OFFER = new RedisScript("""
            if redis.call('EXISTS', KEYS[1]) == 1 then
              return 0
            end
            local size = #ARGV[2] + %d
            if #KEYS > 3 then
              local held = size * (#KEYS - 3)
              for _, bytes in ipairs(redis.call('HVALS', KEYS[3])) do
                held = held + tonumber(bytes)
              end
              if held > tonumber(ARGV[4]) then
                return -1
              end
            end
            redis.call('SET', KEYS[1], '', 'PX', ARGV[1])
            for i = 4, #KEYS do
              local name = ARGV[i + 1]
              redis.call('XADD', KEYS[i], '*', 'event', ARGV[2])
              redis.call('ZADD', KEYS[2], ARGV[3], name)
              redis.call('HINCRBY', KEYS[3], name, size)
            end
            return 1
            """.formatted(OVERHEAD), ScriptOutputType.INTEGER);

    /**
     * Keys: the stream, what waits. Gives id, attempt, event and, if it was replayed, when, of what is due, which is the
     * asker's from now on.
     */
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
                found[#found + 1] = held[1][2][4] or ''
              end
              redis.call('ZREM', KEYS[2], member)
            end
            return found
            """, ScriptOutputType.MULTI);

    /** Keys: the stream, the bytes of each. Values: the group, the entry, whose stream this is. */
    static final RedisScript DONE = new RedisScript(GIVE_BACK + """
            local held = redis.call('XRANGE', KEYS[1], ARGV[2], ARGV[2])
            redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
            if held[1] then
              redis.call('XDEL', KEYS[1], ARGV[2])
              give_back(KEYS[2], ARGV[3], #held[1][2][2] + %d)
            end
            return #held
            """.formatted(OVERHEAD), ScriptOutputType.INTEGER);

    /** Whether an entry is in this consumer's hand: another may have taken it over meanwhile. */
    private static final String IN_HAND = """
            local function in_hand(stream, group, id, consumer)
              local found = redis.pcall('XPENDING', stream, group, id, id, 1, consumer) -- there may be no group any more
              return not found.err and found[1]
            end
            """;

    /**
     * Keys: the stream, what waits. Values: the group, the consumer, then entries. Gives id and attempts made of those that
     * were in nobody's hand, which are the asker's from now on. The attempts of one that was brought before stand behind its
     * id in what waits; looked for as far as they commonly go.
     */
    static final RedisScript CLAIM_WAITING = new RedisScript("""
            local function parts(id)
              local ms, number = string.match(id, '(%d+)-(%d+)')
              return tonumber(ms), tonumber(number)
            end
            local last_ms, last_number = 0, 0
            for _, group in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
              for i = 1, #group, 2 do
                if group[2] == ARGV[1] and group[i] == 'last-delivered-id' then
                  last_ms, last_number = parts(group[i + 1])
                end
              end
            end
            local function was_read(id)
              local ms, number = parts(id)
              return ms < last_ms or ms == last_ms and number <= last_number
            end
            local claimed = {}
            for i = 3, #ARGV do
              local id = ARGV[i]
              if redis.call('XRANGE', KEYS[1], id, id)[1] and not redis.call('XPENDING', KEYS[1], ARGV[1], id, id, 1)[1] then
                redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, id, 'FORCE', 'JUSTID')
                local made = 0
                local furthest = redis.call('ZCARD', KEYS[2]) > 0 and was_read(id) and 128 or 0
                for attempt = 2, furthest do
                  if redis.call('ZREM', KEYS[2], id .. ':' .. attempt) == 1 then
                    made = attempt - 1
                    break
                  end
                end
                claimed[#claimed + 1] = id
                claimed[#claimed + 1] = tostring(made)
              end
            end
            return claimed
            """, ScriptOutputType.MULTI);

    /** Keys: the stream, what waits. Values: the group, the entry, when it is due, the attempt, the consumer. */
    static final RedisScript AGAIN = new RedisScript(IN_HAND + """
            if in_hand(KEYS[1], ARGV[1], ARGV[2], ARGV[5]) then
              redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
              redis.call('ZADD', KEYS[2], ARGV[3], ARGV[2] .. ':' .. ARGV[4])
            end
            return 1
            """, ScriptOutputType.INTEGER);

    /** As {@link #GIVE_BACK}, for so many of the oldest letters, or until so many bytes are free. */
    private static final String DROP_OLDEST = GIVE_BACK + """
            local function drop_oldest(letters, graves, counts, name, most, bytes)
              local freed, count = 0, 0
              while count < most and freed < bytes do
                local oldest = redis.call('ZPOPMIN', graves)
                if not oldest[1] then
                  break
                end
                freed = freed + #(redis.call('HGET', letters, oldest[1]) or '') + %d
                redis.call('HDEL', letters, oldest[1], oldest[1] .. '!')
                count = count + 1
              end
              if count > 0 then
                give_back(counts, name, freed)
              end
              return count
            end
            """.formatted(OVERHEAD);

    /**
     * Keys: the stream, the letters, their order, the bytes of each. Values: the group, the entry, the letter's key, what
     * is said of it, now, how many letters there may be, whose they are, the consumer. Gives how many old ones had to go.
     */
    static final RedisScript BURY =
            new RedisScript(IN_HAND + DROP_OLDEST + """
            if not in_hand(KEYS[1], ARGV[1], ARGV[2], ARGV[8]) then
              return 0
            end
            local held = redis.call('XRANGE', KEYS[1], ARGV[2], ARGV[2])
            redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
            if held[1] then
              redis.call('XDEL', KEYS[1], ARGV[2])
              local former = redis.call('HGET', KEYS[2], ARGV[3])
              if former then
                give_back(KEYS[4], ARGV[7], #former + %d)
              end
              redis.call('HSET', KEYS[2], ARGV[3], held[1][2][2], ARGV[3] .. '!', ARGV[4])
              redis.call('ZADD', KEYS[3], ARGV[5], ARGV[3])
            end
            local over = redis.call('ZCARD', KEYS[3]) - tonumber(ARGV[6])
            return drop_oldest(KEYS[2], KEYS[3], KEYS[4], ARGV[7], over, math.huge)
            """.formatted(OVERHEAD), ScriptOutputType.INTEGER);

    /** Keys: the letters, their order, the bytes of each. Values: how many at most, how many bytes, whose they are. */
    static final RedisScript DROP = new RedisScript(DROP_OLDEST + """
            return drop_oldest(KEYS[1], KEYS[2], KEYS[3], ARGV[3], tonumber(ARGV[1]), tonumber(ARGV[2]))
            """, ScriptOutputType.INTEGER);

    /** Keys: the stream, the letters, their order. Values: now, then the letters' keys. */
    static final RedisScript REPLAY = new RedisScript("""
            local count = 0
            for i = 2, #ARGV do
              local event = redis.call('HGET', KEYS[2], ARGV[i])
              if event then
                redis.call('XADD', KEYS[1], '*', 'event', event, 'since', ARGV[1])
                count = count + 1
              end
              redis.call('HDEL', KEYS[2], ARGV[i], ARGV[i] .. '!')
              redis.call('ZREM', KEYS[3], ARGV[i])
            end
            return count
            """, ScriptOutputType.INTEGER);

    /** Keys: who got something when, the bytes of each, then all that is kept for one. Value: whose that is. */
    static final RedisScript FORGET = new RedisScript("""
            for i = 3, #KEYS do
              redis.call('UNLINK', KEYS[i])
            end
            redis.call('HDEL', KEYS[2], ARGV[1])
            return redis.call('ZREM', KEYS[1], ARGV[1])
            """, ScriptOutputType.INTEGER);

    private RedisQueueScripts() {}
}
