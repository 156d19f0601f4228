package io.ghlgateway.simulator;

import io.ghlgateway.simulator.oauth.App;
import io.ghlgateway.simulator.oauth.Denial;
import io.ghlgateway.simulator.oauth.Marketplace;
import io.ghlgateway.simulator.oauth.Ruling;
import io.ghlgateway.simulator.oauth.TokenPair;
import io.ghlgateway.simulator.oauth.UserType;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * {@code POST /oauth/token} and {@code POST /oauth/reconnect}: an app proves itself by its client id and secret, and no
 * quota is spent. A request takes effect when all of it has come, whatever becomes of its answer.
 *
 * <p>Faults are matched by the company or location that the code, refresh token or reconnect is for. Dropped, reset and
 * stalled calls have taken effect; failed ones have only where the fault {@code commits}; throttled and revoked ones (400,
 * as for a dead token) never have.
 *
 * <p>Chosen here, since HighLevel's own is not known: the words for a wrong client, a redirect URI that is not the
 * code's and an app that is not installed; and that a {@code user_type} must be one of the two, but does not change
 * whose tokens are given.
 */
final class TokenDoor {

    private static final String TOKEN = "POST /oauth/token";
    private static final String RECONNECT = "POST /oauth/reconnect";

    private final Marketplace marketplace;
    private final FaultScript faults;
    private final Quotas quotas;
    private final Delivery delivery;
    private final TokenTraffic traffic;

    TokenDoor(Marketplace marketplace, FaultScript faults, Quotas quotas, Delivery delivery, TokenTraffic traffic) {
        this.marketplace = marketplace;
        this.faults = faults;
        this.quotas = quotas;
        this.delivery = delivery;
        this.traffic = traffic;
    }

    boolean isMeant(Visit visit) {
        return marketplace.hasApps() && Set.of(TOKEN, RECONNECT).contains(asked(visit));
    }

    void handle(Visit visit) {
        if (asked(visit).equals(TOKEN)) {
            traffic.begin(visit.request().response());
        }
        visit.body()
                .onSuccess(body -> TokenCall.read(visit, body)
                        .ifPresentOrElse(
                                call -> strikeOrAnswer(visit, call),
                                () -> delivery.reply(visit, visit.refusal(400, "Unexpected token in JSON"))));
    }

    private void strikeOrAnswer(Visit visit, TokenCall call) {
        Optional<Fault> fault = faults.strike(visit.method(), visit.path(), resource(call));
        if (fault.isPresent()) {
            quotas.faultStruck();
            misbehave(visit, call, fault.get());
        } else {
            delivery.reply(visit, answer(visit, call));
        }
    }

    private void misbehave(Visit visit, TokenCall call, Fault fault) {
        Duration delay = fault.delay().isZero() ? delivery.usual() : fault.delay();
        Answer outcome =
                takesEffect(fault) ? answer(visit, call) : wrong(visit, Denial.REFRESH_TOKEN_INVALID.message());
        switch (fault.kind()) {
            case THROTTLE -> delivery.reply(visit, delay, fault.tooMany(visit));
            case FAIL -> delivery.reply(visit, delay, fault.failure(visit));
            case DROP -> delivery.drop(visit, delay);
            case RESET -> delivery.sendHalf(visit, delivery.pause(delay).map(outcome));
            case REVOKE -> delivery.reply(visit, delay, outcome);
            case STALL -> {
                // Without a delay the caller waits until it gives up.
                if (!fault.delay().isZero()) {
                    delivery.reply(visit, delay, outcome);
                }
            }
        }
    }

    private static boolean takesEffect(Fault fault) {
        return switch (fault.kind()) {
            case DROP, RESET, STALL -> true;
            case FAIL -> fault.commits();
            case THROTTLE, REVOKE -> false;
        };
    }

    private String resource(TokenCall call) {
        return call.text("refresh_token")
                .or(() -> call.text("code"))
                .flatMap(marketplace::resourceOf)
                .or(() -> call.text("locationId"))
                .or(() -> call.text("companyId"))
                .orElse("");
    }

    private Answer answer(Visit visit, TokenCall call) {
        if (asked(visit).equals(RECONNECT)) {
            return reconnect(visit, call);
        }
        Optional<String> clientId = call.text("client_id");
        Optional<String> secret = call.text("client_secret");
        Optional<String> grantType = call.text("grant_type");
        if (clientId.isEmpty() || secret.isEmpty() || grantType.isEmpty()) {
            return wrong(
                    visit,
                    "Missing parameter: "
                            + (clientId.isEmpty() ? "clientId" : secret.isEmpty() ? "clientSecret" : "grantType"));
        }
        if (call.text("user_type").filter(type -> UserType.of(type).isEmpty()).isPresent()) {
            return wrong(visit, "Invalid parameter: userType");
        }
        return marketplace
                .client(clientId.get(), secret.get())
                .map(app -> granted(visit, call, app, grantType.get()))
                .orElseGet(() -> wrong(visit, "Invalid client: client is invalid"));
    }

    private Answer granted(Visit visit, TokenCall call, App app, String grantType) {
        return switch (grantType) {
            case "authorization_code" ->
                call.text("code")
                        .map(code -> answer(visit, marketplace.exchange(app, code, call.text("redirect_uri"))))
                        .orElseGet(() -> wrong(visit, "Missing parameter: code"));
            case "refresh_token" ->
                call.text("refresh_token")
                        .map(token -> answer(visit, marketplace.refresh(app, token)))
                        .orElseGet(() -> wrong(visit, "Missing parameter: refreshToken"));
            default -> wrong(visit, "Invalid parameter: grantType");
        };
    }

    private static Answer answer(Visit visit, Ruling ruling) {
        if (ruling instanceof TokenPair pair) {
            return visit.voice().json(200, TokenJson.of(pair, visit.voice().thirdGeneration()));
        }
        return wrong(visit, ((Denial) ruling).message());
    }

    private Answer reconnect(Visit visit, TokenCall call) {
        if (!marketplace.reconnects()) {
            return visit.refusal(404, "Cannot POST " + visit.path());
        }
        Optional<App> app = call.text("clientKey")
                .flatMap(key -> call.text("clientSecret").flatMap(secret -> marketplace.client(key, secret)));
        Optional<String> resource = call.text("locationId").or(() -> call.text("companyId"));
        if (app.isEmpty()) {
            return wrong(visit, "Invalid client: client is invalid");
        }
        if (resource.isEmpty()) {
            return wrong(visit, "Missing parameter: locationId");
        }
        return marketplace
                .reconnect(app.get(), resource.get())
                .map(code -> visit.voice()
                        .json(
                                200,
                                new JsonObject()
                                        .put("authorizationCode", code.text())
                                        .put("expiresAt", code.expires().toString())))
                .orElseGet(() -> wrong(visit, Denial.NOT_INSTALLED.message()));
    }

    /** The plain form in both generations, as the third one's examples show. */
    private static Answer wrong(Visit visit, String message) {
        return visit.voice().json(400, new JsonObject().put("statusCode", 400).put("message", message));
    }

    private static String asked(Visit visit) {
        return visit.method() + " " + visit.path();
    }
}
