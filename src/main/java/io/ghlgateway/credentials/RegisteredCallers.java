package io.ghlgateway.credentials;

import io.ghlgateway.highlevel.OperationPatterns;
import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.CallerKey;
import io.ghlgateway.tenancy.CallerRegistry;
import io.ghlgateway.tenancy.KeyHash;
import io.ghlgateway.tenancy.Operations;
import io.ghlgateway.tenancy.Permissions;
import io.ghlgateway.tenancy.Reach;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Callers made at run time, on all replicas. Of their keys only hashes are kept. Any thread. */
public final class RegisteredCallers {

    /** A caller and its keys. */
    public record Registered(Caller caller, Set<CallerKey> keys) {
        public Registered {
            keys = Set.copyOf(keys);
        }
    }

    private final RecordShelf shelf;
    private final CallerRegistry registry;
    /** What was made, overruled or not; guarded by this. */
    private final Map<String, Registered> latest = new HashMap<>();

    private volatile Set<String> configured;

    /**
     * @param registry where they are looked up; what is configured stands there already
     * @param configured names that the configuration has: what was made by these is kept, and opens nothing
     */
    public RegisteredCallers(Vault vault, CallerRegistry registry, Set<String> configured, CredentialEvents events) {
        this.configured = Set.copyOf(configured);
        this.registry = registry;
        this.shelf = new RecordShelf(vault, RecordName.Kind.CALLER, (name, content) -> {
            if (content.isPresent() && this.configured.contains(name)) {
                events.overruled(new RecordName(RecordName.Kind.CALLER, name));
            }
            learn(name, content.map(json -> read(name, json)));
        });
    }

    private synchronized void learn(String name, Optional<Registered> now) {
        now.ifPresentOrElse(made -> latest.put(name, made), () -> latest.remove(name));
        if (!configured.contains(name)) {
            now.ifPresentOrElse(made -> registry.put(made.caller(), made.keys()), () -> registry.remove(name));
        }
    }

    /**
     * From now on these are configured, and those before are not: what was made stands wherever it is not overruled. All at
     * one moment.
     *
     * @throws IllegalArgumentException if two callers would have a key in common; nothing is changed then
     */
    public synchronized void configure(Map<Caller, Set<CallerKey>> callers) {
        var names = callers.keySet().stream().map(Caller::name).collect(Collectors.toSet());
        var put = new HashMap<>(callers);
        var gone = new HashSet<>(configured);
        gone.removeAll(names);
        for (var name : gone) {
            var made = latest.get(name);
            if (made != null) {
                put.put(made.caller(), made.keys());
            }
        }
        registry.replace(gone, put);
        configured = Set.copyOf(names);
    }

    /** Counts the changes, removals among them; to be asked before all else that a change depends on. */
    public long generation(String name) {
        return shelf.generation(name);
    }

    /** Also one that the configuration overrules. */
    public Optional<Registered> find(String name) {
        return shelf.find(name).map(content -> read(name, content));
    }

    /** All that the configuration does not overrule. */
    public Map<String, Registered> all() {
        var all = new TreeMap<String, Registered>();
        shelf.all().forEach((name, content) -> {
            if (!configured.contains(name)) {
                all.put(name, read(name, content));
            }
        });
        return all;
    }

    /**
     * In the place of one of the same name, if there is one.
     *
     * @param from what {@link #generation} said before this was decided upon
     * @return fails with {@link ChangedMeanwhile} where somebody else came first
     */
    public Future<Void> put(Registered registered, long from) {
        return shelf.put(registered.caller().name(), from, write(registered));
    }

    /** @param from as of {@link #put} */
    public Future<Void> remove(String name, long from) {
        return shelf.remove(name, from);
    }

    private static JsonObject write(Registered registered) {
        var caller = registered.caller();
        var keys = new JsonArray();
        registered.keys().forEach(key -> {
            var json = new JsonObject()
                    .put("hash", HexFormat.of().formatHex(key.hash().bytes()));
            key.id().ifPresent(id -> json.put("id", id));
            key.expires().ifPresent(expires -> json.put("expires", expires.toEpochMilli()));
            keys.add(json);
        });
        var reach = caller.reach();
        var may = caller.permissions();
        var json = new JsonObject()
                .put("every", reach.everyTenant())
                .put("tenants", array(reach.ids()))
                .put("tags", array(reach.tags()))
                .put("apps", array(reach.apps()))
                .put("methods", array(may.methods()))
                .put("routes", array(may.operations().map(Operations::written).orElse(List.of())))
                .put("urgency", may.urgency())
                .put("weight", caller.weight())
                .put("keys", keys);
        caller.defaultTenant().ifPresent(tenant -> json.put("default", tenant));
        return json;
    }

    private static Registered read(String name, JsonObject json) {
        var keys = new LinkedHashSet<CallerKey>();
        json.getJsonArray("keys").forEach(each -> {
            var key = (JsonObject) each;
            keys.add(new CallerKey(
                    KeyHash.ofHex(key.getString("hash")),
                    Optional.ofNullable(key.getString("id")),
                    Optional.ofNullable(key.getLong("expires")).map(Instant::ofEpochMilli)));
        });
        return new Registered(
                new Caller(
                        name,
                        new Reach(
                                json.getBoolean("every"),
                                words(json, "tenants"),
                                words(json, "tags"),
                                words(json, "apps")),
                        permissions(json),
                        Optional.ofNullable(json.getString("default")),
                        json.getInteger("weight", 1),
                        Optional.empty()),
                keys);
    }

    private static Permissions permissions(JsonObject json) {
        var routes = words(json, "routes");
        return new Permissions(
                words(json, "methods"),
                routes.isEmpty() ? Optional.empty() : Optional.of(new OperationPatterns(routes)),
                json.getInteger("urgency", 0));
    }

    private static JsonArray array(Collection<String> words) {
        return new JsonArray(List.copyOf(words));
    }

    /** None where an earlier version wrote none. */
    private static Set<String> words(JsonObject json, String field) {
        var words = new LinkedHashSet<String>();
        json.getJsonArray(field, new JsonArray()).forEach(word -> words.add((String) word));
        return words;
    }
}
