package io.ghlgateway.credentials;

import io.ghlgateway.credentials.Vault.Opened;
import io.ghlgateway.tenancy.Secret;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * Records that operators make and remove at run time, shared by all replicas: JSON objects, of which the latest counts.
 * A removed one stays as a mark that it is gone, lest a replica that slept brings it back. Any thread.
 */
public final class RecordShelf implements Vault.Shelf {

    private static final String REMOVED = "removed";

    private final Vault vault;
    private final RecordName.Kind kind;
    private final BiConsumer<String, Optional<JsonObject>> changed;
    private final ConcurrentHashMap<String, Held> held = new ConcurrentHashMap<>();

    /** Its content may be a token, or have one in it. */
    private record Held(RecordName name, long generation, Secret json) {

        static Held of(Opened record) {
            return new Held(
                    record.name(), record.generation(), Secret.of(new String(record.plain(), StandardCharsets.UTF_8)));
        }

        Opened opened() {
            return new Opened(name, generation, json.reveal().getBytes(StandardCharsets.UTF_8));
        }

        Optional<JsonObject> content() {
            return Optional.of(new JsonObject(json.reveal())).filter(json -> !json.containsKey(REMOVED));
        }
    }

    /** @param changed hears of each new state of a record, empty when it is gone; must not block */
    public RecordShelf(Vault vault, RecordName.Kind kind, BiConsumer<String, Optional<JsonObject>> changed) {
        this.vault = vault;
        this.kind = kind;
        this.changed = changed;
        vault.shelve(kind, this);
    }

    @Override
    public void learn(Opened record) {
        held.compute(record.name().id(), (id, before) -> {
            if (before != null && before.generation() >= record.generation()) {
                return before;
            }
            var fresh = Held.of(record);
            changed.accept(id, fresh.content()); // under this record's lock: never out of order
            return fresh;
        });
    }

    @Override
    public Collection<Opened> held() {
        return held.values().stream().map(Held::opened).toList();
    }

    public Optional<JsonObject> find(String id) {
        return Optional.ofNullable(held.get(id)).flatMap(Held::content);
    }

    public Map<String, JsonObject> all() {
        var all = new TreeMap<String, JsonObject>();
        held.forEach((id, record) -> record.content().ifPresent(json -> all.put(id, json)));
        return all;
    }

    /** Of what is known here by this id, also of the mark that it is gone; 0 where there never was any. */
    public long generation(String id) {
        var record = held.get(id);
        return record == null ? 0 : record.generation();
    }

    /**
     * Completes when it is kept where all replicas find it, and known here.
     *
     * @param from the generation that the change was thought out for
     * @return fails with {@link ChangedMeanwhile} where there is a later one: nothing is changed then
     */
    public Future<Void> put(String id, long from, JsonObject content) {
        var name = new RecordName(kind, id);
        var mine = new Opened(name, from + 1, content.toBuffer().getBytes());
        return vault.write(mine).compose(kept -> {
            learn(kept);
            boolean isMine = kept.generation() == mine.generation()
                    && content.equals(new JsonObject(Buffer.buffer(kept.plain())));
            return isMine ? Future.succeededFuture() : Future.failedFuture(new ChangedMeanwhile(name));
        });
    }

    /** As {@link #put}. */
    public Future<Void> remove(String id, long from) {
        return put(id, from, new JsonObject().put(REMOVED, true));
    }
}
