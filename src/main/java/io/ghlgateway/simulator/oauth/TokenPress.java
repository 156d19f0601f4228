package io.ghlgateway.simulator.oauth;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Makes tokens that look like HighLevel's: RS256 tokens with its claims, whose signature is noise. Nobody may verify
 * them, since HighLevel publishes no keys.
 */
final class TokenPress {

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final int SIGNATURE = 256;

    private final RandomGenerator random;

    TokenPress(RandomGenerator random) {
        this.random = random;
    }

    String access(Installation installation, Instant now, Duration life) {
        return token(claims(installation, now, life)
                .put(
                        "oauthMeta",
                        new JsonObject()
                                .put("scopes", new JsonArray(installation.scopes()))
                                .put("client", installation.app().appId())
                                .put("versionId", installation.app().appId())
                                .put("clientKey", installation.app().clientId())
                                .put("agencyPlan", "agency_annual_497")));
    }

    String refresh(Installation installation, Instant now, Duration life) {
        return token(claims(installation, now, life).put("uniqueId", id()));
    }

    /** As long as HighLevel's authorization codes: 40 hexadecimal digits. */
    String code() {
        return hex(20);
    }

    /** A record's id as HighLevel's databases make them. */
    String id() {
        return hex(12);
    }

    private JsonObject claims(Installation installation, Instant now, Duration life) {
        return new JsonObject()
                .put("authClass", installation.type().toString())
                .put("authClassId", installation.resource())
                .put("primaryAuthClassId", installation.company().id())
                .put("source", "INTEGRATION")
                .put("sourceId", installation.app().clientId())
                .put("channel", "OAUTH")
                .put("iat", now.getEpochSecond())
                .put("exp", now.plus(life).getEpochSecond())
                .put("jti", new UUID(random.nextLong(), random.nextLong()).toString());
    }

    private String token(JsonObject claims) {
        byte[] signature = new byte[SIGNATURE];
        random.nextBytes(signature);
        return part("{\"alg\":\"RS256\",\"typ\":\"JWT\"}") + "." + part(claims.encode()) + "."
                + BASE64.encodeToString(signature);
    }

    private String hex(int bytes) {
        byte[] noise = new byte[bytes];
        random.nextBytes(noise);
        return HexFormat.of().formatHex(noise);
    }

    private static String part(String json) {
        return BASE64.encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
