package io.ghlgateway.admin;

import io.ghlgateway.admin.Activity.Count;
import io.ghlgateway.admin.Activity.Spender;
import io.ghlgateway.limits.Budget;
import io.ghlgateway.limits.BudgetKey;
import io.ghlgateway.limits.Forecast;
import io.ghlgateway.limits.Standing.Left;
import io.ghlgateway.tenancy.Tenant;
import io.ghlgateway.tenancy.TenantRegistry;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A quota as operators see it: what is left of it, and who used it, here. */
record QuotaView(TenantRegistry tenants, Activity activity) {

    static final int MOST_CALLERS = 5;

    JsonObject of(Budget budget, Forecast forecast, int waiting) {
        var key = budget.key();
        var limit = budget.limit();
        var view = new JsonObject()
                .put("app", key.app().id())
                .put("resource", key.resource().toString())
                .put("tenants", new JsonArray(ids(key)))
                .put(
                        "limit",
                        new JsonObject()
                                .put("requests", limit.requests())
                                .put("per-ms", limit.per().toMillis())
                                .put("daily", limit.daily()))
                .put("free", forecast.free())
                .put("waiting", waiting)
                .put("next-in-ms", forecast.delay().toMillis())
                .put("cause", forecast.cause().wire())
                .put("held-ms", budget.held().toMillis())
                .put("left-to-others", budget.restraint().foreign())
                .put("at-once", Math.min(limit.requests(), budget.restraint().allowance()));
        budget.dayExhaustedIn().ifPresent(left -> view.put("day-lasts-ms", left.toMillis()));
        for (Left left : budget.standing().lefts()) {
            view.put(
                    left.policy(),
                    new JsonObject()
                            .put("left", left.requests())
                            .put("full-in-ms", left.refill().toMillis()));
        }
        return spenders(key, view);
    }

    private JsonObject spenders(BudgetKey key, JsonObject view) {
        var callers = new ArrayList<>(activity.spenders(key));
        callers.sort(
                Comparator.comparingLong((Spender spender) -> spender.sends().day())
                        .reversed()
                        .thenComparing(Spender::caller));
        var sends = callers.stream().map(Spender::sends).reduce(Count.NONE, Count::and);
        return view.put("sends", SnapshotMaker.json(sends))
                .put(
                        "callers",
                        new JsonArray(callers.stream()
                                .limit(MOST_CALLERS)
                                .map(spender ->
                                        SnapshotMaker.json(spender.sends()).put("name", spender.caller()))
                                .toList()));
    }

    List<Tenant> of(BudgetKey key) {
        return tenants.resource(key.resource().id()).stream()
                .filter(tenant -> BudgetKey.of(tenant).equals(key))
                .toList();
    }

    private List<String> ids(BudgetKey key) {
        return of(key).stream().map(Tenant::id).sorted().toList();
    }
}
