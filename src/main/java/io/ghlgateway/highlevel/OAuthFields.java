package io.ghlgateway.highlevel;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The fields of a token endpoint's answer, which HighLevel writes in snake case or, since v3, in camel case. They are
 * asked for in snake case; a field that is written in both ways and says two things says nothing. Pure.
 */
record OAuthFields(JsonObject answer) {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    /** What may stand in a header field. */
    private static final Pattern TOKEN = Pattern.compile("[!-~]{1,16384}");

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,18}([.][0-9]{1,18})?");
    private static final Pattern WORD_START = Pattern.compile("_([a-z])");

    Optional<String> text(String name) {
        return value(name, String.class).filter(text -> !text.isEmpty());
    }

    /** A location's, company's or user's id, well-formed. */
    Optional<String> id(String name) {
        return text(name).filter(text -> ID.matcher(text).matches());
    }

    Optional<String> token(String name) {
        return text(name).filter(OAuthFields::isToken);
    }

    /** Whether this can be sent as a token. */
    static boolean isToken(String text) {
        return TOKEN.matcher(text).matches();
    }

    /** Also one that is written as a text. */
    Optional<Number> number(String name) {
        return value(name, Number.class)
                .or(() -> text(name)
                        .filter(text -> NUMBER.matcher(text).matches())
                        .map(BigDecimal::new));
    }

    /** Whether there is anything under this name, be it two things or nonsense; null and an empty text are nothing. */
    boolean isSaid(String name) {
        return Stream.of(name, camel(name)).map(answer::getValue).anyMatch(value -> value != null && !"".equals(value));
    }

    boolean denies(String name) {
        return value(name, Boolean.class).filter(said -> !said).isPresent();
    }

    Optional<JsonArray> list(String name) {
        return value(name, JsonArray.class);
    }

    Optional<OAuthFields> object(String name) {
        return value(name, JsonObject.class).map(OAuthFields::new);
    }

    /** Empty where it is of another type. */
    private <T> Optional<T> value(String name, Class<T> type) {
        var one = answer.getValue(name);
        var other = answer.getValue(camel(name));
        if (one != null && other != null && !one.equals(other)) {
            return Optional.empty();
        }
        return Optional.ofNullable(one != null ? one : other)
                .filter(type::isInstance)
                .map(type::cast);
    }

    private static String camel(String name) {
        return WORD_START.matcher(name).replaceAll(start -> start.group(1).toUpperCase(Locale.ROOT));
    }
}
