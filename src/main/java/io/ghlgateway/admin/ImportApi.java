package io.ghlgateway.admin;

import io.ghlgateway.admin.Answer.Problem;
import io.ghlgateway.credentials.Onboarding;
import io.ghlgateway.credentials.RecordName;
import io.ghlgateway.credentials.RenewalSchedule;
import io.ghlgateway.credentials.Sealed;
import io.ghlgateway.credentials.TokenExport;
import io.ghlgateway.highlevel.GrantImport;
import io.ghlgateway.highlevel.OAuthClient;
import io.ghlgateway.tenancy.App;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Tokens that come from elsewhere and records that go elsewhere, these only as ciphertext. An export may be of many
 * megabytes: it is read, opened and written by worker threads, for the event loop carries the proxy door's traffic too.
 */
final class ImportApi {

    private static final int FORMAT = 1;
    /** An export of some ten thousand installations comes back whole. */
    private static final long MOST_BODY = 64 << 20;

    private final Onboarding onboarding;
    private final TokenExport exports;
    private final Map<App, OAuthClient> clients;
    private final InstallationView view;

    ImportApi(Onboarding onboarding, TokenExport exports, Map<App, OAuthClient> clients, RenewalSchedule schedule) {
        this.onboarding = onboarding;
        this.exports = exports;
        this.clients = Map.copyOf(clients);
        this.view = new InstallationView(schedule);
    }

    void mount(JsonRoutes routes) {
        routes.on(HttpMethod.POST, InstallationApi.PATH + "/import", MOST_BODY, this::take);
        routes.on(HttpMethod.POST, InstallationApi.PATH + "/export", this::export);
    }

    private Future<Answer> take(RoutingContext context) {
        return aside(context, () -> JsonRoutes.body(context))
                .compose(body -> body.containsKey("export")
                        ? aside(context, () -> restore(body)).compose(Function.identity())
                        : grant(body));
    }

    private static <T> Future<T> aside(RoutingContext context, Callable<T> work) {
        return context.vertx().executeBlocking(work, false);
    }

    private Future<Answer> grant(JsonObject body) {
        var fields = new Fields(body, "app", "token", "export");
        fields.required("app", "one of " + apps());
        fields.required("token", "HighLevel's own token JSON");
        var app = fields.app("app").map(App::new);
        var client = app.map(clients::get);
        if (app.isPresent() && client.isEmpty()) {
            fields.problem("app", "not configured; there are " + apps());
        }
        var read = fields.object("token").map(GrantImport::of);
        read.ifPresent(result -> result.problems().forEach(each -> fields.problem("token", each)));
        fields.check();
        return onboarding
                .take(client.orElseThrow(), read.flatMap(GrantImport::grant).orElseThrow(), false)
                .map(connected ->
                        Answer.created(view.of(connected.installation()).put("locations", connected.locations())));
    }

    private String apps() {
        return clients.isEmpty()
                ? "none (set apps)"
                : clients.keySet().stream().map(App::id).sorted().collect(Collectors.joining(", "));
    }

    private Future<Answer> export(RoutingContext context) {
        return exports.all()
                .compose(records -> aside(context, () -> {
                    var list = new JsonArray();
                    records.forEach(record -> list.add(new JsonObject()
                            .put("name", record.name().toString())
                            .put("generation", record.generation())
                            .put("sealed", Base64.getEncoder().encodeToString(record.bytes()))));
                    return Answer.ok(new JsonObject().put("format", FORMAT).put("records", list));
                }));
    }

    private Future<Answer> restore(JsonObject body) {
        var fields = new Fields(body, "export");
        var export = fields.object("export");
        fields.check();
        var inside = new Fields(
                export.orElseThrow(() -> Problem.of(400, "export: expected a JSON object")), "format", "records");
        inside.required("format", "1");
        inside.required("records", "the list that an export has");
        inside.whole("format", FORMAT, FORMAT);
        var records = records(inside);
        inside.check();
        return exports.restore(records)
                .map(counts -> Answer.ok(new JsonObject()
                        .put("records", records.size())
                        .put("written", counts.written())
                        .put("kept", counts.kept())
                        .put("unreadable", new JsonArray(counts.unreadable()))));
    }

    private static List<Sealed> records(Fields fields) {
        var records = new ArrayList<Sealed>();
        var list = fields.list("records").orElseGet(JsonArray::new);
        for (int at = 0; at < list.size(); at++) {
            var record = record(list.getValue(at));
            if (record.isPresent()) {
                records.add(record.get());
            } else {
                fields.problem("records[" + at + "]", "expected name (kind/id), generation and sealed (base64)");
            }
        }
        return records;
    }

    private static Optional<Sealed> record(Object value) {
        if (value instanceof JsonObject json
                && json.getValue("name") instanceof String name
                && json.getValue("generation") instanceof Number generation
                && generation.longValue() > 0
                && json.getValue("sealed") instanceof String sealed) {
            try {
                var bytes = Base64.getDecoder().decode(sealed);
                return RecordName.parse(name).map(known -> new Sealed(known, generation.longValue(), bytes));
            } catch (IllegalArgumentException malformed) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }
}
