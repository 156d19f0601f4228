package io.ghlgateway.webhooks;

import static io.ghlgateway.redis.RedisLine.bytes;
import static io.ghlgateway.redis.RedisLine.text;

import io.ghlgateway.redis.RedisLine;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.webhooks.EventQueue.DeadLetter;
import io.ghlgateway.webhooks.EventQueue.Delivery;
import io.lettuce.core.KeyValue;
import io.lettuce.core.Value;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Dead letters in Redis. One that this version cannot read, as a later one may have written it, is kept as it came: under
 * an app's name that no app has, so that it is seen, and can be replayed once it can be read.
 */
final class RedisDeadLetters {

    /** Stands for the app of what cannot be read. */
    private static final App UNREADABLE = new App("unreadable");

    private static final int BATCH = 100;
    /** So many are thrown away in one go. */
    private static final int MOST_DROPPED = 100;

    private final RedisLine redis;
    private final RedisQueueKeys keys;
    private final byte[] replica;
    private final InstantSource clock;
    private final WebhookEvents events;

    /** @param replica the consumer in whose hand is what it buries */
    RedisDeadLetters(RedisLine redis, RedisQueueKeys keys, byte[] replica, InstantSource clock, WebhookEvents events) {
        this.redis = redis;
        this.keys = keys;
        this.replica = replica;
        this.clock = clock;
        this.events = events;
    }

    Future<Long> count(String subscriber) {
        return redis.call(c -> c.zcard(keys.graves(subscriber)));
    }

    Future<Void> bury(Delivery delivery, String why) {
        return bury(delivery.subscriber(), delivery.entry(), delivery.event().key(), delivery.attempt(), why);
    }

    /** Takes an entry that cannot be read out of the way of the others. */
    Future<Void> buryUnreadable(String subscriber, String entry) {
        return bury(subscriber, entry, UNREADABLE + "/" + entry, 0, "unreadable");
    }

    private Future<Void> bury(String subscriber, String entry, String key, int attempts, String why) {
        long now = clock.instant().toEpochMilli();
        var stone =
                new JsonObject().put("attempts", attempts).put("buried", now).put("why", why);
        return redis.<Long>run(
                        RedisQueueScripts.BURY,
                        new byte[][] {
                            keys.stream(subscriber), keys.letters(subscriber), keys.graves(subscriber), keys.bytes()
                        },
                        RedisReader.GROUP,
                        bytes(entry),
                        bytes(key),
                        bytes(stone.encode()),
                        bytes(now),
                        bytes(EventQueue.MOST_DEAD),
                        bytes(subscriber),
                        replica)
                .map(dropped -> told(subscriber, dropped))
                .mapEmpty();
    }

    private long told(String subscriber, long dropped) {
        if (dropped > 0) {
            events.dropped(subscriber, (int) dropped);
        }
        return dropped;
    }

    /**
     * Throws the oldest away of the subscriber that has most.
     *
     * @param bytes that are needed
     * @return whether there was one
     */
    Future<Boolean> makeRoom(List<String> subscribers, long bytes) {
        return Future.all(subscribers.stream().map(this::count).toList()).compose(all -> {
            var counts = all.<Long>list();
            int most = -1;
            for (int i = 0; i < counts.size(); i++) {
                if (counts.get(i) > 0 && (most < 0 || counts.get(i) > counts.get(most))) {
                    most = i;
                }
            }
            return most < 0 ? Future.succeededFuture(false) : drop(subscribers.get(most), bytes);
        });
    }

    private Future<Boolean> drop(String subscriber, long bytes) {
        return redis.<Long>run(
                        RedisQueueScripts.DROP,
                        new byte[][] {keys.letters(subscriber), keys.graves(subscriber), keys.bytes()},
                        bytes(MOST_DROPPED),
                        bytes(bytes),
                        bytes(subscriber))
                .map(dropped -> told(subscriber, dropped) > 0);
    }

    Future<List<DeadLetter>> list(String subscriber, int from, int most) {
        return redis.call(c -> c.zrange(keys.graves(subscriber), from, from + most - 1L))
                .compose(found -> Future.all(found.stream()
                                .map(key -> letter(subscriber, text(key)))
                                .toList())
                        .map(all -> all.<Optional<DeadLetter>>list().stream()
                                .flatMap(Optional::stream)
                                .toList()));
    }

    private Future<Optional<DeadLetter>> letter(String subscriber, String key) {
        return redis.call(c -> c.hmget(keys.letters(subscriber), bytes(key), bytes(key + "!")))
                .map(fields -> fields.stream().allMatch(Value::hasValue)
                        ? Optional.of(letter(key, fields))
                        : Optional.empty());
    }

    private static DeadLetter letter(String key, List<KeyValue<byte[], byte[]>> fields) {
        var event = fields.get(0).getValue();
        var stone = new JsonObject(text(fields.get(1).getValue()));
        var buried = Instant.ofEpochMilli(stone.getLong("buried"));
        return new DeadLetter(
                EventForm.readable(event)
                        .orElseGet(() ->
                                new Event(UNREADABLE, idOf(key), "", Optional.empty(), buried, Buffer.buffer(event))),
                stone.getInteger("attempts"),
                buried,
                stone.getString("why"));
    }

    /** See {@link Event#key}; no app's name has a slash. */
    private static String idOf(String key) {
        return key.substring(key.indexOf('/') + 1);
    }

    Future<Integer> replay(String subscriber, Optional<String> id) {
        return id.map(wanted -> redis.call(c -> c.zrange(keys.graves(subscriber), 0, -1))
                        .map(all -> all.stream()
                                .filter(key -> idOf(text(key)).equals(wanted))
                                .toList())
                        .compose(found -> replay(subscriber, found)))
                .orElseGet(() -> count(subscriber).compose(count -> replayFirst(subscriber, count.intValue(), 0)));
    }

    private Future<Integer> replay(String subscriber, List<byte[]> letters) {
        if (letters.isEmpty()) {
            return Future.succeededFuture(0);
        }
        var values = new ArrayList<byte[]>(List.of(bytes(clock.instant().toEpochMilli())));
        values.addAll(letters);
        return redis.<Long>run(
                        RedisQueueScripts.REPLAY,
                        new byte[][] {keys.stream(subscriber), keys.letters(subscriber), keys.graves(subscriber)},
                        values.toArray(byte[][]::new))
                .map(Long::intValue);
    }

    /** As many as there were, in batches: what dies again meanwhile is not among them. */
    private Future<Integer> replayFirst(String subscriber, int left, int before) {
        return left == 0
                ? Future.succeededFuture(before)
                : redis.call(c -> c.zrange(keys.graves(subscriber), 0, Math.min(left, BATCH) - 1L))
                        .compose(found -> found.isEmpty()
                                ? Future.succeededFuture(before)
                                : replay(subscriber, found)
                                        .compose(count -> replayFirst(
                                                subscriber, Math.max(0, left - found.size()), before + count)));
    }
}
