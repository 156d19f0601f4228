package io.ghlgateway.webhooks;

import static io.ghlgateway.redis.RedisLine.bytes;
import static io.ghlgateway.redis.RedisLine.text;

import io.ghlgateway.redis.RedisLine;
import io.ghlgateway.webhooks.EventQueue.Delivery;
import io.lettuce.core.Consumer;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisBusyException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAutoClaimArgs;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Reads the streams as one consumer of their group. An entry that cannot be read goes out of the way of the others. */
final class RedisReader {

    static final byte[] GROUP = bytes("gateway");

    private static final String FROM_THE_START = "0-0";

    private final RedisLine redis;
    private final RedisQueueKeys keys;
    private final Consumer<byte[]> self;
    private final Duration inHand;
    private final RedisDeadLetters letters;
    private final RedisSettlements settlements;
    private final WebhookEvents events;
    private final Map<String, Search> searches = new ConcurrentHashMap<>();

    /** @param inHand what was taken this long ago and is not settled is a dead replica's */
    RedisReader(
            RedisLine redis,
            RedisQueueKeys keys,
            String replica,
            Duration inHand,
            RedisDeadLetters letters,
            RedisSettlements settlements,
            WebhookEvents events) {
        this.redis = redis;
        this.keys = keys;
        this.self = Consumer.from(GROUP, bytes(replica));
        this.inHand = inHand;
        this.letters = letters;
        this.settlements = settlements;
        this.events = events;
    }

    /**
     * Where the search for what dead replicas had in hand goes on, and when.
     *
     * @param cursor Redis's own
     */
    private record Search(Instant at, String cursor) {}

    /** What came and was never in anybody's hand. */
    Future<List<Delivery>> fresh(String subscriber, int most) {
        return inGroup(
                        subscriber,
                        () -> redis.call(c -> c.xreadgroup(
                                self,
                                XReadArgs.Builder.count(most),
                                StreamOffset.lastConsumed(keys.stream(subscriber)))))
                .compose(found -> deliveries(subscriber, found));
    }

    /** What is in nobody's hand of the entries that came before then; their ids say when that was. */
    Future<List<Delivery>> expired(String subscriber, Instant before, int most) {
        var older =
                Range.from(Range.Boundary.<String>unbounded(), Range.Boundary.including(before.toEpochMilli() + ""));
        return redis.call(c -> c.xrange(keys.stream(subscriber), older, Limit.from(most)))
                .map(found -> found.stream()
                        .map(RedisReader::entry)
                        .flatMap(entry -> EventForm.readable(entry.event()).stream()
                                .map(event -> delivery(subscriber, entry, event)))
                        .filter(delivery -> delivery.since().isBefore(before))
                        .toList())
                .compose(found -> found.isEmpty() ? Future.succeededFuture(found) : claim(subscriber, found));
    }

    private Future<List<Delivery>> claim(String subscriber, List<Delivery> waiting) {
        var values = new ArrayList<byte[]>(List.of(GROUP, self.getName()));
        waiting.forEach(delivery -> values.add(bytes(delivery.entry())));
        return inGroup(
                        subscriber,
                        () -> redis.<List<Object>>run(
                                RedisQueueScripts.CLAIM_WAITING,
                                new byte[][] {keys.stream(subscriber), keys.later(subscriber)},
                                values.toArray(byte[][]::new)))
                .map(claimed -> {
                    var attempts = new HashMap<String, Integer>();
                    for (int i = 0; i + 1 < claimed.size(); i += 2) {
                        attempts.put(
                                text((byte[]) claimed.get(i)), Integer.parseInt(text((byte[]) claimed.get(i + 1))));
                    }
                    return waiting.stream()
                            .filter(delivery -> attempts.containsKey(delivery.entry()))
                            .map(delivery -> delivery.after(attempts.get(delivery.entry())))
                            .toList();
                });
    }

    Future<List<Delivery>> due(String subscriber, int most, Instant now) {
        return inGroup(
                        subscriber,
                        () -> redis.<List<Object>>run(
                                RedisQueueScripts.DUE,
                                new byte[][] {keys.stream(subscriber), keys.later(subscriber)},
                                bytes(now.toEpochMilli()),
                                bytes(most),
                                GROUP,
                                self.getName()))
                .compose(found -> {
                    var due = new ArrayList<Entry>();
                    for (int i = 0; i + 3 < found.size(); i += 4) {
                        due.add(new Entry(
                                text((byte[]) found.get(i)),
                                Integer.parseInt(text((byte[]) found.get(i + 1))),
                                (byte[]) found.get(i + 2),
                                text((byte[]) found.get(i + 3))));
                    }
                    return readable(subscriber, due);
                });
    }

    /** What a dead replica had in hand; looked for twice in the time after which it counts as dead. */
    Future<List<Delivery>> abandoned(String subscriber, int most, Instant now) {
        var search = searches.getOrDefault(subscriber, new Search(Instant.MIN, FROM_THE_START));
        if (now.isBefore(search.at())) {
            return Future.succeededFuture(List.of());
        }
        var next = now.plus(inHand.dividedBy(2));
        searches.put(subscriber, new Search(next, FROM_THE_START));
        return inGroup(
                        subscriber,
                        () -> redis.call(c -> c.xautoclaim(
                                keys.stream(subscriber),
                                new XAutoClaimArgs<byte[]>()
                                        .consumer(self)
                                        .minIdleTime(inHand)
                                        .startId(search.cursor())
                                        .count(most))))
                .compose(claimed -> {
                    if (!claimed.getId().equals(FROM_THE_START)) {
                        searches.put(subscriber, new Search(Instant.MIN, claimed.getId())); // there may be more
                    }
                    return deliveries(subscriber, claimed.getMessages());
                })
                .map(found -> found.stream()
                        .filter(delivery -> !settlements.goesOn(delivery))
                        .toList())
                .onSuccess(found -> {
                    if (!found.isEmpty()) {
                        events.takenOver(subscriber, found.size());
                    }
                });
    }

    private Future<List<Delivery>> deliveries(String subscriber, List<StreamMessage<byte[], byte[]>> found) {
        return readable(
                subscriber,
                found.stream()
                        .filter(entry -> entry.getBody() != null)
                        .map(RedisReader::entry)
                        .toList());
    }

    /** @param since when it was replayed; empty: it was not */
    private record Entry(String id, int attempt, byte[] event, String since) {}

    private static Entry entry(StreamMessage<byte[], byte[]> message) {
        var values = message.getBody().values().iterator();
        var event = values.hasNext() ? values.next() : new byte[0];
        return new Entry(message.getId(), 1, event, values.hasNext() ? text(values.next()) : "");
    }

    private Future<List<Delivery>> readable(String subscriber, List<Entry> entries) {
        var readable = new ArrayList<Delivery>();
        var aside = new ArrayList<Future<Void>>();
        for (var entry : entries) {
            var event = EventForm.readable(entry.event());
            if (event.isPresent()) {
                readable.add(delivery(subscriber, entry, event.get()));
            } else {
                events.unreadable(subscriber);
                aside.add(letters.buryUnreadable(subscriber, entry.id()));
            }
        }
        // Where that fails it stays in this replica's hand, and is found there again as a dead one's are.
        return aside.isEmpty()
                ? Future.succeededFuture(readable)
                : Future.join(aside).transform(ended -> Future.succeededFuture(readable));
    }

    private static Delivery delivery(String subscriber, Entry entry, Event event) {
        return new Delivery(
                subscriber, entry.id(), entry.attempt(), since(entry.since()).orElse(event.received()), event);
    }

    private static Optional<Instant> since(String millis) {
        try {
            return millis.isEmpty() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(Long.parseLong(millis)));
        } catch (NumberFormatException anothers) {
            return Optional.empty();
        }
    }

    /** Makes the group where there is none, as for a new subscriber or in a Redis that came back empty. */
    private <T> Future<T> inGroup(String subscriber, Supplier<Future<T>> command) {
        return command.get()
                .recover(failure -> isWithoutGroup(failure)
                        ? redis.call(c -> c.xgroupCreate(
                                        StreamOffset.from(keys.stream(subscriber), FROM_THE_START),
                                        GROUP,
                                        XGroupCreateArgs.Builder.mkstream()))
                                .recover(raced -> raced instanceof RedisBusyException
                                        ? Future.succeededFuture()
                                        : Future.failedFuture(raced))
                                .compose(made -> command.get())
                        : Future.failedFuture(failure));
    }

    /** Redis has a code for it and Lettuce no class; inside a script the code stands somewhere in the text. */
    private static boolean isWithoutGroup(Throwable failure) {
        return failure instanceof RedisCommandExecutionException
                && failure.getMessage() != null
                && failure.getMessage().contains("NOGROUP");
    }
}
