package io.ghlgateway.limits.redis;

import io.ghlgateway.redis.RedisInfo;
import io.ghlgateway.redis.RedisLink;
import io.ghlgateway.redis.RedisServer;
import io.lettuce.core.RedisCommandExecutionException;
import io.vertx.core.Future;
import java.util.List;

/** What servers have counted since they started: whether keys can have gone that nobody deleted one by one. */
final class RedisPast {

    private static final List<String> EMPTYING = List.of("cmdstat_flushall", "cmdstat_flushdb", "cmdstat_swapdb");

    private final RedisLink link;
    private final RedisCalls redis;

    RedisPast(RedisLink link, RedisCalls redis) {
        this.link = link;
        this.redis = redis;
    }

    /**
     * Whether one of them was emptied, or dropped keys for want of memory. Not known, and false, where it does not let
     * itself be asked or its statistics were reset. Fails when one does not answer.
     */
    Future<Boolean> wasEmptied() {
        return link.servers()
                .compose(servers -> Future.all(servers.stream().map(this::ask).toList()))
                .map(all -> all.<Boolean>list().contains(true));
    }

    private Future<Boolean> ask(RedisServer server) {
        return redis.call(server, c -> c.info("commandstats"))
                .compose(commands -> redis.call(server, c -> c.info("stats")).map(stats -> tells(commands, stats)))
                .recover(failure -> failure instanceof RedisCommandExecutionException
                        ? Future.succeededFuture(false)
                        : Future.failedFuture(failure));
    }

    static boolean tells(String commands, String stats) {
        return EMPTYING.stream()
                        .anyMatch(each -> RedisInfo.field(commands, each).isPresent())
                || RedisInfo.field(stats, "evicted_keys")
                        .filter(count -> !count.equals("0"))
                        .isPresent();
    }
}
