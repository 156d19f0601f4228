package io.ghlgateway.credentials;

import io.ghlgateway.credentials.Vault.Opened;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
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
final class RecordShelf implements Vault.Shelf {

    private static final String REMOVED = "removed";
    private static final int MOST_TRIES = 5;

    private final Vault vault;
    private final RecordName.Kind kind;
    private final BiConsumer<String, Optional<JsonObject>> changed;
    private final ConcurrentHashMap<String, Opened> held = new ConcurrentHashMap<>();

    /** @param changed hears of each new state of a record, empty when it is gone; must not block */
    RecordShelf(Vault vault, RecordName.Kind kind, BiConsumer<String, Optional<JsonObject>> changed) {
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
            changed.accept(id, content(record)); // under this record's lock: never out of order
            return record;
        });
    }

    @Override
    public Collection<Opened> held() {
        return held.values();
    }

    Optional<JsonObject> find(String id) {
        return Optional.ofNullable(held.get(id)).flatMap(RecordShelf::content);
    }

    Map<String, JsonObject> all() {
        var all = new TreeMap<String, JsonObject>();
        held.forEach((id, record) -> content(record).ifPresent(json -> all.put(id, json)));
        return all;
    }

    /** Completes when it is kept where all replicas find it, and known here. */
    Future<Void> put(String id, JsonObject content) {
        return write(id, content, MOST_TRIES);
    }

    Future<Void> remove(String id) {
        return write(id, new JsonObject().put(REMOVED, true), MOST_TRIES);
    }

    private Future<Void> write(String id, JsonObject content, int tries) {
        var name = new RecordName(kind, id);
        var plain = content.toBuffer().getBytes();
        return vault.read(name).compose(found -> {
            long generation = found.map(Opened::generation).orElse(0L) + 1;
            return vault.write(new Opened(name, generation, plain)).compose(kept -> {
                boolean isOurs =
                        kept.generation() == generation && content.equals(new JsonObject(Buffer.buffer(kept.plain())));
                if (!isOurs && tries > 1) {
                    return write(id, content, tries - 1); // another operator was at it
                }
                learn(kept);
                return isOurs
                        ? Future.succeededFuture()
                        : Future.failedFuture(new IllegalStateException(name + " keeps being changed by others"));
            });
        });
    }

    private static Optional<JsonObject> content(Opened record) {
        return Optional.of(new JsonObject(Buffer.buffer(record.plain()))).filter(json -> !json.containsKey(REMOVED));
    }
}
