package io.ghlgateway.credentials;

import static io.ghlgateway.redis.RedisLine.bytes;
import static io.ghlgateway.redis.RedisLine.text;

import io.ghlgateway.redis.RedisLine;
import io.ghlgateway.redis.RedisScript;
import io.lettuce.core.KeyValue;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.ScriptOutputType;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Records in Redis: a hash each, of generation and ciphertext, and for each kind a set of the ids there are. */
final class RedisRecords {

    /** Generations are compared as decimals, for Lua's numbers are exact to 2^53 only. Nothing: kept as given. */
    private static final RedisScript KEEP = new RedisScript("""
            local kept = redis.call('HMGET', KEYS[1], 'generation', 'bytes')
            local has, comes = kept[1], ARGV[1]
            if not has or #comes > #has or (#comes == #has and comes > has) then
              redis.call('HSET', KEYS[1], 'generation', comes, 'bytes', ARGV[2])
              return {}
            end
            if has == comes and kept[2] == ARGV[2] then
              return {}
            end
            return {has, kept[2] or ''}
            """, ScriptOutputType.MULTI);

    private static final byte[] GENERATION = bytes("generation");
    private static final byte[] CIPHERTEXT = bytes("bytes");
    private static final int AT_ONCE = 100;

    private final RedisLine redis;
    private final RedisNews news;

    RedisRecords(RedisLine redis, RedisNews news) {
        this.redis = redis;
        this.news = news;
    }

    byte[] key(RecordName name) {
        return redis.key("{" + name + "}");
    }

    private byte[] index(RecordName.Kind kind) {
        return redis.key("index:" + kind.name().toLowerCase(Locale.ROOT));
    }

    Future<Optional<Sealed>> read(RecordName name) {
        return redis.call(c -> c.hmget(key(name), GENERATION, CIPHERTEXT)).map(fields -> sealed(name, fields));
    }

    private static Optional<Sealed> sealed(RecordName name, List<KeyValue<byte[], byte[]>> fields) {
        return fields.get(0).isEmpty()
                ? Optional.empty()
                : Optional.of(
                        sealed(name, fields.get(0).getValue(), fields.get(1).getValueOrElse(new byte[0])));
    }

    private static Sealed sealed(RecordName name, byte[] generation, byte[] bytes) {
        return new Sealed(name, Long.parseLong(text(generation)), bytes);
    }

    /**
     * In the order in which one connection's commands are carried out: listed, so that no record goes unlisted; kept;
     * told, even if there was a later one, which does no harm. All go out together, so hardly any end finds only part done.
     * To a Cluster the news goes when the rest is done: there it could overtake the record, whose readers would then miss it.
     */
    Future<Sealed> write(Sealed record) {
        return redis.runAll(naming -> {
            var name = record.name();
            var listed = redis.call(c -> c.sadd(index(name.kind()), bytes(name.id())));
            var kept = naming.<List<Object>>run(
                    KEEP, new byte[][] {key(name)}, bytes(record.generation()), record.bytes());
            var told = redis.isCluster() ? Future.join(listed, kept).compose(done -> news.tell(name)) : news.tell(name);
            return Future.join(listed, kept, told).transform((all, failure) -> {
                // A script that is not known comes before all else: then everything is sent again.
                if (failure != null) {
                    return Future.failedFuture(kept.failed() ? kept.cause() : failure);
                }
                var other = kept.result();
                return Future.succeededFuture(
                        other.isEmpty() ? record : sealed(name, (byte[]) other.get(0), (byte[]) other.get(1)));
            });
        });
    }

    /** A batch at a time, so that neither Redis nor this side is busy with it for long. */
    Future<Void> scan(Consumer<Sealed> each) {
        var end = Future.<Void>succeededFuture();
        for (var kind : RecordName.Kind.values()) {
            end = end.compose(before -> {
                var scan = new Scan(kind, each);
                scan.goOn(ScanCursor.INITIAL);
                return scan.end.future();
            });
        }
        return end;
    }

    /** Through the records of one kind. Its steps follow one another without nesting, however many there are. */
    private final class Scan {

        private final RecordName.Kind kind;
        private final Consumer<Sealed> each;
        private final Promise<Void> end = Promise.promise();
        private final Set<String> seen = new HashSet<>(); // the index may name a record twice

        Scan(RecordName.Kind kind, Consumer<Sealed> each) {
            this.kind = kind;
            this.each = each;
        }

        void goOn(ScanCursor from) {
            redis.call(c -> c.sscan(index(kind), from, ScanArgs.Builder.limit(AT_ONCE)))
                    .onFailure(end::tryFail)
                    .onSuccess(found -> {
                        var names = new ArrayList<RecordName>();
                        for (var id : found.getValues()) {
                            if (seen.add(text(id))) {
                                names.add(new RecordName(kind, text(id)));
                            }
                        }
                        InTurn.all(names, AT_ONCE, RedisRecords.this::read)
                                .map(batch -> {
                                    batch.forEach(record -> record.ifPresent(each));
                                    return null;
                                })
                                .onFailure(end::tryFail)
                                .onSuccess(handed -> {
                                    if (found.isFinished()) {
                                        end.tryComplete();
                                    } else {
                                        goOn(found);
                                    }
                                });
                    });
        }
    }
}
