package io.ghlgateway.credentials;

import static io.ghlgateway.redis.RedisLine.bytes;
import static io.ghlgateway.redis.RedisLine.text;

import io.ghlgateway.credentials.TokenStore.Changes;
import io.ghlgateway.redis.RedisLine;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAddArgs;
import io.vertx.core.Future;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Who wrote what: a stream of records' names. A cursor names the run of the Redis server, and an entry. While that run
 * goes on and that entry is still there, nothing after it is missing. Otherwise the stream was cut, emptied or put back
 * to an earlier state, perhaps with the records, and anything may have changed. An entry is known by its id and by a
 * mark that no other ever has, for a stream emptied and written again within a millisecond begins with the same id.
 */
final class RedisNews {

    private static final byte[] NAME = bytes("name");
    private static final byte[] MARK = bytes("mark");
    private static final byte[] NOTHING = {};
    private static final int LENGTH = 10_000;
    private static final int AT_ONCE = 1_000;

    private final RedisLine redis;
    private final RedisRun run;
    private final byte[] stream;
    private final String teller = UUID.randomUUID().toString();
    private final AtomicLong entries = new AtomicLong();

    RedisNews(RedisLine redis, RedisRun run) {
        this.redis = redis;
        this.run = run;
        this.stream = redis.key("changes");
    }

    Future<Void> tell(RecordName name) {
        return add(bytes(name.toString())).mapEmpty();
    }

    private Future<Entry> add(byte[] name) {
        var mark = teller + "-" + entries.incrementAndGet();
        var body = Map.of(NAME, name, MARK, bytes(mark));
        return redis.call(c -> c.xadd(stream, XAddArgs.Builder.maxlen(LENGTH).approximateTrimming(), body))
                .map(id -> new Entry(id, mark));
    }

    Future<Changes> since(Optional<String> cursor) {
        return run.id().compose(now -> {
            var from = cursor.flatMap(Cursor::parse).filter(known -> known.run().equals(now));
            return from.isPresent() ? since(from.get()) : end(now, cursor.isPresent());
        });
    }

    private Future<Changes> since(Cursor cursor) {
        var later = Range.from(Range.Boundary.including(cursor.entry().id()), Range.Boundary.<String>unbounded());
        return redis.call(c -> c.xrange(stream, later, Limit.from(AT_ONCE + 1L)))
                .compose(found -> found.isEmpty() || !Entry.of(found.get(0)).equals(cursor.entry())
                        ? end(cursor.run(), true)
                        : Future.succeededFuture(told(cursor, found)));
    }

    private static Changes told(Cursor cursor, List<StreamMessage<byte[], byte[]>> found) {
        Set<RecordName> names = new HashSet<>();
        for (var entry : found.subList(1, found.size())) {
            RecordName.parse(field(entry, NAME)).ifPresent(names::add);
        }
        var last = new Cursor(cursor.run(), Entry.of(found.get(found.size() - 1)));
        return new Changes(last.toString(), names, false);
    }

    /** From now on; an empty stream gets an entry to begin from. */
    private Future<Changes> end(String run, boolean all) {
        return redis.call(c -> c.xrevrange(stream, Range.<String>unbounded(), Limit.from(1)))
                .compose(last -> last.isEmpty() ? add(NOTHING) : Future.succeededFuture(Entry.of(last.get(0))))
                .map(entry -> new Changes(new Cursor(run, entry).toString(), Set.of(), all));
    }

    private static String field(StreamMessage<byte[], byte[]> entry, byte[] field) {
        return entry.getBody().entrySet().stream()
                .filter(kept -> Arrays.equals(kept.getKey(), field))
                .map(kept -> text(kept.getValue()))
                .findFirst()
                .orElse("");
    }

    /** @param mark empty: written by a release that gave none */
    private record Entry(String id, String mark) {

        static Entry of(StreamMessage<byte[], byte[]> entry) {
            return new Entry(entry.getId(), field(entry, MARK));
        }
    }

    private record Cursor(String run, Entry entry) {

        static Optional<Cursor> parse(String text) {
            var parts = text.split(" ", -1);
            return parts.length == 3 && parts[1].matches("\\d+-\\d+")
                    ? Optional.of(new Cursor(parts[0], new Entry(parts[1], parts[2])))
                    : Optional.empty();
        }

        @Override
        public String toString() {
            return run + " " + entry.id() + " " + entry.mark();
        }
    }
}
