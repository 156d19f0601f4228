package io.ghlgateway.simulator;

import io.ghlgateway.simulator.oauth.Installation;
import io.ghlgateway.simulator.oauth.TokenPair;
import io.ghlgateway.simulator.oauth.UserType;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** A pair of tokens as HighLevel writes it; the third generation spells all names in camel case. */
final class TokenJson {

    static final String USER = "simulatedUser1";
    static final String PLAN = "simulatedPlan1";

    private TokenJson() {}

    /** What {@code /oauth/token} answers. */
    static JsonObject of(TokenPair pair, boolean thirdGeneration) {
        Installation installation = pair.installation();
        boolean bulk = installation.type() == UserType.COMPANY;
        List<String> approved = installation
                .location()
                .map(List::of)
                .orElseGet(() -> installation.company().locations());
        return common(pair, thirdGeneration)
                .put("refreshTokenId", pair.refreshTokenId())
                .put("approvedLocations", new JsonArray(approved))
                .put("isBulkInstallation", bulk)
                .put("installToFutureLocations", bulk)
                .put("approveAllLocations", bulk);
    }

    /** What {@code /oauth/locationToken} answers. */
    static JsonObject ofLocation(TokenPair pair, boolean thirdGeneration) {
        String appId = pair.installation().app().appId();
        return common(pair, thirdGeneration).put("appId", appId).put("versionId", appId);
    }

    private static JsonObject common(TokenPair pair, boolean thirdGeneration) {
        Installation installation = pair.installation();
        JsonObject json = new JsonObject();
        put(json, "access_token", pair.accessToken(), thirdGeneration);
        put(json, "token_type", "Bearer", thirdGeneration);
        put(json, "expires_in", pair.life().toSeconds(), thirdGeneration);
        put(json, "refresh_token", pair.refreshToken(), thirdGeneration);
        json.put("scope", String.join(" ", installation.scopes()))
                .put("userType", installation.type().toString())
                .put("companyId", installation.company().id());
        installation.location().ifPresent(location -> json.put("locationId", location));
        return json.put("userId", USER).put("planId", PLAN);
    }

    private static void put(JsonObject json, String name, Object value, boolean thirdGeneration) {
        json.put(thirdGeneration ? TokenCall.camel(name) : name, value);
    }
}
