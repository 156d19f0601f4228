package io.ghlgateway.credentials;

import static io.ghlgateway.credentials.RedisLine.bytes;
import static io.ghlgateway.credentials.RedisLine.text;

import io.ghlgateway.credentials.TokenStore.Changes;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAddArgs;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who wrote what: a stream of records' names. A cursor names the run of the Redis server, and an entry. While that run
 * goes on and that entry is still there, nothing after it is missing. Otherwise the stream was cut, emptied or put back
 * to an earlier state, perhaps with the records, and anything may have changed.
 */
final class RedisNews {

    private static final byte[] NAME = bytes("name");
    private static final byte[] NOTHING = {};
    private static final int LENGTH = 10_000;
    private static final int AT_ONCE = 1_000;

    private final RedisLine redis;
    private final RedisRun run;
    private final byte[] stream;

    RedisNews(RedisLine redis, RedisRun run) {
        this.redis = redis;
        this.run = run;
        this.stream = redis.key("changes");
    }

    /** @return the entry's id */
    Future<String> tell(RecordName name) {
        return add(bytes(name.toString()));
    }

    private Future<String> add(byte[] name) {
        return redis.call(
                c -> c.xadd(stream, XAddArgs.Builder.maxlen(LENGTH).approximateTrimming(), Map.of(NAME, name)));
    }

    Future<Changes> since(Optional<String> cursor) {
        return run.id().compose(now -> {
            var from = cursor.flatMap(Cursor::parse).filter(known -> known.run().equals(now));
            return from.isPresent() ? since(from.get()) : end(now, cursor.isPresent());
        });
    }

    private Future<Changes> since(Cursor cursor) {
        var later = Range.from(Range.Boundary.including(cursor.entry()), Range.Boundary.<String>unbounded());
        return redis.call(c -> c.xrange(stream, later, Limit.from(AT_ONCE + 1L)))
                .compose(entries -> entries.isEmpty() || !entries.get(0).getId().equals(cursor.entry())
                        ? end(cursor.run(), true)
                        : Future.succeededFuture(told(cursor, entries)));
    }

    private static Changes told(Cursor cursor, List<StreamMessage<byte[], byte[]>> entries) {
        Set<RecordName> names = new HashSet<>();
        for (var entry : entries.subList(1, entries.size())) {
            entry.getBody()
                    .values()
                    .forEach(name -> RecordName.parse(text(name)).ifPresent(names::add));
        }
        var last = new Cursor(cursor.run(), entries.get(entries.size() - 1).getId());
        return new Changes(last.toString(), names, false);
    }

    /** From now on; an empty stream gets an entry to begin from. */
    private Future<Changes> end(String run, boolean all) {
        return redis.call(c -> c.xrevrange(stream, Range.<String>unbounded(), Limit.from(1)))
                .compose(last -> last.isEmpty()
                        ? add(NOTHING)
                        : Future.succeededFuture(last.get(0).getId()))
                .map(entry -> new Changes(new Cursor(run, entry).toString(), Set.of(), all));
    }

    private record Cursor(String run, String entry) {

        static Optional<Cursor> parse(String text) {
            var parts = text.split(" ", -1);
            return parts.length == 2 && parts[1].matches("\\d+-\\d+")
                    ? Optional.of(new Cursor(parts[0], parts[1]))
                    : Optional.empty();
        }

        @Override
        public String toString() {
            return run + " " + entry;
        }
    }
}
