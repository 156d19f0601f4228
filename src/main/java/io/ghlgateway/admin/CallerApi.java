package io.ghlgateway.admin;

import io.ghlgateway.admin.Answer.Problem;
import io.ghlgateway.credentials.RegisteredCallers;
import io.ghlgateway.credentials.RegisteredCallers.Registered;
import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.CallerKey;
import io.ghlgateway.tenancy.CallerRegistry;
import io.ghlgateway.tenancy.Secret;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Callers: listed, made, given another key, revoked. A key is said once, in the answer to who asked for it.
 *
 * @param registry where callers are looked up, the configured ones too
 */
record CallerApi(
        RegisteredCallers callers,
        CallerRegistry registry,
        Supplier<List<Caller>> configured,
        Supplier<Secret> keys,
        InstantSource clock) {

    static final String PATH = "/admin/v1/callers";

    private static final String ONE = PATH + "/:name";
    private static final long LONGEST_OVERLAP = Duration.ofDays(30).toSeconds();

    void mount(JsonRoutes routes) {
        routes.on(HttpMethod.GET, PATH, context -> list());
        routes.on(HttpMethod.POST, PATH, this::make);
        routes.on(HttpMethod.GET, ONE, this::show);
        routes.on(HttpMethod.DELETE, ONE, this::revoke);
        routes.on(HttpMethod.POST, ONE + "/rotate", this::rotate);
    }

    private Future<Answer> list() {
        var list = new JsonArray();
        configured.get().forEach(caller -> list.add(view(caller)));
        callers.all().values().forEach(registered -> list.add(view(registered)));
        return Future.succeededFuture(Answer.ok(new JsonObject().put("callers", list)));
    }

    private Future<Answer> show(RoutingContext context) {
        var name = JsonRoutes.name(context, "caller");
        var view = inConfiguration(name)
                .map(this::view)
                .or(() -> callers.find(name).map(this::view))
                .orElseThrow(() -> unknown(name));
        return Future.succeededFuture(Answer.ok(view));
    }

    private Future<Answer> make(RoutingContext context) {
        var caller = CallerForm.read(JsonRoutes.body(context));
        refuseConfigured(caller.name());
        long from = callers.generation(caller.name());
        if (callers.find(caller.name()).isPresent()) {
            throw Problem.of(
                    409,
                    "there is a caller '" + caller.name() + "' already; rotate its key, delete it or choose another"
                            + " name");
        }
        return keep(201, caller, Set.of(), from);
    }

    private Future<Answer> rotate(RoutingContext context) {
        var name = JsonRoutes.name(context, "caller");
        var fields = new Fields(JsonRoutes.bodyOrNothing(context), "overlap-seconds");
        var overlap = Duration.ofSeconds(
                fields.whole("overlap-seconds", 0, LONGEST_OVERLAP).orElse(0L));
        fields.check();
        refuseConfigured(name);
        long from = callers.generation(name);
        var registered = callers.find(name).orElseThrow(() -> unknown(name));
        return keep(200, registered.caller(), old(registered, overlap), from);
    }

    private Future<Answer> revoke(RoutingContext context) {
        var name = JsonRoutes.name(context, "caller");
        long from = callers.generation(name);
        if (callers.find(name).isEmpty()) {
            refuseConfigured(name);
            throw unknown(name);
        }
        return callers.remove(name, from).map(removed -> Answer.gone()); // one that the configuration overrules, too
    }

    /** The keys so far that are good for the overlap; none lives longer by it than it would have. */
    private Set<CallerKey> old(Registered registered, Duration overlap) {
        var now = clock.instant();
        var end = now.plus(overlap);
        var old = new HashSet<CallerKey>();
        for (var key : registered.keys()) {
            if (!overlap.isZero() && key.isGoodAt(now)) {
                old.add(key.until(Optional.of(key.expires().filter(end::isAfter).orElse(end))));
            }
        }
        return old;
    }

    private Future<Answer> keep(int status, Caller caller, Set<CallerKey> old, long from) {
        var key = keys.get();
        var all = new HashSet<>(old);
        all.add(CallerKey.of(key));
        var registered = new Registered(caller, all);
        return callers.put(registered, from)
                .map(kept -> Answer.of(status, view(registered).put("key", key.reveal())));
    }

    private Optional<Caller> inConfiguration(String name) {
        return configured.get().stream()
                .filter(caller -> caller.name().equals(name))
                .findFirst();
    }

    private void refuseConfigured(String name) {
        if (inConfiguration(name).isPresent()) {
            throw Problem.of(409, "caller '" + name + "' is configured; change it in the configuration (callers)");
        }
    }

    private static Problem unknown(String name) {
        return Problem.of(404, "there is no caller '" + name + "'");
    }

    private JsonObject view(Registered made) {
        return CallerView.of(made.caller(), made.keys(), registry::lastUsed, clock.instant(), false);
    }

    private JsonObject view(Caller configured) {
        return CallerView.of(configured, registry.keys(configured.name()), registry::lastUsed, clock.instant(), true);
    }
}
