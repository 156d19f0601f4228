package io.ghlgateway.limits.redis;

import io.lettuce.core.SetArgs;
import io.lettuce.core.cluster.SlotHash;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What {@link RedisEpoch} is to one Redis, for each slot of a Cluster, whose nodes may forget one by one. A slot in use has
 * a mark that never expires, moves with it when it moves, and holds the time from which its buckets may begin to fill (zero:
 * always). Beside the epoch's mark it is written down which slots have one: so a slot that lost its mark is told from one
 * that is used for the first time.
 */
final class SlotMarks {

    private static final Logger LOG = LoggerFactory.getLogger(SlotMarks.class);
    private static final int AT_ONCE = 200;

    private final RedisCalls redis;
    private final String prefix;
    private final byte[] list;
    private final SharedClock clock;
    private final Duration period;
    private final Set<Integer> known = ConcurrentHashMap.newKeySet();
    private volatile long keptForNanos = Long.MAX_VALUE;

    /** @param epoch the key of the epoch's mark */
    SlotMarks(RedisCalls redis, byte[] epoch, SharedClock clock, Duration period) {
        this.redis = redis;
        this.prefix = new String(epoch, StandardCharsets.US_ASCII);
        this.list = bytes("{" + prefix + "}:slots");
        this.clock = clock;
        this.period = period;
    }

    /** When a bucket that is not there may begin to fill, epoch nanoseconds. */
    Future<Long> opensAtNanos(byte[] bucket) {
        int slot = SlotHash.getSlot(bucket);
        return redis.call(c -> c.get(mark(slot)))
                .compose(value -> value != null
                        ? note(slot).map(done -> value)
                        : isNoted(slot).compose(noted -> anew(slot, noted)))
                .map(SlotMarks::nanos);
    }

    /**
     * Gives slots the marks that they lost when all was closed, for that covers their loss too. Otherwise each would stay
     * closed for another period, once it is used.
     *
     * @param opensAtNanos when all opens again
     */
    Future<Void> keep(long opensAtNanos) {
        if (keptForNanos == opensAtNanos) {
            return Future.succeededFuture();
        }
        var done = Future.<Void>succeededFuture();
        var slots = List.copyOf(known);
        for (int from = 0; from < slots.size(); from += AT_ONCE) {
            var some = slots.subList(from, Math.min(slots.size(), from + AT_ONCE));
            done = done.compose(before -> Future.all(some.stream()
                            .map(slot -> set(slot, TimeUnit.NANOSECONDS.toMillis(opensAtNanos)))
                            .toList())
                    .mapEmpty());
        }
        return done.onSuccess(all -> keptForNanos = opensAtNanos);
    }

    private Future<byte[]> anew(int slot, boolean noted) {
        if (noted) {
            LOG.warn("the node of slot {} forgot what it kept: no sends from there for {}", slot, period);
        }
        long opensAt = noted ? clock.millis() + period.toMillis() : 0;
        return set(slot, opensAt).compose(done -> note(slot)).compose(done -> redis.call(c -> c.get(mark(slot))));
    }

    /** The first replica to write wins. */
    private Future<Void> set(int slot, long opensAtMillis) {
        return redis.call(c -> c.set(mark(slot), bytes(Long.toString(opensAtMillis)), SetArgs.Builder.nx()))
                .mapEmpty();
    }

    private Future<Void> note(int slot) {
        return known.contains(slot)
                ? Future.succeededFuture()
                : redis.call(c -> c.setbit(list, slot, 1))
                        .onSuccess(before -> known.add(slot))
                        .mapEmpty();
    }

    private Future<Boolean> isNoted(int slot) {
        return known.contains(slot)
                ? Future.succeededFuture(true)
                : redis.call(c -> c.getbit(list, slot)).map(bit -> bit == 1);
    }

    private byte[] mark(int slot) {
        return bytes(prefix + ":{" + Tags.OF_SLOTS[slot] + "}");
    }

    /** What can't be read means that it was there, and says no more. */
    private static long nanos(byte[] value) {
        var text = new String(value, StandardCharsets.US_ASCII);
        return text.matches("\\d{1,13}") ? TimeUnit.MILLISECONDS.toNanos(Long.parseLong(text)) : 0;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** A hash tag for each slot; found, when first needed, by trying numbers. */
    private static final class Tags {

        private static final String[] OF_SLOTS = found();

        private static String[] found() {
            var tags = new String[SlotHash.SLOT_COUNT];
            long missing = tags.length;
            for (long number = 0; missing > 0; number++) {
                var tag = Long.toString(number);
                int slot = SlotHash.getSlot(bytes(tag));
                if (tags[slot] == null) {
                    tags[slot] = tag;
                    missing--;
                }
            }
            return tags;
        }
    }
}
