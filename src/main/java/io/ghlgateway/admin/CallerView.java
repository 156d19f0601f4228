package io.ghlgateway.admin;

import io.ghlgateway.credentials.RegisteredCallers.Registered;
import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.CallerQuota;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;

/** A caller as operators see it: everything but its keys. */
final class CallerView {

    private CallerView() {}

    /** How many keys open for it, and when those that are being replaced end. */
    static JsonObject of(Registered registered, Instant now) {
        var good = registered.keys().stream().filter(key -> key.isGoodAt(now)).toList();
        var ends = new TreeSet<Instant>();
        good.forEach(key -> key.expires().ifPresent(ends::add));
        var expires = new JsonArray();
        ends.forEach(end -> expires.add(end.toString()));
        return of(registered.caller(), false).put("keys", good.size()).put("expires", expires);
    }

    static JsonObject of(Caller caller, boolean isConfigured) {
        var tenants = new JsonArray(caller.everyTenant() ? List.of("*") : List.copyOf(new TreeSet<>(caller.tenants())));
        var json = new JsonObject().put("name", caller.name()).put("tenants", tenants);
        caller.defaultTenant().ifPresent(tenant -> json.put("default-tenant", tenant));
        caller.quota().ifPresent(quota -> json.put("quota", view(quota)));
        return json.put("weight", caller.weight()).put("configured", isConfigured);
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
