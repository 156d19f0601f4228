package io.ghlgateway.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a fault script as it is posted: a JSON array of {@code {"match": {"method", "path", "resource"}, "kind",
 * "times", "after", "delay", "as", "status", "body", "retryAfter", "commits"}}, of which only {@code kind} must be there. {@code as}
 * names an {@link EdgePage} or a {@link Wording}, of which {@code status} and {@code body} may replace a part. A fault strikes
 * once unless {@code times} says otherwise; -1 is always. A wrong or unknown field is an
 * {@link IllegalArgumentException} that says where it stands.
 */
final class FaultReader {

    private static final Set<String> FIELDS =
            Set.of("match", "kind", "times", "after", "delay", "as", "status", "body", "retryAfter", "commits");
    private static final Set<String> MATCH_FIELDS = Set.of("method", "path", "resource");

    private final String place;
    private final JsonObject json;

    private FaultReader(String place, JsonObject json, Set<String> fields) {
        this.place = place;
        this.json = json;
        Set<String> unknown = new TreeSet<>(json.fieldNames());
        unknown.removeAll(fields);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    place + ": unknown field " + unknown + "; known are " + new TreeSet<>(fields));
        }
    }

    static List<Fault> read(JsonArray script) {
        return IntStream.range(0, script.size())
                .mapToObj(index ->
                        new FaultReader("faults[" + index + "]", object(script.getValue(index), index), FIELDS).fault())
                .toList();
    }

    private static JsonObject object(@Nullable Object value, int index) {
        if (value instanceof JsonObject object) {
            return object;
        }
        throw new IllegalArgumentException("faults[" + index + "]: an object was expected, not " + value);
    }

    private Fault fault() {
        String name = text("kind", "");
        Fault.Kind kind = Spelling.find(Fault.Kind.values(), name)
                .orElseThrow(() -> noneOf("kind", name, Arrays.stream(Fault.Kind.values())));
        Optional<Wording> words = Spelling.find(Wording.values(), text("as", ""));
        EdgePage page = words.isPresent() ? EdgePage.UPSTREAM_CONNECT_ERROR : page();
        return new Fault(
                match(),
                kind,
                number("times", 1, Fault.ALWAYS, Integer.MAX_VALUE),
                number("after", 0, 0, Integer.MAX_VALUE),
                duration("delay"),
                number("status", words.map(Wording::status).orElse(page.status()), 200, 599),
                page.contentType(),
                text("body", page.body()),
                words.filter(named -> !json.containsKey("body")),
                duration("retryAfter"),
                commits(kind),
                words.isEmpty() && page.isBeforeHighLevel());
    }

    private EdgePage page() {
        String name = text("as", EdgePage.UPSTREAM_CONNECT_ERROR.toString());
        return Spelling.find(EdgePage.values(), name)
                .orElseThrow(() -> noneOf(
                        "as", name, Stream.concat(Arrays.stream(EdgePage.values()), Arrays.stream(Wording.values()))));
    }

    private IllegalArgumentException noneOf(String field, String name, Stream<? extends Enum<?>> known) {
        return new IllegalArgumentException(place + "." + field + ": \"" + name + "\" is none of "
                + known.map(Spelling::of).collect(Collectors.joining(", ")));
    }

    private Fault.Match match() {
        Object value = json.getValue("match", new JsonObject());
        if (!(value instanceof JsonObject object)) {
            throw new IllegalArgumentException(place + ".match: an object was expected, not " + value);
        }
        FaultReader match = new FaultReader(place + ".match", object, MATCH_FIELDS);
        return new Fault.Match(match.text("method", "*"), match.text("path", "**"), match.text("resource", "*"));
    }

    private boolean commits(Fault.Kind kind) {
        Object value = json.getValue("commits", false);
        if (!(value instanceof Boolean commits)) {
            throw wrong("commits", "true or false", value);
        }
        if (commits && kind != Fault.Kind.FAIL) {
            throw new IllegalArgumentException(place + ".commits: only a fail has it, not a " + kind);
        }
        return commits;
    }

    private String text(String field, String absent) {
        Object value = json.getValue(field, absent);
        if (value instanceof String text) {
            return text;
        }
        throw wrong(field, "a text", value);
    }

    private int number(String field, int absent, int least, int most) {
        Object value = json.getValue(field, absent);
        // 0 times is refused: a fault that never strikes would stay in the script for ever.
        if (value instanceof Integer number && number >= least && number <= most && (least >= 0 || number != 0)) {
            return number;
        }
        throw wrong(field, least < 0 ? "-1 (always) or a number from 1" : "a number from " + least, value);
    }

    private Duration duration(String field) {
        try {
            return Durations.parse(text(field, "0ms"));
        } catch (IllegalArgumentException unreadable) {
            throw new IllegalArgumentException(place + "." + field + ": " + unreadable.getMessage(), unreadable);
        }
    }

    private IllegalArgumentException wrong(String field, String right, @Nullable Object value) {
        return new IllegalArgumentException(place + "." + field + ": " + right + " was expected, not " + value);
    }
}
