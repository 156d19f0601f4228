package io.ghlgateway.admin;

import io.ghlgateway.admin.Answer.Problem;
import io.ghlgateway.credentials.Decisions;
import io.ghlgateway.credentials.Installation;
import io.ghlgateway.credentials.Installation.Status;
import io.ghlgateway.credentials.InstallationKey;
import io.ghlgateway.credentials.Installations;
import io.ghlgateway.credentials.RenewalSchedule;
import io.ghlgateway.credentials.Renewals;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;

/** Installations: listed, renewed, approved and revoked. */
final class InstallationApi {

    static final String PATH = "/admin/v1/installations";

    private static final String ONE = PATH + "/:app/:resource";
    private static final int PAGE = 1_000;
    private static final String REVOKED = "revoked by an operator";

    private final Installations installations;
    private final Renewals renewals;
    private final Decisions decisions;
    private final InstallationView view;
    /** In the order of the list, which is asked page by page: none of them sorts. An installation never goes. */
    private final ConcurrentSkipListMap<String, InstallationKey> ordered = new ConcurrentSkipListMap<>();

    InstallationApi(Installations installations, Renewals renewals, Decisions decisions, RenewalSchedule schedule) {
        this.installations = installations;
        this.renewals = renewals;
        this.decisions = decisions;
        this.view = new InstallationView(schedule);
        installations.listen(this::order);
        installations.all().forEach(this::order);
    }

    private void order(Installation installation) {
        ordered.put(installation.key().toString(), installation.key());
    }

    void mount(JsonRoutes routes) {
        routes.on(HttpMethod.GET, PATH, this::list);
        routes.on(HttpMethod.GET, ONE, context -> Future.succeededFuture(Answer.ok(view.of(named(context)))));
        routes.on(HttpMethod.POST, ONE + "/refresh", this::refresh);
        routes.on(HttpMethod.POST, ONE + "/approve", this::approve);
        routes.on(
                HttpMethod.DELETE,
                ONE,
                context -> decisions.revoke(named(context).key(), REVOKED).map(revoked -> Answer.ok(view.of(revoked))));
    }

    private Future<Answer> list(RoutingContext context) {
        var query = JsonRoutes.query(context, "limit");
        var fields = new Fields(query, "app", "status", "limit", "after");
        var app = fields.app("app");
        var limit = fields.whole("limit", 1, PAGE).orElse((long) PAGE);
        var status = Optional.ofNullable(query.getString("status"));
        var statuses =
                Arrays.stream(Status.values()).map(InstallationView::word).toList();
        if (status.isPresent() && !statuses.contains(status.get())) {
            fields.problem("status", "expected one of " + String.join(", ", statuses));
        }
        fields.check();
        var found = ordered.tailMap(query.getString("after", ""), false).values().stream()
                .filter(key -> app.isEmpty() || key.app().id().equals(app.get()))
                .map(installations::find)
                .flatMap(Optional::stream)
                .filter(each ->
                        status.isEmpty() || InstallationView.word(each.status()).equals(status.get()))
                .limit(limit + 1)
                .toList();
        var page = found.stream().limit(limit).toList();
        var answer = new JsonObject()
                .put("installations", new JsonArray(page.stream().map(view::of).toList()))
                .put("unkept", installations.unkept());
        if (found.size() > page.size()) {
            answer.put("next", page.get(page.size() - 1).key().toString());
        }
        return Future.succeededFuture(Answer.ok(answer));
    }

    private Future<Answer> refresh(RoutingContext context) {
        var installation = named(context);
        refuseRevoked(installation);
        return renewals.renew(installation)
                .recover(failure -> {
                    throw Problem.of(502, installation.key() + ": " + failure.getMessage());
                })
                .map(fresh -> {
                    refuseRevoked(fresh);
                    return Answer.ok(view.of(fresh));
                });
    }

    private static void refuseRevoked(Installation installation) {
        if (installation.status() == Status.REVOKED) {
            throw Problem.of(
                    409, installation.key() + " is revoked and has no token to renew; install the app there again");
        }
    }

    private Future<Answer> approve(RoutingContext context) {
        var installation = named(context);
        return switch (installation.status()) {
            case PENDING, ACTIVE -> decisions.approve(installation.key()).map(approved -> Answer.ok(view.of(approved)));
            default ->
                throw Problem.of(
                        409,
                        installation.key() + " is " + InstallationView.word(installation.status())
                                + "; only one that is pending can be approved");
        };
    }

    private Installation named(RoutingContext context) {
        var app = context.pathParam("app");
        var resource = context.pathParam("resource");
        int colon = resource.indexOf(':');
        var kind = colon < 0 ? "" : resource.substring(0, colon);
        var id = resource.substring(colon + 1);
        if (!Fields.isApp(app) || !Fields.isId(id) || colon >= 0 && !kind.matches("location|company")) {
            throw Problem.of(
                    400,
                    "the path: expected /installations/{app}/{resource}, the app's name and location:ID, company:ID or"
                            + " a bare ID of HighLevel's");
        }
        var found = Stream.of(Resource.location(id), Resource.company(id))
                .filter(each -> colon < 0 || each.toString().equals(resource))
                .map(each -> installations.find(new InstallationKey(new App(app), each)))
                .flatMap(Optional::stream)
                .toList();
        if (found.size() > 1) {
            throw Problem.of(400, "'" + id + "' is a location and a company; say location:" + id + " or company:" + id);
        }
        if (found.isEmpty()) {
            throw Problem.of(404, "the app '" + app + "' has no installation at '" + resource + "'");
        }
        return found.get(0);
    }
}
