package io.ghlgateway.admin;

import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.CallerKey;
import io.ghlgateway.tenancy.CallerQuota;
import io.ghlgateway.tenancy.KeyHash;
import io.ghlgateway.tenancy.Operations;
import io.ghlgateway.tenancy.Reach;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/** A caller as operators see it: everything but its keys, of which it is told only what they are called and how they fare. */
final class CallerView {

    /** Those that end first, first. */
    private static final Comparator<CallerKey> BY_END = Comparator.comparing(
                    (CallerKey key) -> key.expires().orElse(Instant.MAX))
            .thenComparing(key -> key.id().orElse(""));

    private CallerView() {}

    /** @param lastUsed of a key, by this replica */
    static JsonObject of(
            Caller caller,
            Collection<CallerKey> keys,
            Function<KeyHash, Optional<Instant>> lastUsed,
            Instant now,
            boolean isConfigured) {
        var good = new JsonArray();
        keys.stream()
                .filter(key -> key.isGoodAt(now))
                .sorted(BY_END)
                .forEach(key -> good.add(view(key, lastUsed.apply(key.hash()))));
        return of(caller).put("configured", isConfigured).put("keys", good);
    }

    private static JsonObject view(CallerKey key, Optional<Instant> lastUsed) {
        var json = new JsonObject();
        key.id().ifPresent(id -> json.put("id", id));
        key.expires().ifPresent(end -> json.put("expires", end.toString()));
        lastUsed.ifPresent(when -> json.put("last-used", when.toString()));
        return json;
    }

    private static JsonObject of(Caller caller) {
        var reach = caller.reach();
        var json = new JsonObject().put("name", caller.name()).put("tenants", tenants(reach));
        caller.defaultTenant().ifPresent(tenant -> json.put("default-tenant", tenant));
        putUnlessEmpty(json, "apps", new TreeSet<>(reach.apps()));
        putUnlessEmpty(json, "methods", new TreeSet<>(caller.permissions().methods()));
        putUnlessEmpty(
                json,
                "routes",
                caller.permissions().operations().map(Operations::written).orElse(List.of()));
        if (caller.permissions().urgency() > 0) {
            json.put("urgency", caller.permissions().urgency());
        }
        caller.quota().ifPresent(quota -> json.put("quota", view(quota)));
        return json.put("weight", caller.weight());
    }

    private static JsonArray tenants(Reach reach) {
        var tenants = new JsonArray();
        if (reach.everyTenant()) {
            tenants.add("*");
        }
        new TreeSet<>(reach.ids()).forEach(tenants::add);
        new TreeSet<>(reach.tags()).forEach(tag -> tenants.add(Reach.TAG + tag));
        return tenants;
    }

    private static void putUnlessEmpty(JsonObject json, String field, Collection<String> words) {
        if (!words.isEmpty()) {
            json.put(field, new JsonArray(List.copyOf(words)));
        }
    }

    private static JsonObject view(CallerQuota quota) {
        var json = new JsonObject();
        quota.rate()
                .ifPresent(rate -> json.put(
                        "rate",
                        new JsonObject()
                                .put("requests", rate.requests())
                                .put("per-ms", rate.per().toMillis())));
        quota.concurrency().ifPresent(most -> json.put("concurrency", most));
        quota.share().ifPresent(percent -> json.put("share-percent", percent));
        return json;
    }
}
