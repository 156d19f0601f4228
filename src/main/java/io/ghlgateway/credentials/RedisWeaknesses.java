package io.ghlgateway.credentials;

import io.ghlgateway.redis.RedisInfo;
import io.ghlgateway.redis.RedisLine;
import io.ghlgateway.redis.RedisServer;
import io.lettuce.core.RedisCommandExecutionException;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How Redis is set, where that makes it less durable than tokens need. */
final class RedisWeaknesses {

    private static final String APPEND = "appendonly";
    private static final String SYNC = "appendfsync";
    private static final String POLICY = "maxmemory-policy";

    private final RedisLine redis;

    RedisWeaknesses(RedisLine redis) {
        this.redis = redis;
    }

    /** Of all servers; what several have in common is said once. */
    Future<List<String>> ask() {
        return redis.servers()
                .compose(servers -> Future.all(servers.stream().map(this::ask).toList()))
                .map(all -> all.<List<String>>list().stream()
                        .flatMap(List::stream)
                        .distinct()
                        .toList());
    }

    private Future<List<String>> ask(RedisServer server) {
        var append = setting(server, APPEND).compose(told -> or(server, told, "persistence", "aof_enabled"));
        var policy = setting(server, POLICY).compose(told -> or(server, told, "memory", "maxmemory_policy"));
        var sync = setting(server, SYNC);
        return Future.all(append, sync, policy).map(all -> sentences(append.result(), sync.result(), policy.result()));
    }

    /** Empty where Redis does not let itself be asked. */
    private Future<Optional<String>> setting(RedisServer server, String name) {
        return redis.call(server, c -> c.configGet(name))
                .map(Map::copyOf)
                .map(found -> Optional.ofNullable(found.get(name)))
                .recover(RedisWeaknesses::refused);
    }

    private Future<Optional<String>> or(RedisServer server, Optional<String> told, String section, String field) {
        return told.isPresent()
                ? Future.succeededFuture(told)
                : redis.call(server, c -> c.info(section))
                        .map(info -> RedisInfo.field(info, field))
                        .recover(RedisWeaknesses::refused);
    }

    private static Future<Optional<String>> refused(Throwable failure) {
        return failure instanceof RedisCommandExecutionException
                ? Future.succeededFuture(Optional.empty())
                : Future.failedFuture(failure);
    }

    private static List<String> sentences(Optional<String> append, Optional<String> sync, Optional<String> policy) {
        var sentences = new ArrayList<String>();
        boolean appends =
                append.filter(value -> value.equals("yes") || value.equals("1")).isPresent();
        if (append.isEmpty()) {
            sentences.add(untold(APPEND, "yes"));
        } else if (!appends) {
            sentences.add(
                    APPEND + " is no: a restarted Redis forgets all webhooks, and every token not in a journal; set "
                            + APPEND + " yes");
        } else if (sync.isEmpty()) {
            sentences.add(untold(SYNC, "always"));
        } else if (!sync.get().equals("always")) {
            sentences.add(SYNC + " is " + sync.get() + ": up to "
                    + (sync.get().equals("everysec") ? "a second" : "half a minute")
                    + " of writes, webhooks among them, is lost with the machine; 'always' is better, or, for tokens,"
                    + " keep each replica's"
                    + " credentials.journal on a volume");
        }
        if (policy.isEmpty()) {
            sentences.add(untold(POLICY, "noeviction"));
        } else if (!policy.get().equals("noeviction")) {
            sentences.add(POLICY + " is " + policy.get() + ": when memory is short Redis drops "
                    + (policy.get().startsWith("volatile") ? "leases and claims" : "tokens")
                    + "; set " + POLICY + " noeviction");
        }
        return List.copyOf(sentences);
    }

    private static String untold(String setting, String better) {
        return setting + " is not known, for Redis does not let itself be asked: make sure that it is " + better;
    }
}
