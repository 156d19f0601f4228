package io.ghlgateway.http;

import java.time.Duration;
import java.util.Optional;

/**
 * How much a door takes of one connection, and how long it waits for it.
 *
 * @param line of a request line, in bytes
 * @param head of all header fields together, in bytes
 * @param header until a request's head is whole, from its first byte; on a new connection from its beginning
 * @param idle between requests; does not run while one waits for its answer
 * @param body until a request is whole, from its head; empty where whoever takes the body sees to that
 * @param stall without anything taken of an answer that is there to be taken
 */
public record DoorLimits(int line, int head, Duration header, Duration idle, Optional<Duration> body, Duration stall) {

    /** RFC 9112, section 3, asks for 8,000 at least. */
    public static final int LINE = 8 * 1024;

    public static final Duration STALL = Duration.ofSeconds(30);

    /** What comes or is taken more slowly is as good as silence, in bytes a second. */
    public static final long LEAST_RATE = 500;

    /** How many bytes {@link #LEAST_RATE} makes in so long. */
    public static long leastIn(Duration time) {
        return LEAST_RATE * time.toMillis() / 1_000;
    }
}
