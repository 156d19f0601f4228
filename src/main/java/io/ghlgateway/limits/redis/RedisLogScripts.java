package io.ghlgateway.limits.redis;

import io.ghlgateway.limits.SlidingLog;
import io.ghlgateway.redis.RedisScript;
import io.lettuce.core.ScriptOutputType;

/** What {@link RedisLog} has Redis do in one go. */
final class RedisLogScripts {

    /**
     * What {@link SlidingLog#pay} does, to the letter: the same arithmetic on the same bytes. And tells {@link BusyKeys} of a key of which
     * more than half is used thereby: when it was not before, and with the first payment of each quarter of a window. So
     * whoever heard of none within a window and a quarter knows that at most half was sent in any window since.
     */
    static final RedisScript PAY = new RedisScript("""
            local s = redis.call('GET', KEYS[1])
            if not s then return {} end
            local HEAD, ENTRY, FORM = 55, 12, 1
            local size = (#s - HEAD) / ENTRY
            if string.byte(s) ~= FORM or size < 0 or size ~= math.floor(size) then
              return redis.error_reply('ERR a log of payments that this version cannot read')
            end
            local now, wanted, guard = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
            local quota, per, foreign, allowance, opens, born, pacedAt, paced, total, base =
              struct.unpack('>I4I4I4I4I6I6I6dI6I6', s, 2)
            local function when(i) return (struct.unpack('>I6', s, HEAD + i * ENTRY + 1)) end
            local function before(i)
              if i == 0 then return base end
              return (struct.unpack('>I6', s, HEAD + i * ENTRY - 5))
            end
            local function since(t)
              local low, high = 0, size
              while low < high do
                local middle = math.floor((low + high) / 2)
                if when(middle) < t then low = middle + 1 else high = middle end
              end
              return low
            end
            local span, late = per + guard, math.floor(per / 50)
            local sent, most = total - before(since(now - span)), 0
            if now >= opens or string.find(ARGV[5], string.format(',%.0f,', opens), 1, true) then
              most = math.max(0, math.max(1, quota - tonumber(ARGV[7]) - foreign) - sent)
            end
            local count = math.min(wanted, most)
            if allowance > 0 then
              if now > pacedAt then
                paced = math.min(allowance, paced + (now - pacedAt) * quota / per)
                pacedAt = now
              end
              count = math.min(count, math.floor(paced))
              paced = paced - count
            end
            local kept = since(now - span - late)
            local spent = total - before(kept) + count
            if count > 0 then
              local stamp = now
              if quota > 1000 then
                local grain = math.floor(per / 1000) + 1
                stamp = (math.floor(now / grain) + 1) * grain
              end
              local last = 0
              if size > 0 then last = when(size - 1) end
              if last > stamp then stamp = last end
              total = total + count
              local to = #s
              if last == stamp then to = to - ENTRY end
              redis.call('SET', KEYS[1],
                struct.pack('>BI4I4I4I4I6I6I6dI6I6', FORM, quota, per, foreign, allowance, opens, born, pacedAt, paced,
                  total, before(kept)) .. string.sub(s, HEAD + kept * ENTRY + 1, to) .. struct.pack('>I6I6', stamp, total),
                'PX', span + late + tonumber(ARGV[4]))
              local half, quarter = quota / 2 - foreign, span / 4
              if sent + count > half and ARGV[6] ~= ''
                  and (sent <= half or math.floor(stamp / quarter) > math.floor(last / quarter)) then
                redis.pcall('PUBLISH', ARGV[6], '-' .. KEYS[1])
              end
            end
            return {count, most - count, quota, spent, foreign, allowance, total, born}
            """, ScriptOutputType.MULTI);

    /** Puts one value in the place of another, of none where that is empty, if nobody changed it meanwhile. */
    static final RedisScript REPLACE = new RedisScript("""
            if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
            redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
            return 1
            """, ScriptOutputType.INTEGER);

    private RedisLogScripts() {}
}
