package io.ghlgateway.webhooks;

import static io.ghlgateway.redis.RedisLine.bytes;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.redis.RedisFollowers;
import io.ghlgateway.redis.RedisLine;
import io.ghlgateway.redis.RedisLink;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Events in a Redis that all replicas share. Each subscriber has a stream, from which the replicas read as one consumer
 * group; what one of them has had in hand for longer than any delivery takes is another's to claim.
 *
 * <p>An entry stays in the stream until it is delivered. One to be tried again leaves its reader's hands and waits in a
 * sorted set, by when it is due; so nothing hangs on a replica but what it is sending right now. All keys of one gateway
 * are in one slot of a Cluster, for an event goes to all its streams at once or to none.
 *
 * <p>What is kept is bounded: beyond {@code mostBytes} dead letters go, the oldest first, and if there are none nothing
 * more is taken.
 */
public final class RedisEventQueue implements EventQueue {

    /** So soon after there was nothing to throw away nobody looks for it again. */
    private static final Duration FULL_FOR = Duration.ofSeconds(1);

    private final RedisLink link;
    private final RedisLine redis;
    private final RedisQueueKeys keys;
    private final RedisDeadLetters letters;
    private final RedisSettlements settlements;
    private final RedisReader reader;
    private final RedisFollowers followers;
    private final byte[] replica;
    private final Set<String> freshIsNext = ConcurrentHashMap.newKeySet(); // where one alone is asked for
    private final Duration remembered;
    private final long mostBytes;
    private final InstantSource clock;
    private volatile Instant fullUntil = Instant.MIN; // one look too many does no harm

    /**
     * @param link this queue's own, which it closes; started by who made it
     * @param prefix what all keys in Redis begin with
     * @param replica a name that no other process has or had
     * @param inHand what was taken this long ago and is not settled is a dead replica's
     * @param remembered for how long an event's id is
     * @param mostBytes all subscribers together
     * @param followersWithin how long what is taken waits for a follower of Redis to have it; zero: it does not
     */
    public RedisEventQueue(
            RedisLink link,
            String prefix,
            String replica,
            Duration inHand,
            Duration remembered,
            long mostBytes,
            Duration followersWithin,
            InstantSource clock,
            WebhookEvents events) {
        this.link = link;
        this.redis = new RedisLine(link, prefix + RedisQueueKeys.PREFIX);
        this.keys = new RedisQueueKeys(redis);
        this.replica = bytes(replica);
        this.letters = new RedisDeadLetters(redis, keys, this.replica, clock, events);
        this.settlements = new RedisSettlements(inHand, clock);
        this.reader = new RedisReader(redis, keys, replica, inHand, letters, settlements, events);
        this.followers = new RedisFollowers(redis, Ticker.systemTicker(), followersWithin);
        this.remembered = remembered;
        this.mostBytes = mostBytes;
        this.clock = clock;
    }

    @Override
    public Future<Offer> offer(Event event, Collection<String> subscribers) {
        return offerUntilThereIsRoom(event, EventForm.write(event), subscribers);
    }

    private Future<Offer> offerUntilThereIsRoom(Event event, byte[] written, Collection<String> subscribers) {
        long needed = (long) (written.length + RedisQueueScripts.OVERHEAD) * subscribers.size();
        return offer(event, written, subscribers)
                .compose(offer -> offer == Offer.FULL && needed <= mostBytes && mayMakeRoom()
                        ? makeRoom(needed)
                                .compose(made -> made
                                        ? offerUntilThereIsRoom(event, written, subscribers)
                                        : Future.succeededFuture(offer))
                        : Future.succeededFuture(offer));
    }

    private Future<Offer> offer(Event event, byte[] written, Collection<String> subscribers) {
        var places = new ArrayList<byte[]>(List.of(keys.seen(event), keys.names(), keys.bytes()));
        var values = new ArrayList<byte[]>(List.of(
                bytes(remembered.toMillis()), written, bytes(clock.instant().toEpochMilli()), bytes(mostBytes)));
        subscribers.forEach(name -> {
            places.add(keys.stream(name));
            values.add(bytes(name));
        });
        return redis.<Long>run(RedisQueueScripts.OFFER, places.toArray(byte[][]::new), values.toArray(byte[][]::new))
                .map(taken -> taken == 1 ? Offer.TAKEN : taken == 0 ? Offer.DUPLICATE : Offer.FULL)
                // A duplicate, too: the first may wait still, and its answer may be lost.
                .compose(offer -> offer == Offer.FULL
                        ? Future.succeededFuture(offer)
                        : followers.follow(keys.names()).map(offer));
    }

    private boolean mayMakeRoom() {
        return !clock.instant().isBefore(fullUntil);
    }

    private Future<Boolean> makeRoom(long needed) {
        return redis.call(c -> c.hkeys(keys.bytes()))
                .compose(names ->
                        letters.makeRoom(names.stream().map(RedisLine::text).toList(), needed))
                .onSuccess(made -> {
                    if (!made) {
                        fullUntil = clock.instant().plus(FULL_FOR);
                    }
                });
    }

    /**
     * What is due again comes first, but for one place in two, and the other way round each second time that one is asked
     * for: an old failure holds up nothing new, nor the other way.
     */
    @Override
    public Future<List<Delivery>> take(String subscriber, int most) {
        var now = clock.instant();
        return reader.abandoned(subscriber, most, now).compose(claimed -> {
            int room = most - claimed.size();
            IntFunction<Future<List<Delivery>>> due = count -> reader.due(subscriber, count, now);
            IntFunction<Future<List<Delivery>>> fresh = count -> reader.fresh(subscriber, count);
            return room == 1 && isFreshNext(subscriber)
                    ? more(claimed, room, fresh).compose(taken -> more(taken, most - taken.size(), due))
                    : more(claimed, (room + 1) / 2, due).compose(taken -> more(taken, most - taken.size(), fresh));
        });
    }

    private boolean isFreshNext(String subscriber) {
        return freshIsNext.remove(subscriber) || !freshIsNext.add(subscriber);
    }

    /** What was taken is in hand: it is not lost where the next step fails. */
    private static Future<List<Delivery>> more(
            List<Delivery> taken, int room, IntFunction<Future<List<Delivery>>> next) {
        if (room < 1) {
            return Future.succeededFuture(taken);
        }
        return next.apply(room)
                .map(found -> Stream.concat(taken.stream(), found.stream()).toList())
                .recover(failure -> taken.isEmpty() ? Future.failedFuture(failure) : Future.succeededFuture(taken));
    }

    @Override
    public Future<List<Delivery>> expired(String subscriber, Instant before, int most) {
        return reader.expired(subscriber, before, most);
    }

    @Override
    public Future<Void> done(Delivery delivery) {
        var subscriber = delivery.subscriber();
        return settlements.tried(
                delivery,
                () -> redis.run(
                                RedisQueueScripts.DONE,
                                new byte[][] {keys.stream(subscriber), keys.bytes()},
                                RedisReader.GROUP,
                                bytes(delivery.entry()),
                                bytes(subscriber))
                        .mapEmpty());
    }

    @Override
    public Future<Void> again(Delivery delivery, Instant due) {
        return settlements.tried(
                delivery,
                () -> redis.run(
                                RedisQueueScripts.AGAIN,
                                new byte[][] {keys.stream(delivery.subscriber()), keys.later(delivery.subscriber())},
                                RedisReader.GROUP,
                                bytes(delivery.entry()),
                                bytes(due.toEpochMilli()),
                                bytes(delivery.attempt() + 1),
                                replica)
                        .mapEmpty());
    }

    @Override
    public Future<Void> bury(Delivery delivery, String why) {
        return settlements.tried(delivery, () -> letters.bury(delivery, why));
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
        var waiting = redis.call(c -> c.xlen(keys.stream(subscriber)));
        var dead = letters.count(subscriber);
        var first = redis.call(c -> c.xrange(keys.stream(subscriber), Range.<String>unbounded(), Limit.from(1)));
        return Future.all(waiting, dead, first)
                .map(all -> new Standing(
                        waiting.result(),
                        dead.result(),
                        first.result().stream()
                                .flatMap(entry ->
                                        entry.getBody().values().stream().limit(1))
                                .flatMap(event -> EventForm.readable(event).stream())
                                .map(Event::received)
                                .findFirst()));
    }

    @Override
    public Future<Set<String>> names(Instant before) {
        return redis.call(c -> c.zrangebyscore(keys.names(), Range.create(0, before.toEpochMilli())))
                .map(found -> found.stream().map(RedisLine::text).collect(Collectors.toUnmodifiableSet()));
    }

    @Override
    public Future<Void> forget(String subscriber) {
        return redis.run(
                        RedisQueueScripts.FORGET,
                        new byte[][] {
                            keys.names(),
                            keys.bytes(),
                            keys.stream(subscriber),
                            keys.later(subscriber),
                            keys.letters(subscriber),
                            keys.graves(subscriber)
                        },
                        bytes(subscriber))
                .mapEmpty();
    }

    @Override
    public Future<Void> close() {
        return link.close();
    }
}
