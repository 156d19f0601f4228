package io.ghlgateway.admin;

import io.ghlgateway.admin.Answer.Problem;
import io.ghlgateway.credentials.Installation;
import io.ghlgateway.credentials.Installations;
import io.ghlgateway.credentials.RegisteredTenants;
import io.ghlgateway.credentials.RegisteredTenants.Registered;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Reach;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Tenant;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Tenants: listed, made, given another token, removed. What came by an installation is listed there, not here. */
record TenantApi(
        RegisteredTenants tenants, Installations installations, Supplier<CredentialApi.Configured> configured) {

    static final String PATH = "/admin/v1/tenants";

    private static final String ONE = PATH + "/:id";

    void mount(JsonRoutes routes) {
        routes.on(HttpMethod.GET, PATH, context -> list());
        routes.on(HttpMethod.GET, ONE, this::show);
        routes.on(HttpMethod.PUT, ONE, this::put);
        routes.on(HttpMethod.DELETE, ONE, this::remove);
    }

    private Future<Answer> list() {
        var list = new JsonArray();
        configured.get().tenants().forEach(tenant -> list.add(view(tenant)));
        tenants.all().values().forEach(registered -> list.add(view(registered)));
        return Future.succeededFuture(Answer.ok(new JsonObject().put("tenants", list)));
    }

    private Future<Answer> show(RoutingContext context) {
        var id = id(context);
        var view = inConfiguration(id)
                .map(this::view)
                .or(() -> tenants.find(id).map(TenantApi::view))
                .orElseThrow(() -> unknown(id));
        return Future.succeededFuture(Answer.ok(view));
    }

    private Future<Answer> put(RoutingContext context) {
        var id = id(context);
        refuseConfigured(id);
        refuseInstalled(id);
        var registered = read(id, JsonRoutes.body(context));
        long from = tenants.generation(id);
        var former = tenants.find(id);
        former.ifPresent(known -> refuseMoved(known.tenant(), registered.tenant()));
        return tenants.put(registered, from).map(kept -> Answer.of(former.isEmpty() ? 201 : 200, view(registered)));
    }

    /** Who names it meant the former: that must be seen to be gone. */
    private static void refuseMoved(Tenant former, Tenant now) {
        if (!former.resource().equals(now.resource())) {
            throw Problem.of(
                    409,
                    "tenant '" + now.id() + "' is " + former.resource() + "; give " + now.resource()
                            + " another id, or delete this tenant before");
        }
    }

    private Future<Answer> remove(RoutingContext context) {
        var id = id(context);
        long from = tenants.generation(id);
        if (tenants.find(id).isEmpty()) {
            refuseConfigured(id);
            throw unknown(id);
        }
        return tenants.remove(id, from).map(removed -> Answer.gone()); // one that the configuration overrules, too
    }

    private Registered read(String id, JsonObject body) {
        var fields = new Fields(body, "location", "company", "app", "token", "tags");
        var location = fields.id("location").map(Resource::location);
        var company = fields.id("company").map(Resource::company);
        if (fields.has("location") == fields.has("company")) {
            fields.problem("location, company", "expected exactly one of them");
        }
        var app = fields.app("app").map(App::new).orElse(App.PRIVATE);
        var token = fields.secret("token");
        if (!fields.has("token") && !configured.get().apps().containsKey(app)) {
            var apps = configured.get().apps().keySet().stream()
                    .map(App::id)
                    .sorted()
                    .collect(Collectors.joining(", "));
            fields.problem(
                    "token",
                    "missing; expected a private integration token, or in app the name of a configured app that is"
                            + " installed there: " + (apps.isEmpty() ? "there is none" : apps));
        }
        var tags = fields.words("tags", Fields.NAME, Fields::isName);
        fields.check();
        return new Registered(new Tenant(id, app, location.or(() -> company).orElseThrow()).tagged(tags), token);
    }

    private static String id(RoutingContext context) {
        var id = context.pathParam("id");
        if (!Fields.isName(id) || id.startsWith(Reach.TAG)) {
            throw Problem.of(400, "the tenant's id: expected " + Fields.NAME + " that does not begin with 'tag:'");
        }
        return id;
    }

    private Optional<Tenant> inConfiguration(String id) {
        return configured.get().tenants().stream()
                .filter(tenant -> tenant.id().equals(id))
                .findFirst();
    }

    private void refuseConfigured(String id) {
        if (inConfiguration(id).isPresent()) {
            throw Problem.of(409, "tenant '" + id + "' is configured; change it in the configuration (tenants)");
        }
    }

    /** A tenant of the same id would stand in its way, and take it along when it goes. */
    private void refuseInstalled(String id) {
        var installed = installations.all().stream()
                .filter(each -> each.key().resource().id().equals(id))
                .filter(each -> each.status() != Installation.Status.REVOKED)
                .findFirst();
        if (installed.isPresent()) {
            throw Problem.of(
                    409,
                    "'" + id + "' is a tenant already, by the installation "
                            + installed.get().key() + "; choose another id");
        }
    }

    private static Problem unknown(String id) {
        return Problem.of(404, "there is no tenant '" + id + "' that was configured or made here");
    }

    private JsonObject view(Tenant tenant) {
        return view(tenant, configured.get().withToken().contains(tenant.id()), true);
    }

    private static JsonObject view(Registered registered) {
        return view(registered.tenant(), registered.token().isPresent(), false);
    }

    private static JsonObject view(Tenant tenant, boolean hasToken, boolean isConfigured) {
        var view = new JsonObject()
                .put("id", tenant.id())
                .put("app", tenant.app().id())
                .put(
                        InstallationView.word(tenant.resource().kind()),
                        tenant.resource().id())
                .put("hasToken", hasToken)
                .put("configured", isConfigured);
        return tenant.tags().isEmpty() ? view : view.put("tags", new JsonArray(tenant.tags()));
    }
}
