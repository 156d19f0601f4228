package io.ghlgateway.simulator;

import java.time.Duration;
import java.util.regex.Pattern;

/** The small notations of the command line: {@code 250ms}, {@code 40ms..120ms}, {@code 20/1s}. */
public final class Quantities {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,12})(ms|s|m|h)");

    private Quantities() {}

    /** A latency between two bounds, both included. */
    public record Range(Duration least, Duration most) {

        public Range {
            if (least.compareTo(most) > 0) {
                throw new IllegalArgumentException(
                        "a range goes from the lesser to the greater: " + least + ".." + most);
            }
        }
    }

    /** So many calls in so much time. */
    public record Rate(int max, Duration interval) {}

    public static Duration duration(String text) {
        var matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no duration; write 250ms, 10s, 3m or 1h");
        }
        long n = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(n);
            case "s" -> Duration.ofSeconds(n);
            case "m" -> Duration.ofMinutes(n);
            default -> Duration.ofHours(n);
        };
    }

    public static Range range(String text) {
        int dots = text.indexOf("..");
        return dots < 0
                ? new Range(duration(text), duration(text))
                : new Range(duration(text.substring(0, dots)), duration(text.substring(dots + 2)));
    }

    public static Rate rate(String text) {
        int slash = text.indexOf('/');
        if (slash < 1 || !text.substring(0, slash).matches("\\d{1,9}")) {
            throw new IllegalArgumentException("'" + text + "' is no rate; write 20/1s");
        }
        return new Rate(Integer.parseInt(text.substring(0, slash)), duration(text.substring(slash + 1)));
    }
}
