package io.ghlgateway.highlevel;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * For Jazzer: no body of a webhook or a caller makes anything throw that reads it; no webhook is genuine that nobody signed;
 * and a location that another parser finds in a caller's body is one that we found, or the body is refused.
 */
public final class BodyFuzzer {

    private static final EventCatalogue EVENTS = EventCatalogue.load();
    private static final Route CONTACT = RouteCatalogue.load().match(HttpMethod.POST, "/contacts/");
    private static final WebhookSignature SIGNATURE =
            new WebhookSignature(WebhookSignature.published(), Optional.of(Instant.MAX));

    private BodyFuzzer() {}

    /** @param data the body */
    public static void fuzzerTestOneInput(byte[] data) {
        WebhookMessage.read(data, EVENTS);
        forged(WebhookSignature.ED25519_HEADER, data);
        forged(WebhookSignature.RSA_HEADER, data);
        for (var coding : List.of("gzip", "deflate")) {
            TenantBody.read(CONTACT, "application/json", coding, Buffer.buffer(data));
        }
        TenantBody.read(CONTACT, "application/x-www-form-urlencoded", "", Buffer.buffer(data));
        var reading = TenantBody.read(CONTACT, "application/json", "", Buffer.buffer(data));
        var location = location(data);
        if (location.isPresent()
                && reading.problem().isEmpty()
                && reading.named().stream().noneMatch(named -> named.id().equals(location.get()))) {
            throw new AssertionError("names " + location.get() + " unseen");
        }
    }

    private static void forged(String header, byte[] body) {
        var text = new String(body, 0, Math.min(body.length, 1_000), StandardCharsets.ISO_8859_1);
        var headers = MultiMap.caseInsensitiveMultiMap().add(header, text.replaceAll("[\r\n]", ""));
        var claim = SIGNATURE.claim(headers, Instant.EPOCH);
        if (claim.worth() == WebhookSignature.Verdict.GENUINE
                && SIGNATURE.verify(claim, body) == WebhookSignature.Verdict.GENUINE) {
            throw new AssertionError("signed by nobody");
        }
    }

    private static Optional<String> location(byte[] body) {
        try {
            return Optional.ofNullable(new JsonObject(Buffer.buffer(body)).getValue("locationId"))
                    .filter(String.class::isInstance)
                    .map(String.class::cast)
                    .filter(id -> !id.isEmpty() && id.length() <= 64);
        } catch (DecodeException | ClassCastException noObject) {
            return Optional.empty();
        }
    }
}
