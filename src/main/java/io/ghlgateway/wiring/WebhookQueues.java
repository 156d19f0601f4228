package io.ghlgateway.wiring;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.redis.RedisLink;
import io.ghlgateway.settings.Settings;
import io.ghlgateway.webhooks.EventQueue;
import io.ghlgateway.webhooks.FileEventQueue;
import io.ghlgateway.webhooks.RedisEventQueue;
import io.ghlgateway.webhooks.WebhookEvents;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;

/** Where webhooks are kept, as it is configured. All of it reads files: off the event loops. */
public final class WebhookQueues {

    private static final Duration REDIS_TIMEOUT = Duration.ofMillis(500);
    /** Longer than any delivery takes by this, and what a replica has in hand is a dead one's. */
    private static final Duration GRACE = Duration.ofSeconds(10);
    /** What a queue that is there for seconds may leave in Redis goes after this. */
    private static final Duration SHORTLY = Duration.ofMinutes(1);

    private WebhookQueues() {}

    /** Empty where nothing comes. */
    static Optional<EventQueue> open(Settings settings, WebhookEvents events) throws IOException {
        if (!areNeeded(settings)) {
            return Optional.empty();
        }
        return Optional.of(
                settings.redis().isPresent()
                        ? inRedis(settings, link(settings), "", EventQueue.REMEMBERED, events)
                        : FileEventQueue.open(
                                settings.credentials().directory(),
                                settings.webhooks().backlog(),
                                InstantSource.system(),
                                events));
    }

    public static boolean areNeeded(Settings settings) {
        return !settings.apps().isEmpty()
                && settings.credentials().encryptionKey().isPresent();
    }

    /** @param usable completes when something can be kept there; may never */
    public record Beside(EventQueue queue, Future<Void> usable) {}

    /**
     * Another of the same kind, for a while and for nobody who is to be told anything.
     *
     * @param name of what it keeps, beside the other's
     * @param directory where it may write while there is no Redis
     */
    public static Beside openBeside(Settings settings, String name, Path directory) throws IOException {
        if (settings.redis().isPresent()) {
            var link = link(settings);
            return new Beside(inRedis(settings, link, ":" + name, SHORTLY, WebhookEvents.NONE), link.seen());
        }
        var queue = FileEventQueue.open(
                directory, settings.webhooks().backlog(), InstantSource.system(), WebhookEvents.NONE);
        return new Beside(queue, Future.succeededFuture());
    }

    private static RedisLink link(Settings settings) {
        var link = RedisLink.to(settings.redis().orElseThrow().address(), REDIS_TIMEOUT, Ticker.systemTicker());
        link.start();
        return link;
    }

    private static EventQueue inRedis(
            Settings settings, RedisLink link, String name, Duration remembered, WebhookEvents events) {
        return new RedisEventQueue(
                link,
                settings.redis().orElseThrow().prefix() + name,
                UUID.randomUUID().toString(),
                settings.webhooks().timeout().plus(GRACE),
                remembered,
                settings.webhooks().backlog(),
                settings.webhooks().followerWait(),
                InstantSource.system(),
                events);
    }
}
