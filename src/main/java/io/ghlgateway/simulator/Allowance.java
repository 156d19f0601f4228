package io.ghlgateway.simulator;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * So many calls in so long: {@code 100/10s}.
 *
 * @param max 1 to 100,000 calls
 * @param interval 1 ms to 1 h; with {@code max} in these bounds the windows' arithmetic is exact in a {@code long}
 */
public record Allowance(int max, Duration interval) {

    private static final Pattern FORM = Pattern.compile("(\\d{1,6})/(.+)");

    public Allowance {
        if (max < 1 || max > 100_000) {
            throw new IllegalArgumentException("a window takes 1 to 100000 calls, not " + max);
        }
        if (interval.compareTo(Duration.ofMillis(1)) < 0 || interval.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("a window lasts 1ms to 1h, not " + interval.toMillis() + "ms");
        }
    }

    /** @throws IllegalArgumentException naming what was seen and what would be right */
    public static Allowance parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no window: write calls/duration, such as 20/1s");
        }
        return new Allowance(Integer.parseInt(form.group(1)), Durations.parse(form.group(2)));
    }
}
