package io.ghlgateway.edge;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How long a caller waits: {@code Prefer: wait=SECONDS} (RFC 7240, section 4.3), else a default; never beyond a bound.
 * Other preferences have no meaning here, and go no further: {@code Prefer} is between the caller and the gateway.
 */
public record Patience(Duration unsaid, Duration most) {

    private static final CharSequence APPLIED = HttpHeaders.createOptimized("Preference-Applied");
    private static final CharSequence PREFER = HttpHeaders.createOptimized("prefer");
    private static final Pattern WAIT = Pattern.compile("\\s*wait\\s*=\\s*\"?([^;\"]*)\"?.*", Pattern.CASE_INSENSITIVE);
    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}(\\.\\d+)?");

    /**
     * A wait in force.
     *
     * @param said whether the caller asked for it, or for a longer one
     */
    record Wait(Duration length, boolean said) {

        static final Wait NONE = new Wait(Duration.ZERO, false);

        /** Says in the answer that it was asked for and is in force (RFC 7240, section 3). */
        void tell(MultiMap answer) {
            if (said) {
                var seconds = BigDecimal.valueOf(length.toMillis(), 3);
                answer.set(APPLIED, "wait=" + seconds.stripTrailingZeros().toPlainString());
            }
        }
    }

    /** Empty when the caller says it in a way that has no meaning. */
    Optional<Wait> of(MultiMap headers) {
        if (!headers.contains(PREFER)) {
            return Optional.of(new Wait(unsaid, false));
        }
        var wait = members(String.join(",", headers.getAll(PREFER)))
                .map(WAIT::matcher)
                .filter(Matcher::matches)
                .findFirst();
        if (wait.isEmpty()) {
            return Optional.of(new Wait(unsaid, false));
        }
        var seconds = wait.get().group(1).trim();
        if (!SECONDS.matcher(seconds).matches()) {
            return Optional.empty();
        }
        var asked = Duration.ofMillis(Math.round(Double.parseDouble(seconds) * 1000));
        return Optional.of(new Wait(asked.compareTo(most) < 0 ? asked : most, true));
    }

    /** What stands between the commas; those in quotes belong to what is quoted. */
    private static Stream<String> members(String list) {
        var members = Stream.<String>builder();
        boolean quoted = false;
        int begin = 0;
        for (int i = 0; i < list.length(); i++) {
            char c = list.charAt(i);
            quoted ^= c == '"';
            if (c == ',' && !quoted) {
                members.add(list.substring(begin, i));
                begin = i + 1;
            }
        }
        return members.add(list.substring(begin)).build();
    }
}
