package io.ghlgateway.limits;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Moments at which logs were to begin to give, and that count no more: all that was sent is in them by now.
 *
 * @param millis since the epoch
 * @param text each between two commas, as the script of a payment looks for it
 */
public record Openings(Set<Long> millis, byte[] text) {

    public static final Openings NONE = of(Set.of());

    public static Openings of(Set<Long> millis) {
        var text = millis.stream().map(each -> "," + each + ",").collect(Collectors.joining());
        return new Openings(Set.copyOf(millis), text.getBytes(StandardCharsets.US_ASCII));
    }
}
