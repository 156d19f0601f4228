package io.ghlgateway.webhooks;

import static io.ghlgateway.redis.RedisLine.bytes;
import static io.ghlgateway.redis.RedisLine.text;

import io.ghlgateway.redis.RedisLine;
import io.ghlgateway.webhooks.EventQueue.DeadLetter;
import io.ghlgateway.webhooks.EventQueue.Delivery;
import io.lettuce.core.KeyValue;
import io.lettuce.core.Value;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Dead letters in Redis: of each subscriber a hash, from an event's id to the event and, with a {@code !} after the id, to
 * what is said of it; and the ids in the order of their burials.
 */
final class RedisDeadLetters {

    private static final int BATCH = 100;

    private final RedisLine redis;
    private final Function<String, byte[]> stream;
    private final WebhookEvents events;

    /** @param stream the key of a subscriber's stream */
    RedisDeadLetters(RedisLine redis, Function<String, byte[]> stream, WebhookEvents events) {
        this.redis = redis;
        this.stream = stream;
        this.events = events;
    }

    byte[] letters(String subscriber) {
        return redis.key("dead:" + subscriber);
    }

    byte[] graves(String subscriber) {
        return redis.key("graves:" + subscriber);
    }

    Future<Long> count(String subscriber) {
        return redis.call(c -> c.zcard(graves(subscriber)));
    }

    Future<Void> bury(Delivery delivery, String why, Instant at) {
        var subscriber = delivery.subscriber();
        long now = at.toEpochMilli();
        var stone = new JsonObject()
                .put("attempts", delivery.attempt())
                .put("buried", now)
                .put("why", why);
        return redis.<Long>run(
                        RedisQueueScripts.BURY,
                        new byte[][] {stream.apply(subscriber), letters(subscriber), graves(subscriber)},
                        RedisEventQueue.GROUP,
                        bytes(delivery.entry()),
                        bytes(delivery.event().id()),
                        EventForm.write(delivery.event()),
                        bytes(stone.encode()),
                        bytes(now),
                        bytes(EventQueue.MOST_DEAD))
                .map(dropped -> {
                    if (dropped > 0) {
                        events.dropped(subscriber, dropped.intValue());
                    }
                    return null;
                });
    }

    Future<List<DeadLetter>> list(String subscriber, int from, int most) {
        return redis.call(c -> c.zrange(graves(subscriber), from, from + most - 1L))
                .compose(ids -> Future.all(ids.stream()
                                .map(id -> redis.call(c -> c.hmget(letters(subscriber), id, stone(id))))
                                .toList())
                        .map(all -> all.<List<KeyValue<byte[], byte[]>>>list().stream()
                                .filter(fields -> fields.stream().allMatch(Value::hasValue))
                                .map(fields -> letter(
                                        fields.get(0).getValue(), fields.get(1).getValue()))
                                .toList()));
    }

    private static byte[] stone(byte[] id) {
        return bytes(text(id) + "!");
    }

    private static DeadLetter letter(byte[] event, byte[] stone) {
        var json = new JsonObject(text(stone));
        return new DeadLetter(
                EventForm.read(event),
                json.getInteger("attempts"),
                Instant.ofEpochMilli(json.getLong("buried")),
                json.getString("why"));
    }

    Future<Integer> replay(String subscriber, Optional<String> id) {
        var keys = new byte[][] {stream.apply(subscriber), letters(subscriber), graves(subscriber)};
        return id.isPresent()
                ? redis.<Long>run(RedisQueueScripts.REPLAY, keys, bytes(id.get()))
                        .map(Long::intValue)
                : count(subscriber).compose(count -> replayFirst(subscriber, keys, count.intValue(), 0));
    }

    /** As many as there were, in batches: what dies again meanwhile is not among them. */
    private Future<Integer> replayFirst(String subscriber, byte[][] keys, int left, int before) {
        return left == 0
                ? Future.succeededFuture(before)
                : redis.call(c -> c.zrange(graves(subscriber), 0, Math.min(left, BATCH) - 1L))
                        .compose(ids -> ids.isEmpty()
                                ? Future.succeededFuture(before)
                                : redis.<Long>run(RedisQueueScripts.REPLAY, keys, ids.toArray(byte[][]::new))
                                        .compose(count -> replayFirst(
                                                subscriber,
                                                keys,
                                                Math.max(0, left - ids.size()),
                                                before + count.intValue())));
    }
}
