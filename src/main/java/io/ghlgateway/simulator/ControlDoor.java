package io.ghlgateway.simulator;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * The tester's door, under {@code /_simulator/}: no token, no latency, never counted.
 *
 * <ul>
 *   <li>{@code GET stats}: what was accepted and refused, in all and for each resource;
 *   <li>{@code POST reset}: forgets counts, windows, records and faults; with {@code ?oauth=true} also what apps were
 *       installed and which tokens they have;
 *   <li>{@code GET oauth}: what each installation's tokens have seen; {@code POST} changes it, see {@link OAuthControl};
 *   <li>{@code POST faults}: adds to the script, see {@link FaultReader}; {@code GET} says what is left of it, {@code
 *       DELETE} clears it.
 *   <li>{@code GET webhooks}: the public keys, and what was sent; {@code POST} sends some, see {@link WebhookEmitter};
 *   <li>{@code POST inbox}: takes a delivery; {@code PUT} with {@code {"fails": share}} has it fail; {@code GET} says what came.
 * </ul>
 */
final class ControlDoor {

    static final String PATHS = "/_simulator/";

    private final Quotas quotas;
    private final FaultScript faults;
    private final Records records;
    private final OAuthControl oauth;
    private final WebhookEmitter webhooks;
    private final WebhookInbox inbox;

    ControlDoor(
            Quotas quotas,
            FaultScript faults,
            Records records,
            OAuthControl oauth,
            WebhookEmitter webhooks,
            WebhookInbox inbox) {
        this.quotas = quotas;
        this.faults = faults;
        this.records = records;
        this.oauth = oauth;
        this.webhooks = webhooks;
        this.inbox = inbox;
    }

    void handle(HttpServerRequest request) {
        ReceivedBody.read(request)
                .compose(body -> answered(request, body))
                .recover(defect -> Future.succeededFuture(refusal(500, String.valueOf(defect))))
                .compose(answer -> answer.sendTo(request.response()))
                .onFailure(gone -> request.connection().close());
    }

    private Future<Answer> answered(HttpServerRequest request, ReceivedBody body) {
        if ((request.method().name() + " " + Visit.path(request)).equals("POST " + PATHS + "webhooks")) {
            return webhooks.obey(body.json().orElseGet(JsonObject::new))
                    .map(done -> Answer.json(200, done))
                    .recover(wrong -> Future.succeededFuture(refusal(400, wrong.getMessage())));
        }
        return Future.succeededFuture(answer(request, body));
    }

    private Answer answer(HttpServerRequest request, ReceivedBody body) {
        String asked = request.method().name() + " " + Visit.path(request);
        return switch (asked) {
            case "GET " + PATHS + "stats" -> Answer.json(200, quotas.stats().toJson());
            case "POST " + PATHS + "reset" ->
                reset(String.valueOf(request.query()).matches("(.*&)?oauth=true(&.*)?"));
            case "POST " + PATHS + "faults" -> script(body);
            case "GET " + PATHS + "faults" ->
                new Answer(200, "application/json", faults.toJson().toBuffer());
            case "DELETE " + PATHS + "faults" -> cleared();
            case "GET " + PATHS + "oauth" -> Answer.json(200, oauth.state());
            case "POST " + PATHS + "oauth" -> ordered(body);
            case "GET " + PATHS + "webhooks" -> Answer.json(200, webhooks.state());
            case "GET " + PATHS + "inbox" -> Answer.json(200, inbox.state());
            case "PUT " + PATHS + "inbox" ->
                Answer.json(
                        200,
                        inbox.failing(body.json()
                                .map(order -> order.getDouble("fails", 0.0))
                                .orElse(0.0)));
            case "POST " + PATHS + "inbox" ->
                Answer.json(inbox.deliver(String.valueOf(request.getHeader("webhook-id"))), new JsonObject());
            default ->
                refusal(
                        404,
                        "no " + asked
                                + " here: GET stats, POST reset, GET, POST or DELETE faults, GET or POST oauth, GET or POST webhooks, GET, PUT or POST inbox, under "
                                + PATHS);
        };
    }

    private Answer reset(boolean oauthToo) {
        quotas.reset();
        records.clear();
        faults.clear();
        oauth.reset(oauthToo);
        return Answer.json(200, new JsonObject().put("reset", true));
    }

    private Answer ordered(ReceivedBody body) {
        Optional<JsonObject> order = body.json();
        if (order.isEmpty()) {
            return refusal(400, "a JSON object was expected, such as {\"pause\": {\"location\": \"L\"}}");
        }
        try {
            return Answer.json(200, oauth.obey(order.get()));
        } catch (IllegalArgumentException wrong) {
            return refusal(400, wrong.getMessage());
        }
    }

    private Answer cleared() {
        faults.clear();
        return Answer.json(200, new JsonObject().put("faults", 0));
    }

    private Answer script(ReceivedBody body) {
        try {
            JsonArray script = body.kept().map(JsonArray::new).orElseGet(JsonArray::new);
            faults.add(FaultReader.read(script));
            return Answer.json(
                    200, new JsonObject().put("faults", faults.toJson().size()));
        } catch (DecodeException notAnArray) {
            return refusal(400, "a JSON array of faults was expected, such as [{\"kind\": \"throttle\"}]");
        } catch (IllegalArgumentException wrong) {
            return refusal(400, wrong.getMessage());
        }
    }

    private static Answer refusal(int status, String message) {
        return Answer.json(status, new JsonObject().put("statusCode", status).put("message", message));
    }

    /** Whether a call is for this door. */
    static boolean isMeant(HttpServerRequest request) {
        return Visit.path(request).startsWith(PATHS);
    }
}
