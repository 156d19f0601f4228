package io.ghlgateway.webhooks;

import static io.ghlgateway.redis.RedisLine.bytes;
import static io.ghlgateway.redis.RedisLine.text;

import io.ghlgateway.redis.RedisLine;
import io.ghlgateway.redis.RedisLink;
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
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Events in a Redis that all replicas share. Each subscriber has a stream, from which the replicas read as one consumer
 * group; what one of them has had in hand for longer than any delivery takes is another's to claim.
 *
 * <p>An entry stays in the stream until it is delivered. One to be tried again leaves its reader's hands and waits in a
 * sorted set, by when it is due; so nothing hangs on a replica but what it is sending right now. All keys of one gateway
 * are in one slot of a Cluster, for an event goes to all its streams at once or to none.
 */
public final class RedisEventQueue implements EventQueue {

    static final byte[] GROUP = bytes("gateway");

    private final RedisLink link;
    private final RedisLine redis;
    private final Consumer<byte[]> self;
    private final Duration inHand;
    private final RedisDeadLetters letters;
    private final InstantSource clock;
    private final WebhookEvents events;
    /** Who got something, by when that was. */
    private final byte[] names;

    private final Map<String, Instant> claimAt = new ConcurrentHashMap<>();

    /**
     * @param link this queue's own, which it closes; started by who made it
     * @param prefix what all keys in Redis begin with
     * @param replica a name that no other process has or had
     * @param inHand what was taken this long ago and is not settled is a dead replica's
     */
    public RedisEventQueue(
            RedisLink link, String prefix, String replica, Duration inHand, InstantSource clock, WebhookEvents events) {
        this.link = link;
        this.redis = new RedisLine(link, prefix + ":hook:{hook}:");
        this.names = redis.key("names");
        this.self = Consumer.from(GROUP, bytes(replica));
        this.inHand = inHand;
        this.letters = new RedisDeadLetters(redis, this::stream, events);
        this.clock = clock;
        this.events = events;
    }

    private byte[] seen(Event event) {
        return redis.key("seen:" + HexFormat.of().formatHex(Arrays.copyOf(SeenIds.digest(event.key()), 12)));
    }

    private byte[] stream(String subscriber) {
        return redis.key("to:" + subscriber);
    }

    private byte[] later(String subscriber) {
        return redis.key("later:" + subscriber);
    }

    private byte[][] all(String subscriber) {
        return new byte[][] {
            stream(subscriber), later(subscriber), letters.letters(subscriber), letters.graves(subscriber)
        };
    }

    @Override
    public Future<Offer> offer(Event event, Collection<String> subscribers) {
        var keys = new ArrayList<byte[]>();
        keys.add(seen(event));
        keys.add(names);
        var values = new ArrayList<byte[]>();
        values.add(bytes(REMEMBERED.toMillis()));
        values.add(EventForm.write(event));
        values.add(bytes(clock.instant().toEpochMilli()));
        subscribers.forEach(name -> {
            keys.add(stream(name));
            values.add(bytes(name));
        });
        return redis.<Long>run(RedisQueueScripts.OFFER, keys.toArray(byte[][]::new), values.toArray(byte[][]::new))
                .map(taken -> taken == 1 ? Offer.TAKEN : Offer.DUPLICATE);
    }

    /** What is due again comes first, but for one place in two: an old failure holds up nothing new, nor the other way. */
    @Override
    public Future<List<Delivery>> take(String subscriber, int most) {
        var now = clock.instant();
        return abandoned(subscriber, most, now)
                .compose(claimed -> due(subscriber, (most - claimed.size() + 1) / 2, now)
                        .compose(again -> {
                            var taken = new ArrayList<>(claimed);
                            taken.addAll(again);
                            int room = most - taken.size();
                            return room < 1
                                    ? Future.succeededFuture(taken)
                                    : fresh(subscriber, room).map(fresh -> {
                                        taken.addAll(fresh);
                                        return taken;
                                    });
                        }))
                .map(List::copyOf);
    }

    private Future<List<Delivery>> fresh(String subscriber, int most) {
        return inGroup(
                        subscriber,
                        () -> redis.call(c -> c.xreadgroup(
                                self, XReadArgs.Builder.count(most), StreamOffset.lastConsumed(stream(subscriber)))))
                .map(found -> deliveries(subscriber, found));
    }

    private Future<List<Delivery>> due(String subscriber, int most, Instant now) {
        if (most < 1) {
            return Future.succeededFuture(List.of());
        }
        return inGroup(
                        subscriber,
                        () -> redis.<List<Object>>run(
                                RedisQueueScripts.DUE,
                                new byte[][] {stream(subscriber), later(subscriber)},
                                bytes(now.toEpochMilli()),
                                bytes(most),
                                GROUP,
                                self.getName()))
                .map(found -> {
                    var due = new ArrayList<Delivery>();
                    for (int i = 0; i + 2 < found.size(); i += 3) {
                        due.add(new Delivery(
                                subscriber,
                                text((byte[]) found.get(i)),
                                Integer.parseInt(text((byte[]) found.get(i + 1))),
                                EventForm.read((byte[]) found.get(i + 2))));
                    }
                    return due;
                });
    }

    /** What a dead replica had in hand; looked for twice in the time after which it counts as dead. */
    private Future<List<Delivery>> abandoned(String subscriber, int most, Instant now) {
        var at = claimAt.get(subscriber);
        if (at != null && now.isBefore(at)) {
            return Future.succeededFuture(List.of());
        }
        claimAt.put(subscriber, now.plus(inHand.dividedBy(2)));
        return inGroup(
                        subscriber,
                        () -> redis.call(c -> c.xautoclaim(
                                stream(subscriber),
                                new XAutoClaimArgs<byte[]>()
                                        .consumer(self)
                                        .minIdleTime(inHand)
                                        .startId("0-0")
                                        .count(most))))
                .map(claimed -> {
                    var found = deliveries(subscriber, claimed.getMessages());
                    if (found.size() == most) {
                        claimAt.remove(subscriber); // there may be more
                    }
                    if (!found.isEmpty()) {
                        events.takenOver(subscriber, found.size());
                    }
                    return found;
                });
    }

    private static List<Delivery> deliveries(String subscriber, List<StreamMessage<byte[], byte[]>> found) {
        return found.stream()
                .filter(entry -> entry.getBody() != null && !entry.getBody().isEmpty())
                .map(entry -> new Delivery(subscriber, entry.getId(), 1, event(entry)))
                .toList();
    }

    private static Event event(StreamMessage<byte[], byte[]> entry) {
        return EventForm.read(entry.getBody().values().iterator().next());
    }

    /** Makes the group where there is none, as for a new subscriber or in a Redis that came back empty. */
    private <T> Future<T> inGroup(String subscriber, Supplier<Future<T>> command) {
        return command.get()
                .recover(failure -> isWithoutGroup(failure)
                        ? redis.call(c -> c.xgroupCreate(
                                        StreamOffset.from(stream(subscriber), "0-0"),
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

    @Override
    public Future<Void> done(Delivery delivery) {
        return redis.run(
                        RedisQueueScripts.DONE,
                        new byte[][] {stream(delivery.subscriber())},
                        GROUP,
                        bytes(delivery.entry()))
                .mapEmpty();
    }

    @Override
    public Future<Void> again(Delivery delivery, Instant due) {
        return redis.run(
                        RedisQueueScripts.AGAIN,
                        new byte[][] {stream(delivery.subscriber()), later(delivery.subscriber())},
                        GROUP,
                        bytes(delivery.entry()),
                        bytes(due.toEpochMilli()),
                        bytes(delivery.attempt() + 1))
                .mapEmpty();
    }

    @Override
    public Future<Void> bury(Delivery delivery, String why) {
        return letters.bury(delivery, why, clock.instant());
    }

    @Override
    public Future<List<DeadLetter>> dead(String subscriber, int from, int most) {
        return letters.list(subscriber, from, most);
    }

    @Override
    public Future<Integer> replay(String subscriber, Optional<String> id) {
        return letters.replay(subscriber, id);
    }

    @Override
    public Future<Standing> standing(String subscriber) {
        var waiting = redis.call(c -> c.xlen(stream(subscriber)));
        var dead = letters.count(subscriber);
        var first = redis.call(c -> c.xrange(stream(subscriber), Range.<String>unbounded(), Limit.from(1)));
        return Future.all(waiting, dead, first)
                .map(all -> new Standing(
                        waiting.result(),
                        dead.result(),
                        first.result().stream()
                                .map(entry -> event(entry).received())
                                .findFirst()));
    }

    @Override
    public Future<Set<String>> names() {
        long dayAgo = clock.instant().minus(Duration.ofDays(1)).toEpochMilli();
        return redis.call(c -> c.zrangebyscore(names, Range.create(0, dayAgo)))
                .map(found -> found.stream().map(RedisLine::text).collect(Collectors.toUnmodifiableSet()));
    }

    @Override
    public Future<Void> forget(String subscriber) {
        return redis.call(c -> c.del(all(subscriber)))
                .compose(gone -> redis.call(c -> c.zrem(names, bytes(subscriber))))
                .mapEmpty();
    }

    @Override
    public Future<Void> close() {
        return link.close();
    }
}
