package io.ghlgateway.highlevel;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a reply of HighLevel says of the quota: its six {@code X-RateLimit-*} headers, each absent when it was not sent
 * or was no sensible number. {@code X-RateLimit-Daily-Reset} is a duration in milliseconds; one longer than a day is not
 * believed.
 */
public record RateHeaders(
        OptionalInt max,
        OptionalInt remaining,
        Optional<Duration> interval,
        OptionalLong dailyMax,
        OptionalLong dailyRemaining,
        Optional<Duration> dailyReset) {

    private static final CharSequence MAX = HttpHeaders.createOptimized("x-ratelimit-max");
    private static final CharSequence REMAINING = HttpHeaders.createOptimized("x-ratelimit-remaining");
    private static final CharSequence INTERVAL = HttpHeaders.createOptimized("x-ratelimit-interval-milliseconds");
    private static final CharSequence LIMIT_DAILY = HttpHeaders.createOptimized("x-ratelimit-limit-daily");
    private static final CharSequence DAILY_REMAINING = HttpHeaders.createOptimized("x-ratelimit-daily-remaining");
    private static final CharSequence DAILY_RESET = HttpHeaders.createOptimized("x-ratelimit-daily-reset");

    private static final Duration DAY = Duration.ofDays(1);

    /** A reply that says nothing of the quota. */
    public static final RateHeaders NONE = new RateHeaders(
            OptionalInt.empty(),
            OptionalInt.empty(),
            Optional.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            Optional.empty());

    public static RateHeaders of(MultiMap headers) {
        if (!areIn(headers)) {
            return NONE;
        }
        return new RateHeaders(
                count(headers.get(MAX), 1),
                count(headers.get(REMAINING), 0),
                millis(headers.get(INTERVAL)),
                number(headers.get(LIMIT_DAILY), 1),
                number(headers.get(DAILY_REMAINING), 0),
                millis(headers.get(DAILY_RESET)));
    }

    /** Whether a reply says anything of the quota. */
    static boolean areIn(MultiMap headers) {
        return headers.contains(MAX) || headers.contains(LIMIT_DAILY);
    }

    /** Whether the day has quota left, by what was said; true where nothing was. */
    public boolean isDayLeft() {
        return dailyRemaining.orElse(1) > 0;
    }

    private static OptionalInt count(@Nullable String text, long least) {
        var n = number(text, least);
        return n.isPresent() && n.getAsLong() <= Integer.MAX_VALUE
                ? OptionalInt.of((int) n.getAsLong())
                : OptionalInt.empty();
    }

    private static Optional<Duration> millis(@Nullable String text) {
        var n = number(text, 1);
        return n.isPresent() && n.getAsLong() <= DAY.toMillis()
                ? Optional.of(Duration.ofMillis(n.getAsLong()))
                : Optional.empty();
    }

    private static OptionalLong number(@Nullable String text, long least) {
        if (text == null || text.isEmpty() || text.length() > 15) {
            return OptionalLong.empty();
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return OptionalLong.empty();
            }
        }
        long n = Long.parseLong(text);
        return n >= least ? OptionalLong.of(n) : OptionalLong.empty();
    }
}
