package io.ghlgateway.simulator;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One scripted misbehaviour.
 *
 * @param method which calls it befalls; {@code *} all
 * @param path their path; {@code *} stands for one segment, {@code **} for any number
 * @param resource the location or company they count for; {@code *} all
 * @param times how many calls; -1 for ever
 * @param after how many matching calls are spared first
 * @param delay before it happens
 * @param status of {@code FAIL}
 * @param body of {@code FAIL} and {@code THROTTLE}; empty: what HighLevel sends
 */
record Fault(
        Kind kind,
        String method,
        Pattern path,
        String resource,
        int times,
        int after,
        Duration delay,
        int status,
        String body) {

    /** What happens to the call. */
    enum Kind {
        /** 429, whatever the quota. */
        THROTTLE,
        /** An error status from whatever stands before HighLevel. */
        FAIL,
        /** No answer; the connection stays open. */
        STALL,
        /** The connection is closed before a byte of the answer. */
        DROP,
        /** The connection is closed in the middle of the answer's body. */
        RESET,
        /** The token counts as rotated away. */
        REVOKE
    }

    private static final Set<String> FIELDS = Set.of("match", "kind", "times", "after", "delay", "status", "body");
    private static final Set<String> MATCHES = Set.of("method", "path", "resource");

    /** Reads {@code {"match": {…}, "kind": …, …}}; throws {@link IllegalArgumentException} that says what is wrong. */
    static Fault of(JsonObject json) {
        known(json, FIELDS);
        var match = json.getJsonObject("match", new JsonObject());
        known(match, MATCHES);
        int times = json.getInteger("times", 1);
        int after = json.getInteger("after", 0);
        if (times < -1 || after < 0) {
            throw new IllegalArgumentException("times is -1 (for ever) or more, and after is 0 or more");
        }
        return new Fault(
                kind(json.getString("kind", "")),
                match.getString("method", "*").toUpperCase(Locale.ROOT),
                pattern(match.getString("path", "**")),
                match.getString("resource", "*"),
                times,
                after,
                Quantities.duration(json.getString("delay", "0ms")),
                json.getInteger("status", 503),
                json.getString("body", ""));
    }

    boolean befalls(String callMethod, String callPath, String callResource) {
        return (method.equals("*") || method.equals(callMethod))
                && (resource.equals("*") || resource.equals(callResource))
                && path.matcher(callPath).matches();
    }

    private static Kind kind(String text) {
        return Arrays.stream(Kind.values())
                .filter(kind -> kind.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "kind '" + text + "' is none of throttle, fail, stall, drop, reset, revoke"));
    }

    private static Pattern pattern(String glob) {
        var regex = new StringBuilder();
        for (int i = 0; i < glob.length(); i++) {
            if (glob.startsWith("**", i)) {
                regex.append(".*");
                i++;
            } else if (glob.charAt(i) == '*') {
                regex.append("[^/]*");
            } else {
                regex.append(Pattern.quote(glob.substring(i, i + 1)));
            }
        }
        return Pattern.compile(regex.toString());
    }

    private static void known(JsonObject json, Set<String> fields) {
        for (var name : json.fieldNames()) {
            if (!fields.contains(name)) {
                throw new IllegalArgumentException(
                        "'" + name + "' is none of " + fields.stream().sorted().toList());
            }
        }
    }
}
