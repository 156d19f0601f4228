-- A token bucket for each location in a Redis, by the one script that everybody uses for it (it is Stripe's, and Spring
-- Cloud Gateway's): ten a second and a hundred at once.
local redis_client = require "nginx.redis"

local rate, burst = 10, 100
local script = [[
local rate, capacity, now = tonumber(ARGV[1]), tonumber(ARGV[2]), redis.call('TIME')[1]
local tokens = tonumber(redis.call('get', KEYS[1])) or capacity
local since = tonumber(redis.call('get', KEYS[2])) or 0
local filled = math.min(capacity, tokens + math.max(0, now - since) * rate)
local allowed = filled >= 1
if allowed then filled = filled - 1 end
local ttl = math.floor(capacity / rate * 2)
redis.call('setex', KEYS[1], ttl, filled)
redis.call('setex', KEYS[2], ttl, now)
return { allowed and 1 or 0, filled }
]]
local digest

local function limit(port)
  local location = ngx.var.http_x_bench_location or "none"
  local red = redis_client:new()
  red:set_timeout(100)
  local ok, problem = red:connect("127.0.0.1", port)
  if not ok then
    ngx.log(ngx.ERR, "no redis: ", problem)
    return ngx.exit(503)
  end
  if not digest then
    digest = red:script("load", script)
  end
  local key = "request_rate_limiter.{" .. location .. "}"
  local answer
  answer, problem = red:evalsha(digest, 2, key .. ".tokens", key .. ".timestamp", rate, burst)
  if not answer then
    ngx.log(ngx.ERR, "no answer: ", problem)
    return ngx.exit(503)
  end
  red:set_keepalive(60000, 256)
  if answer[1] ~= 1 then
    return ngx.exit(429)
  end
  ngx.req.set_header("Authorization", "Bearer pit-" .. location)
end

return { limit = limit }
