package io.ghlgateway.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A record store for every path: what is posted to a collection can be read, changed, listed and deleted there. A record
 * nobody made is made up, so that any GET answers; one that was deleted is gone. Holds a bounded number, the oldest are
 * forgotten. Lives on the simulator's event loop.
 */
final class Records {

    private static final int MOST = 50_000;
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private final RandomGenerator random;
    private final Map<String, Optional<JsonObject>> byPath = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Optional<JsonObject>> eldest) {
            return size() > MOST;
        }
    };

    Records(RandomGenerator random) {
        this.random = random;
    }

    void clear() {
        byPath.clear();
    }

    /** 20 letters and digits, as HighLevel's ids are. */
    String newId() {
        var id = new StringBuilder(20);
        for (int i = 0; i < 20; i++) {
            id.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return id.toString();
    }

    JsonObject create(String collection, JsonObject fields) {
        var id = newId();
        var made = fields.copy().put("id", id);
        byPath.put(trimmed(collection) + "/" + id, Optional.of(made));
        return made;
    }

    /** Empty when it was deleted. */
    Optional<JsonObject> read(String path) {
        var known = byPath.get(trimmed(path));
        return known == null ? Optional.of(new JsonObject().put("id", lastSegment(path))) : known;
    }

    Optional<JsonObject> change(String path, JsonObject fields) {
        var changed = read(path).map(before -> before.copy().mergeIn(fields));
        changed.ifPresent(record -> byPath.put(trimmed(path), Optional.of(record)));
        return changed;
    }

    void delete(String path) {
        byPath.put(trimmed(path), Optional.empty());
    }

    JsonArray list(String collection, int limit) {
        var prefix = trimmed(collection) + "/";
        var found = new JsonArray();
        byPath.forEach((path, record) -> {
            if (found.size() < limit && path.startsWith(prefix) && path.indexOf('/', prefix.length()) < 0) {
                record.ifPresent(found::add);
            }
        });
        return found;
    }

    /** Whether anything was made in this collection. */
    boolean isCollection(String path) {
        return path.endsWith("/") || !list(path, 1).isEmpty();
    }

    static String lastSegment(String path) {
        var trimmed = trimmed(path);
        return trimmed.substring(trimmed.lastIndexOf('/') + 1);
    }

    private static String trimmed(String path) {
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }
}
