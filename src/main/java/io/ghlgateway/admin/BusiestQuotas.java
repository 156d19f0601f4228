package io.ghlgateway.admin;

import io.ghlgateway.dispatch.Lanes.Queue;
import io.ghlgateway.highlevel.Route;
import io.ghlgateway.limits.BudgetKey;
import io.ghlgateway.limits.Cause;
import io.ghlgateway.limits.Forecast;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The quotas that an operator wants to see: those that somebody waits for or is refused for, those that give nothing, and
 * those that are used most; a few dozen, however many tenants there are, for each may cost a question to Redis.
 */
final class BusiestQuotas {

    private static final int MOST = 40;
    private static final Route ANY = Route.unknown(HttpMethod.GET);

    private final SnapshotMaker.Sources from;
    private final QuotaView view;

    BusiestQuotas(SnapshotMaker.Sources from) {
        this.from = from;
        this.view = new QuotaView(from.tenants(), from.activity());
    }

    /** Never fails. */
    Future<List<JsonObject>> now() {
        var queues = from.lanes().queues();
        return Future.all(chosen(queues).stream()
                        .map(key -> view(key, queues.getOrDefault(key, Queue.EMPTY)))
                        .toList())
                .map(all -> List.copyOf(all.list()));
    }

    private Set<BudgetKey> chosen(Map<BudgetKey, Queue> queues) {
        var keys = new LinkedHashSet<BudgetKey>(from.activity().dry());
        Stream.of(
                        queues.entrySet().stream()
                                .sorted(Comparator.comparingInt((Map.Entry<BudgetKey, Queue> each) ->
                                                each.getValue().waiting())
                                        .reversed())
                                .map(Map.Entry::getKey)
                                .limit(MOST / 2),
                        from.activity().refusedTenants().entrySet().stream()
                                .sorted(Map.Entry.<String, Long>comparingByValue()
                                        .reversed())
                                .limit(MOST / 4)
                                .flatMap(tenant -> from.tenants().alias(tenant.getKey()).stream())
                                .map(BudgetKey::of),
                        from.activity().busiest().stream(),
                        idle())
                .flatMap(each -> each)
                .distinct()
                .filter(key -> !view.of(key).isEmpty())
                .limit(MOST)
                .forEach(keys::add);
        return keys;
    }

    /** Where there are few, all are shown. */
    private Stream<BudgetKey> idle() {
        var all = from.tenants().all();
        return all.size() > MOST
                ? Stream.empty()
                : List.copyOf(all).stream().map(BudgetKey::of).sorted(Comparator.comparing(BudgetKey::toString));
    }

    private Future<JsonObject> view(BudgetKey key, Queue queue) {
        var budget = from.budgets().of(key);
        int waiting = queue.waiting();
        return budget.forecast(1)
                .compose(next -> waiting == 0
                        ? Future.succeededFuture(view(key, queue, next, next))
                        : budget.forecast(waiting + 1).map(last -> view(key, queue, next, last)));
    }

    private JsonObject view(BudgetKey key, Queue queue, Forecast next, Forecast last) {
        if (next.cause() != Cause.DAY && next.cause() != Cause.HOLD) {
            from.activity().flows(key);
        }
        var quota = view.of(from.budgets().of(key), next, queue.waiting());
        quota.put(
                "line",
                new JsonObject()
                        .put("wait-ms", last.delay().toMillis())
                        .put("cause", last.cause().wire())
                        .put("callers", waiting(queue.callers())));
        credential(key).ifPresent(credential -> quota.put("credential", credential));
        return quota;
    }

    private static JsonArray waiting(Map<String, Integer> callers) {
        return new JsonArray(callers.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(QuotaView.MOST_CALLERS)
                .map(caller -> new JsonObject().put("name", caller.getKey()).put("waiting", caller.getValue()))
                .toList());
    }

    private Optional<JsonObject> credential(BudgetKey key) {
        return view.of(key).stream()
                .findFirst()
                .flatMap(tenant -> from.tokens().peek(tenant, ANY))
                .map(peek -> {
                    var json = new JsonObject().put("health", peek.health().wire());
                    peek.kind().ifPresent(kind -> json.put("kind", InstallationView.word(kind)));
                    peek.expires().ifPresent(end -> json.put("expires", end.toString()));
                    return json;
                });
    }
}
