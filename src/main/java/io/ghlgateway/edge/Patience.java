package io.ghlgateway.edge;

import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** How long a caller waits: {@code Prefer: wait=SECONDS} (RFC 7240, section 4.3), else a default; never beyond a bound. */
public record Patience(Duration unsaid, Duration most) {

    private static final Pattern WAIT =
            Pattern.compile("(?:^|,)\\s*wait\\s*=\\s*\"?([^,;\"]*)\"?", Pattern.CASE_INSENSITIVE);
    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}(\\.\\d{1,3})?");

    /** Empty when the caller says it in a way that has no meaning. */
    Optional<Duration> of(MultiMap headers) {
        if (!headers.contains("prefer")) {
            return Optional.of(unsaid);
        }
        var wait = WAIT.matcher(String.join(",", headers.getAll("prefer")));
        if (!wait.find()) {
            return Optional.of(unsaid);
        }
        var seconds = wait.group(1).trim();
        if (!SECONDS.matcher(seconds).matches()) {
            return Optional.empty();
        }
        var asked = Duration.ofMillis(Math.round(Double.parseDouble(seconds) * 1000));
        return Optional.of(asked.compareTo(most) < 0 ? asked : most);
    }
}
