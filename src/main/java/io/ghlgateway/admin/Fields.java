package io.ghlgateway.admin;

import io.ghlgateway.admin.Answer.Problem;
import io.ghlgateway.tenancy.Secret;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Reads an operator's JSON object field by field and remembers all that is wrong with it, to be said at once. Values that
 * are wrong are not repeated: one may be a token in the wrong place.
 */
final class Fields {

    static final String NAME = "a name of up to 128 letters, digits and any of '.', '-', '_', ':', '@'";
    static final String APP = "an app's name: letters, digits, '.', '-' and '_'";
    static final String ID = "HighLevel's id: letters, digits, '-' and '_'";

    private static final Predicate<String> IS_NAME =
            Pattern.compile("[A-Za-z0-9._:@-]{1,128}").asMatchPredicate();
    private static final Predicate<String> IS_APP =
            Pattern.compile("[A-Za-z0-9._-]{1,128}").asMatchPredicate();
    private static final Predicate<String> IS_ID =
            Pattern.compile("[A-Za-z0-9_-]{1,64}").asMatchPredicate();
    private static final Predicate<String> IS_SECRET =
            Pattern.compile("[!-~]{1,16384}").asMatchPredicate();
    private static final int MOST_SHOWN = 40;

    private final JsonObject json;
    private final List<String> problems = new ArrayList<>();

    /** @param known all the fields there are */
    Fields(JsonObject json, String... known) {
        this.json = json;
        var names = List.of(known);
        for (var name : json.fieldNames()) {
            if (!names.contains(name)) {
                problems.add("'" + shown(name) + "': unknown field; there are " + String.join(", ", names));
            }
        }
    }

    boolean has(String name) {
        return json.getValue(name) != null;
    }

    void problem(String field, String what) {
        problems.add(field + ": " + what);
    }

    /** Ends the reading: refuses with all that was wrong. */
    void check() {
        if (!problems.isEmpty()) {
            throw Problem.bad(problems);
        }
    }

    Optional<String> name(String field) {
        return text(field, NAME, IS_NAME);
    }

    Optional<String> app(String field) {
        return text(field, APP, IS_APP);
    }

    Optional<String> id(String field) {
        return text(field, ID, IS_ID);
    }

    Optional<Secret> secret(String field) {
        return text(field, "a token: visible ASCII characters, without blanks", IS_SECRET)
                .map(Secret::of);
    }

    /** An address of the web. */
    Optional<URI> webUrl(String field) {
        var expected = "an absolute http:// or https:// URL, without user and fragment";
        return text(field, expected, text -> {
                    try {
                        var uri = new URI(text);
                        return uri.getHost() != null
                                && uri.getPort() != 0
                                && uri.getPort() <= 65_535
                                && uri.getRawUserInfo() == null
                                && uri.getRawFragment() == null
                                && Set.of("http", "https").contains(uri.getScheme());
                    } catch (URISyntaxException noUrl) {
                        return false;
                    }
                })
                .map(URI::create);
    }

    void required(String field, String expected) {
        if (!has(field)) {
            problem(field, "missing; expected " + expected);
        }
    }

    Optional<JsonObject> object(String field) {
        return read(field, "a JSON object", JsonObject.class, any -> true);
    }

    Optional<JsonArray> list(String field) {
        return read(field, "a list", JsonArray.class, any -> true);
    }

    /**
     * A list of texts, each once. One that is there and empty is a slip: nothing would be allowed.
     *
     * @param expected of each
     */
    Set<String> words(String field, String expected, Predicate<String> right) {
        if (json.getValue(field) instanceof JsonArray list && list.isEmpty()) {
            problem(field, "none; each is expected to be " + expected);
        }
        return wordsOrNone(field, expected, right);
    }

    /** As {@link #words}, where an empty list says as little as none. */
    Set<String> wordsOrNone(String field, String expected, Predicate<String> right) {
        var words = new LinkedHashSet<String>();
        list(field)
                .ifPresent(items -> items.forEach(item -> {
                    if (item instanceof String text && right.test(text)) {
                        words.add(text);
                    } else {
                        problem(field, "each is expected to be " + expected);
                    }
                }));
        return words;
    }

    /** A whole number in these bounds. */
    Optional<Long> whole(String field, long least, long most) {
        return read(
                        field,
                        "a whole number from " + least + " to " + most,
                        Number.class,
                        number -> (number instanceof Integer || number instanceof Long)
                                && number.longValue() >= least
                                && number.longValue() <= most)
                .map(Number::longValue);
    }

    private Optional<String> text(String field, String expected, Predicate<String> right) {
        return read(field, expected, String.class, right);
    }

    private <T> Optional<T> read(String field, String expected, Class<T> type, Predicate<T> right) {
        var value = json.getValue(field);
        if (value == null) {
            return Optional.empty();
        }
        if (type.isInstance(value) && right.test(type.cast(value))) {
            return Optional.of(type.cast(value));
        }
        problem(field, "expected " + expected);
        return Optional.empty();
    }

    static boolean isName(String text) {
        return IS_NAME.test(text);
    }

    static boolean isApp(String text) {
        return IS_APP.test(text);
    }

    static boolean isId(String text) {
        return IS_ID.test(text);
    }

    private static String shown(String name) {
        var plain = name.replaceAll("[^ -~]", "?");
        return plain.length() > MOST_SHOWN ? plain.substring(0, MOST_SHOWN) + "…" : plain;
    }
}
