package io.ghlgateway.admin;

import io.ghlgateway.admin.Activity.Count;
import io.ghlgateway.credentials.TokenSource;
import io.ghlgateway.dispatch.Lanes;
import io.ghlgateway.limits.Budgets;
import io.ghlgateway.limits.Egress;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.tenancy.TenantRegistry;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes snapshots of this replica out of what its parts tell. Each is bounded, however many tenants there are. */
public final class SnapshotMaker {

    private static final int MOST_SUBSCRIBERS = 20;
    private static final int MOST_REASONS = 20;

    /**
     * Who is asked.
     *
     * @param credentials empty where no keyset is configured
     * @param webhooks empty where no app is configured
     */
    public record Sources(
            Health health,
            TenantRegistry tenants,
            Budgets budgets,
            Egress egress,
            Lanes lanes,
            TokenSource tokens,
            Optional<CredentialApi.Rooms> credentials,
            Optional<WebhookDesk> webhooks,
            Activity activity) {}

    private final Sources from;
    private final InstantSource clock;
    private final BusiestQuotas quotas;
    private final Optional<CredentialOverview> credentials;

    public SnapshotMaker(Sources from, InstantSource clock) {
        this.from = from;
        this.clock = clock;
        this.quotas = new BusiestQuotas(from);
        this.credentials = from.credentials()
                .map(rooms -> new CredentialOverview(
                        rooms.installations()::all,
                        rooms.installations()::unkept,
                        new InstallationView(rooms.schedule())::of,
                        clock));
    }

    /**
     * One of this moment, as an event of {@link LiveFeed}; without secrets. To be called off the event loops, for it goes
     * through all installations. Completes on any thread.
     */
    public Future<Buffer> make() {
        var json = new JsonObject()
                .put("at", clock.instant().toString())
                .put("since", from.activity().since().toString())
                .put("health", from.health().report())
                .put("egress-held-ms", from.egress().held().toMillis())
                .put("tenants", from.tenants().all().size())
                .put("waiting", from.lanes().waiting())
                .put("traffic", traffic())
                .put("refusals", refusals());
        credentials.ifPresent(overview -> json.put("credentials", overview.now()));
        return quotas.now()
                .compose(all -> webhooks().map(webhooks -> {
                    webhooks.ifPresent(flow -> json.put("webhooks", flow));
                    return LiveFeed.event("snapshot", json.put("quotas", new JsonArray(all)));
                }));
    }

    private JsonObject traffic() {
        var activity = from.activity();
        var answers = new JsonObject();
        activity.answers().forEach((outcome, count) -> answers.put(outcome, json(count)));
        var waits = activity.waits();
        return new JsonObject()
                .put("minute-ms", activity.minute().toMillis())
                .put("answers", answers)
                .put("sends", json(activity.sends()))
                .put("upstream-429", json(activity.upstream429()))
                .put(
                        "waits",
                        new JsonObject()
                                .put("answers", waits.answers())
                                .put("median-ms", waits.median().toMillis())
                                .put("p99-ms", waits.p99().toMillis()));
    }

    static JsonObject json(Count count) {
        return new JsonObject()
                .put("total", count.total())
                .put("minute", count.minute())
                .put("day", count.day());
    }

    private JsonObject refusals() {
        var causes = new ArrayList<>(from.activity().refusals().entrySet());
        causes.sort(Comparator.comparing((Map.Entry<Activity.Reason, Count> each) ->
                        each.getValue().minute())
                .thenComparing(each -> each.getValue().total())
                .reversed());
        return new JsonObject()
                .put(
                        "reasons",
                        new JsonArray(causes.stream()
                                .limit(MOST_REASONS)
                                .map(each -> json(each.getValue())
                                        .put("code", each.getKey().code())
                                        .put("cause", each.getKey().cause()))
                                .toList()))
                .put(
                        "latest",
                        new JsonArray(from.activity().latestRefused().stream()
                                .map(SnapshotMaker::json)
                                .toList()));
    }

    private static JsonObject json(Activity.Refused refused) {
        return new JsonObject()
                .put("at", refused.at().toString())
                .put("code", refused.reason().code())
                .put("cause", refused.reason().cause())
                .put("status", refused.status())
                .put("caller", Secret.blotted(refused.caller()))
                .put("tenant", Secret.blotted(refused.tenant()))
                .put("route", refused.route());
    }

    private Future<Optional<JsonObject>> webhooks() {
        if (from.webhooks().isEmpty()) {
            return Future.succeededFuture(Optional.empty());
        }
        var desk = from.webhooks().get();
        var received = new JsonObject();
        desk.received().forEach(received::put);
        var deliveries = desk.deliveries();
        var names = new ArrayList<>(
                desk.all().stream().map(WebhookDesk.Subscription::name).sorted().toList());
        names.add(desk.own());
        var lines = names.stream()
                .limit(MOST_SUBSCRIBERS)
                .map(name -> line(desk, name, deliveries.getOrDefault(name, Map.of())))
                .toList();
        return Future.all(lines)
                .map(all -> Optional.of(new JsonObject()
                        .put("received", received)
                        .put("subscribers", names.size())
                        .put("lines", new JsonArray(List.copyOf(all.<JsonObject>list())))));
    }

    private static Future<JsonObject> line(WebhookDesk desk, String name, Map<String, Long> deliveries) {
        var json = new JsonObject().put("name", name).put("own", name.equals(desk.own()));
        var outcomes = new JsonObject();
        deliveries.forEach(outcomes::put);
        json.put("deliveries", outcomes);
        return desk.line(name)
                .map(line -> {
                    line.oldest().ifPresent(oldest -> json.put("oldest", oldest.toString()));
                    return json.put("waiting", line.waiting()).put("dead", line.dead());
                })
                .otherwise(unreachable -> json.put("unreachable", true));
    }
}
