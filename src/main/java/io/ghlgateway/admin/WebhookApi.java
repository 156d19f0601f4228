package io.ghlgateway.admin;

import io.ghlgateway.admin.Answer.Problem;
import io.ghlgateway.admin.WebhookDesk.Letter;
import io.ghlgateway.admin.WebhookDesk.Subscription;
import io.ghlgateway.tenancy.Secret;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * Webhooks: who subscribes, what waits for whom, what died and may be tried again. A secret is said once, if it was made here.
 *
 * @param random for secrets: a {@link java.security.SecureRandom} but in tests
 */
public record WebhookApi(WebhookDesk desk, RandomGenerator random) {

    static final String PATH = "/admin/v1/subscribers";
    private static final String OVERVIEW = "/admin/v1/webhooks";

    private static final String ONE = PATH + "/:name";
    private static final int MOST_LETTERS = 1_000;
    private static final int SECRET_BYTES = 32;
    private static final Predicate<String> IS_PATTERN =
            Pattern.compile("[A-Za-z0-9._:@*-]{1,128}").asMatchPredicate();

    /** The same paths where there is no app that HighLevel could send any for. */
    static void refuse(Router router) {
        JsonRoutes.refuse(
                router, "there are no webhooks, for no app is configured: set apps", PATH + "*", OVERVIEW + "*");
    }

    /** Behind whatever guards the router. */
    void mount(Router router) {
        var routes = new JsonRoutes(router);
        routes.on(HttpMethod.GET, OVERVIEW, context -> overview());
        routes.on(HttpMethod.GET, PATH, context -> list());
        routes.on(HttpMethod.POST, PATH, this::make);
        routes.on(HttpMethod.GET, ONE, this::show);
        routes.on(HttpMethod.PUT, ONE, this::change);
        routes.on(HttpMethod.DELETE, ONE, this::remove);
        routes.on(HttpMethod.GET, ONE + "/dead", this::dead);
        routes.on(HttpMethod.POST, ONE + "/replay", this::replay);
    }

    private Future<Answer> overview() {
        var received = new JsonObject();
        desk.received().forEach(received::put);
        var unknown = new JsonObject();
        desk.unknownTypes().forEach(unknown::put);
        return views().map(views -> Answer.ok(new JsonObject()
                .put("received", received)
                .put("unknown_types", unknown)
                .put("subscribers", views)));
    }

    private Future<Answer> list() {
        return views().map(views -> Answer.ok(new JsonObject().put("subscribers", views)));
    }

    private Future<JsonArray> views() {
        var views = new ArrayList<Future<JsonObject>>();
        desk.all().forEach(subscription -> views.add(view(subscription)));
        views.add(own());
        return Future.all(views).map(all -> new JsonArray(all.<JsonObject>list()));
    }

    /** The gateway's own line: what it does itself with what tells of installations. */
    private Future<JsonObject> own() {
        return withLine(new JsonObject().put("name", desk.own()).put("own", true), desk.own());
    }

    private Future<JsonObject> view(Subscription subscription) {
        var view = new JsonObject()
                .put("name", subscription.name())
                .put("url", subscription.url().toString())
                .put("types", new JsonArray(subscription.types()))
                .put("tenants", new JsonArray(subscription.tenants()))
                .put("configured", desk.isConfigured(subscription.name()));
        return withLine(view, subscription.name());
    }

    private Future<JsonObject> withLine(JsonObject view, String name) {
        return desk.line(name).map(line -> {
            view.put("waiting", line.waiting()).put("dead", line.dead());
            line.oldest().ifPresent(oldest -> view.put("oldest", oldest.toString()));
            return view;
        });
    }

    private Future<Answer> show(RoutingContext context) {
        var name = name(context);
        var view = name.equals(desk.own()) ? own() : view(desk.find(name).orElseThrow(() -> unknown(name)));
        return view.map(Answer::ok);
    }

    private Future<Answer> make(RoutingContext context) {
        var fields = fields(JsonRoutes.body(context));
        fields.required("name", Fields.NAME);
        var name = fields.name("name");
        name.filter(desk.own()::equals).ifPresent(taken -> fields.problem("name", "the gateway itself has it"));
        long from = name.map(desk::generation).orElse(0L);
        var read = read(fields, name.orElse("unnamed"));
        if (desk.find(read.name()).isPresent()) {
            throw Problem.of(409, "there is a subscriber '" + read.name() + "' already; change it, or delete it");
        }
        return keep(201, read, fields.secret("secret"), from);
    }

    private Future<Answer> change(RoutingContext context) {
        var name = name(context);
        refuseConfigured(name);
        long from = desk.generation(name);
        var fields = fields(JsonRoutes.body(context));
        if (fields.has("name") && !fields.name("name").equals(Optional.of(name))) {
            fields.problem("name", "is in the path, and cannot be changed");
        }
        if (name.equals(desk.own())) {
            fields.problem("name", "the gateway itself has it");
        }
        boolean isNew = desk.find(name).isEmpty();
        var read = read(fields, name);
        var secret = fields.secret("secret");
        return isNew || secret.isPresent()
                ? keep(isNew ? 201 : 200, read, secret, from)
                : desk.change(read, from).compose(kept -> view(read)).map(Answer::ok);
    }

    private static Fields fields(JsonObject body) {
        return new Fields(body, "name", "url", "secret", "types", "tenants");
    }

    private Subscription read(Fields fields, String name) {
        fields.required("url", "where it is posted to");
        var url = fields.webUrl("url");
        var types = patterns(fields, "types");
        var tenants = patterns(fields, "tenants");
        fields.secret("secret").flatMap(desk::wrongWith).ifPresent(wrong -> fields.problem("secret", wrong));
        fields.check();
        return new Subscription(name, url.orElseThrow(), types, tenants);
    }

    /** Every one where none is listed. */
    private static List<String> patterns(Fields fields, String field) {
        var patterns = fields.wordsOrNone(field, "a name, with '*' for any part of it", IS_PATTERN);
        return patterns.isEmpty() ? List.of("*") : List.copyOf(patterns);
    }

    private Future<Answer> keep(int status, Subscription read, Optional<Secret> given, long from) {
        var secret = given.orElseGet(this::made);
        return desk.put(read, secret, from).compose(kept -> view(read)).map(view -> {
            if (given.isEmpty()) {
                view.put("secret", secret.reveal());
            }
            return Answer.of(status, view);
        });
    }

    private Secret made() {
        var bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return Secret.of("whsec_" + Base64.getEncoder().encodeToString(bytes));
    }

    private Future<Answer> remove(RoutingContext context) {
        var name = name(context);
        refuseConfigured(name);
        long from = desk.generation(name);
        var removed = desk.find(name).isPresent() ? desk.remove(name, from) : forget(name);
        return removed.map(gone -> Answer.gone());
    }

    private Future<Void> forget(String name) {
        return desk.line(name).compose(line -> {
            if (line.waiting() + line.dead() == 0) {
                throw unknown(name);
            }
            return desk.forget(name);
        });
    }

    private Future<Answer> dead(RoutingContext context) {
        int from = number(context, "from", 0, Integer.MAX_VALUE - MOST_LETTERS);
        int most = number(context, "most", 100, MOST_LETTERS);
        return desk.dead(known(context), from, most)
                .map(letters -> Answer.ok(new JsonObject()
                        .put(
                                "dead",
                                new JsonArray(
                                        letters.stream().map(WebhookApi::view).toList()))));
    }

    private static JsonObject view(Letter letter) {
        var view = new JsonObject()
                .put("id", letter.id())
                .put("app", letter.app())
                .put("type", letter.type())
                .put("received", letter.received().toString())
                .put("buried", letter.buried().toString())
                .put("attempts", letter.attempts())
                .put("why", letter.why());
        letter.resource().ifPresent(resource -> view.put("resource", resource));
        return view;
    }

    private Future<Answer> replay(RoutingContext context) {
        var fields = new Fields(JsonRoutes.bodyOrNothing(context), "id");
        var id = fields.name("id");
        fields.check();
        return desk.replay(known(context), id).map(count -> {
            if (id.isPresent() && count == 0) {
                throw Problem.of(404, "there is no dead letter of this id");
            }
            return Answer.ok(new JsonObject().put("replayed", count));
        });
    }

    private static int number(RoutingContext context, String name, int otherwise, int most) {
        var text = context.queryParams().get(name);
        if (text == null) {
            return otherwise;
        }
        if (text.matches("[0-9]{1,9}") && Integer.parseInt(text) <= most) {
            return Integer.parseInt(text);
        }
        throw Problem.of(400, name + ": expected a whole number up to " + most);
    }

    private static String name(RoutingContext context) {
        return JsonRoutes.name(context, "subscriber");
    }

    /** One who has a line. */
    private String known(RoutingContext context) {
        var name = name(context);
        if (!name.equals(desk.own()) && desk.find(name).isEmpty()) {
            throw unknown(name);
        }
        return name;
    }

    private void refuseConfigured(String name) {
        if (desk.isConfigured(name)) {
            throw Problem.of(
                    409, "subscriber '" + name + "' is configured; change it in the configuration (subscribers)");
        }
    }

    private static Problem unknown(String name) {
        return Problem.of(404, "there is no subscriber '" + name + "'");
    }
}
