package io.ghlgateway.admin;

import io.ghlgateway.admin.Answer.Problem;
import io.ghlgateway.dispatch.Lanes;
import io.ghlgateway.limits.BudgetKey;
import io.ghlgateway.limits.Budgets;
import io.ghlgateway.limits.Egress;
import io.ghlgateway.tenancy.TenantRegistry;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Quotas: what is left of them, who used them and who waits. An operator may have one rest, or all that is sent, on all
 * replicas; all of it also rests after HighLevel's edge refused the gateway's address.
 */
public final class BudgetApi {

    private static final String PATH = "/admin/v1/budgets";
    private static final String ONE = PATH + "/:app/:resource";
    private static final String EGRESS = "/admin/v1/egress";
    private static final int PAGE = 100;
    private static final long LONGEST_PAUSE = Duration.ofDays(7).toSeconds();
    private static final long USUAL_PAUSE = Duration.ofHours(1).toSeconds();

    private final TenantRegistry tenants;
    private final Budgets budgets;
    private final Egress egress;
    private final Lanes lanes;
    private final QuotaView view;

    /**
     * @param budgets of all keys; asked, never spent from
     * @param activity of this replica
     */
    public BudgetApi(TenantRegistry tenants, Budgets budgets, Egress egress, Lanes lanes, Activity activity) {
        this.tenants = tenants;
        this.budgets = budgets;
        this.egress = egress;
        this.lanes = lanes;
        this.view = new QuotaView(tenants, activity);
    }

    /** Behind whatever guards the router. */
    void mount(Router router) {
        var routes = new JsonRoutes(router);
        routes.on(HttpMethod.GET, PATH, this::list);
        routes.on(HttpMethod.GET, ONE, context -> view(named(context)).map(Answer::ok));
        routes.on(HttpMethod.POST, ONE + "/pause", this::pause);
        routes.on(HttpMethod.POST, ONE + "/resume", context -> {
            var key = named(context);
            return budgets.of(key).wake().compose(woken -> view(key)).map(Answer::ok);
        });
        routes.on(HttpMethod.GET, EGRESS, context -> Future.succeededFuture(egressView()));
        routes.on(
                HttpMethod.POST,
                EGRESS + "/pause",
                context -> egress.rest(pauseOf(context)).map(rests -> egressView()));
        routes.on(HttpMethod.POST, EGRESS + "/resume", context -> egress.wake().map(woken -> egressView()));
    }

    private Future<Answer> list(RoutingContext context) {
        var query = JsonRoutes.query(context, "limit");
        var fields = new Fields(query, "limit", "after", "of");
        int limit = fields.whole("limit", 1, PAGE).orElse((long) PAGE).intValue();
        var of = fields.name("of");
        fields.check();
        var after = keys(of).tailMap(query.getString("after", ""), false);
        var page = after.values().stream().limit(limit).toList();
        boolean more = after.size() > page.size();
        return Future.all(page.stream().map(this::view).toList()).map(all -> {
            var answer = new JsonObject().put("budgets", new JsonArray(new ArrayList<>(all.<JsonObject>list())));
            return Answer.ok(more ? answer.put("next", page.get(page.size() - 1).toString()) : answer);
        });
    }

    private Future<Answer> pause(RoutingContext context) {
        var key = named(context);
        return budgets.of(key)
                .rest(pauseOf(context))
                .compose(rests -> view(key))
                .map(Answer::ok);
    }

    /** How long it is to last. */
    private static Duration pauseOf(RoutingContext context) {
        var fields = new Fields(JsonRoutes.bodyOrNothing(context), "seconds");
        long seconds = fields.whole("seconds", 1, LONGEST_PAUSE).orElse(USUAL_PAUSE);
        fields.check();
        return Duration.ofSeconds(seconds);
    }

    private Answer egressView() {
        return Answer.ok(
                new JsonObject().put("held-ms", egress.held().toMillis()).put("waiting", lanes.waiting()));
    }

    /** @param of only those of tenants that are called so, or are at this location or company */
    private NavigableMap<String, BudgetKey> keys(Optional<String> of) {
        NavigableMap<String, BudgetKey> keys = new TreeMap<>();
        of.map(name -> Stream.concat(tenants.alias(name).stream(), tenants.resource(name).stream()))
                .orElseGet(() -> tenants.all().stream())
                .forEach(tenant -> keys.put(BudgetKey.of(tenant).toString(), BudgetKey.of(tenant)));
        return keys;
    }

    private BudgetKey named(RoutingContext context) {
        var app = context.pathParam("app");
        var resource = context.pathParam("resource");
        var id = resource.substring(resource.indexOf(':') + 1);
        var found = tenants.resource(id).stream()
                .filter(tenant -> tenant.app().id().equals(app))
                .filter(tenant ->
                        resource.equals(id) || tenant.resource().toString().equals(resource))
                .map(BudgetKey::of)
                .distinct()
                .toList();
        if (found.size() > 1) {
            throw Problem.of(400, "'" + id + "' is a location and a company; say location:" + id + " or company:" + id);
        }
        if (found.isEmpty()) {
            throw Problem.of(
                    404,
                    "no tenant has a quota of this app at this resource; the path is /budgets/{app}/{resource}, an app's"
                            + " name or 'private', and location:ID, company:ID or a bare ID of HighLevel's");
        }
        return found.get(0);
    }

    private Future<JsonObject> view(BudgetKey key) {
        var budget = budgets.of(key);
        return budget.forecast(1).map(forecast -> view.of(budget, forecast, lanes.waiting(key)));
    }
}
