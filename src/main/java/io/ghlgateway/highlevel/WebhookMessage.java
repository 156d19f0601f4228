package io.ghlgateway.highlevel;

import io.ghlgateway.tenancy.Resource;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A webhook's body as far as the gateway reads it. Its fields are flat, or nested in {@code data}: both are documented,
 * and both are looked at. Whatever is missing or strange is left out, never refused: a new form is HighLevel's to choose.
 *
 * @param type empty where there is none: some pages of the documentation show none
 * @param id HighLevel's {@code webhookId}, if it is one that can stand in a header
 * @param resource the location or company it is about
 * @param appId of the app it was sent for; only events about installations name it
 * @param fields the whole, for who knows the type; empty where the body is no JSON object
 */
public record WebhookMessage(
        String type,
        Optional<String> id,
        Optional<Instant> timestamp,
        Optional<Resource> resource,
        Optional<String> appId,
        JsonObject fields) {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,128}");
    private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final String COMPANY = "companyId";

    public static WebhookMessage read(byte[] body, EventCatalogue catalogue) {
        var fields = JsonText.object(Buffer.buffer(body)).orElseGet(JsonObject::new);
        var type = text(fields, "type").filter(TYPE.asMatchPredicate()).orElse("");
        return new WebhookMessage(
                type,
                text(fields, "webhookId").filter(ID.asMatchPredicate()),
                text(fields, "timestamp").flatMap(WebhookMessage::instant),
                resource(fields, catalogue.tenantFields(type)),
                text(fields, "appId"),
                fields);
    }

    /** A text of this name, flat or in {@code data}. */
    public Optional<String> text(String name) {
        return text(fields, name);
    }

    /** A text of this name that stands in the body itself, and not in {@code data}. */
    public Optional<String> flat(String name) {
        return Optional.ofNullable(fields.getValue(name))
                .filter(String.class::isInstance)
                .map(String.class::cast);
    }

    private static Optional<String> text(JsonObject fields, String name) {
        return values(fields, name)
                .filter(value -> value instanceof String text && !text.isBlank())
                .map(String.class::cast)
                .findFirst();
    }

    /** The first that is there counts: one that is there and names nobody is not passed over for a whole company. */
    private static Optional<Resource> resource(JsonObject fields, List<String> names) {
        return names.stream()
                .filter(name -> isThere(fields, name))
                .findFirst()
                .flatMap(name -> text(fields, name)
                        .filter(Resource::isId)
                        .map(id -> name.equals(COMPANY) ? Resource.company(id) : Resource.location(id)));
    }

    private static boolean isThere(JsonObject fields, String name) {
        return values(fields, name).anyMatch(Objects::nonNull);
    }

    /** What stands under this name, flat and in {@code data}; null for nothing. */
    private static Stream<@Nullable Object> values(JsonObject fields, String name) {
        return Stream.of(
                fields.getValue(name), fields.getValue("data") instanceof JsonObject data ? data.getValue(name) : null);
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException another) {
            return Optional.empty();
        }
    }
}
