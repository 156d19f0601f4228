package io.ghlgateway.settings;

import io.ghlgateway.webhooks.Subscriber;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * HighLevel's webhooks, and who gets them.
 *
 * @param maxBody largest body, in bytes
 * @param rsaUntil when signatures of the older kind are believed no more; empty: they never are
 * @param atOnce deliveries under way to one subscriber
 * @param timeout of one delivery
 * @param firstPause after the first delivery that failed; then it doubles
 * @param giveUpAfter when an event that nobody took becomes a dead letter
 * @param backlog bytes that undelivered events and dead letters may take: in Redis or, without it, in memory and as many
 *     on the disk
 * @param followerWait how long a webhook waits for a follower of Redis to have it; zero: it does not
 * @param subscribers names unique
 */
public record WebhookSettings(
        int maxBody,
        Optional<Instant> rsaUntil,
        int atOnce,
        Duration timeout,
        Duration firstPause,
        Duration longestPause,
        Duration giveUpAfter,
        long backlog,
        Duration followerWait,
        List<Subscriber> subscribers) {

    public static final WebhookSettings DEFAULTS = new WebhookSettings(
            1 << 20,
            Optional.of(Instant.parse("2026-09-01T00:00:00Z")),
            16,
            Duration.ofSeconds(15),
            Duration.ofSeconds(1),
            Duration.ofHours(1),
            Duration.ofDays(3),
            64L << 20,
            Duration.ofMillis(100),
            List.of());

    /** What {@link #backlog} is by default where there is a Redis: its memory is nobody's heap. */
    static final long SHARED_BACKLOG = 1L << 30;

    public WebhookSettings {
        subscribers = List.copyOf(subscribers);
    }

    /** The same, for others. */
    public WebhookSettings with(List<Subscriber> others) {
        return new WebhookSettings(
                maxBody,
                rsaUntil,
                atOnce,
                timeout,
                firstPause,
                longestPause,
                giveUpAfter,
                backlog,
                followerWait,
                others);
    }
}
