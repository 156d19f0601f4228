package io.ghlgateway.simulator;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Webhooks as HighLevel would send them, of every documented type: flat as its pages show them, or in {@code data} as its guide. */
final class SampleEvents {

    private static final String RESOURCE = "webhook-types.txt";

    private final RandomGenerator random;
    private final List<String> types;

    SampleEvents(RandomGenerator random) {
        this.random = random;
        try (var stream = SampleEvents.class.getResourceAsStream(RESOURCE)) {
            if (stream == null) {
                throw new IllegalStateException(RESOURCE + " is not on the class path");
            }
            this.types = new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> types() {
        return types;
    }

    /** One of any type, of a location. */
    JsonObject any(String location, Instant now) {
        String type = types.get(random.nextInt(types.size()));
        JsonObject about = switch (type) {
            case "LocationCreate", "LocationUpdate" -> new JsonObject().put("id", location);
            // Those that install and uninstall are sent when something is installed or uninstalled.
            case "INSTALL", "UNINSTALL" -> new JsonObject().put("locationId", location);
            default ->
                new JsonObject()
                        .put("locationId", location)
                        .put("id", text())
                        .put("name", "Zoë " + random.nextInt(1_000));
        };
        String told = type.equals("INSTALL") || type.equals("UNINSTALL") ? "ContactUpdate" : type;
        JsonObject event = completed(new JsonObject().put("type", told), now);
        return random.nextBoolean() ? event.put("data", about) : event.mergeIn(about);
    }

    /** With what every webhook has, where it is not there yet; what is null is left out. */
    static JsonObject completed(JsonObject event, Instant now) {
        JsonObject whole = event.copy();
        if (!whole.containsKey("timestamp")) {
            whole.put("timestamp", now.toString());
        }
        if (!whole.containsKey("webhookId")) {
            whole.put("webhookId", UUID.randomUUID().toString());
        }
        whole.getMap().values().removeIf(Objects::isNull);
        return whole;
    }

    private String text() {
        return Long.toString(random.nextLong() >>> 1, 36);
    }
}
