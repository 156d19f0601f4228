package io.ghlgateway.simulator;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a call for tokens says, as a form or as JSON. Version 2 reads {@code client_id}; the third generation reads
 * {@code clientId} and, since its portal still shows it, the older spelling too.
 */
final class TokenCall {

    private static final Pattern WORDS = Pattern.compile("_([a-z])");

    private final Map<String, String> fields;
    private final boolean thirdGeneration;

    private TokenCall(Map<String, String> fields, boolean thirdGeneration) {
        this.fields = fields;
        this.thirdGeneration = thirdGeneration;
    }

    /** Empty where the body says that it is JSON and is none. */
    static Optional<TokenCall> read(Visit visit, ReceivedBody body) {
        String text = body.kept().map(kept -> kept.toString()).orElse("");
        boolean isJson = visit.header("Content-Type")
                .filter(type -> type.strip().toLowerCase(Locale.ROOT).startsWith("application/json"))
                .isPresent();
        try {
            Map<String, String> fields = isJson ? json(text) : form(text);
            return Optional.of(new TokenCall(fields, visit.voice().thirdGeneration()));
        } catch (DecodeException | IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    /** @param name in version 2's spelling; a blank value is none */
    Optional<String> text(String name) {
        Optional<String> older = held(name);
        return thirdGeneration ? held(camel(name)).or(() -> older) : older;
    }

    /** Version 2's spelling in the third generation's. */
    static String camel(String name) {
        return WORDS.matcher(name).replaceAll(word -> word.group(1).toUpperCase(Locale.ROOT));
    }

    private Optional<String> held(String name) {
        return Optional.ofNullable(fields.get(name)).filter(value -> !value.isBlank());
    }

    private static Map<String, String> json(String text) {
        Map<String, String> fields = new HashMap<>();
        if (!text.isBlank()) {
            new JsonObject(text).forEach(field -> {
                if (field.getValue() instanceof String value) {
                    fields.put(field.getKey(), value);
                }
            });
        }
        return fields;
    }

    private static Map<String, String> form(String text) {
        Map<String, String> fields = new HashMap<>();
        new QueryStringDecoder(text, StandardCharsets.UTF_8, false, 100, true)
                .parameters()
                .forEach((name, values) -> fields.put(name, values.get(0)));
        return fields;
    }
}
