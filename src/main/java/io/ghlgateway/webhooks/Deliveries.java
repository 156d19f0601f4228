package io.ghlgateway.webhooks;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A forwarder for each subscriber there is, and one for the gateway itself; they look whether something is due several
 * times a second, and at once when this replica has taken an event. Any thread.
 */
public final class Deliveries {

    private static final Logger LOG = LoggerFactory.getLogger("webhooks");

    /** The name under which the gateway itself gets what tells of installations; no subscriber can have it. */
    public static final String GATEWAY = "gateway";

    /** One that fails half the time hardly gets there. */
    private static final int DOWN_AFTER = 20;

    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    private static final Duration CLEAR_EVERY = Duration.ofHours(1);

    /** Another replica may know a subscriber, and take events for it, that this one does not know yet. */
    private static final Duration AT_LEAST = Duration.ofDays(1);

    /**
     * How events are brought.
     *
     * @param atOnce to one subscriber, by this replica
     * @param timeout of one attempt
     */
    public record Manner(Backoff backoff, int atOnce, Duration timeout) {}

    /** @param subscriber empty: the gateway itself */
    private record Line(Optional<Subscriber> subscriber, Forwarder forwarder) {}

    private final Vertx vertx;
    private final EventQueue queue;
    private final Manner manner;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final WebhookEvents events;
    private final Context home;
    private final Set<String> known = new HashSet<>(Set.of(GATEWAY)); // guarded by this; so are the next
    private final Map<String, Line> lines = new HashMap<>();
    private long timer = -1;
    private long clearing = -1;
    private boolean ended;

    /** @param lifecycle what the gateway itself makes of an event; fails where it is to be tried again later */
    public Deliveries(
            Vertx vertx,
            EventQueue queue,
            Function<Event, Future<Void>> lifecycle,
            Manner manner,
            InstantSource clock,
            RandomGenerator random,
            WebhookEvents events) {
        this.vertx = vertx;
        this.queue = queue;
        this.manner = manner;
        this.clock = clock;
        this.random = random;
        this.events = events;
        this.home = ((VertxInternal) vertx).createEventLoopContext();
        // Never counts as down: what cannot be done yet of one installation holds up no other.
        var own = forwarder(
                GATEWAY,
                delivery -> lifecycle
                        .apply(delivery.event())
                        .timeout(manner.timeout().toMillis(), TimeUnit.MILLISECONDS)
                        .recover(failure -> Future.failedFuture(
                                failure instanceof TimeoutException ? new Receiver.NotTaken("timeout") : failure)),
                Integer.MAX_VALUE);
        lines.put(GATEWAY, new Line(Optional.empty(), own));
    }

    private Forwarder forwarder(String name, Receiver receiver, int downAfter) {
        return new Forwarder(
                home, name, receiver, queue, manner.backoff(), manner.atOnce(), downAfter, clock, random, events);
    }

    /** From now on, for these. */
    public synchronized void begin(Collection<Subscriber> subscribers) {
        timer = vertx.setPeriodic(0, LOOK_EVERY.toMillis(), look -> wakeAll());
        for (var subscriber : subscribers) {
            try {
                follow(subscriber.name(), Optional.of(subscriber));
            } catch (RuntimeException defect) { // of this one alone: the others get theirs
                LOG.error("nothing can be brought to subscriber '{}'", subscriber.name(), defect);
            }
        }
        clearing = vertx.setPeriodic(0, CLEAR_EVERY.toMillis(), clear -> clear());
    }

    /**
     * Drops what is kept for those who are no subscribers any more: it would take up room for ever. Not before all of it is
     * older than what is still brought to anybody: one may be missing from a configuration by mistake.
     */
    Future<Void> clear() {
        var now = clock.instant();
        var dayAgo = now.minus(AT_LEAST);
        var oldest = manner.backoff().oldest(now);
        return queue.names(oldest.isBefore(dayAgo) ? oldest : dayAgo)
                .compose(old -> queue.names(now)
                        .compose(all -> Future.join(all.stream()
                                .filter(name -> !isKnown(name))
                                .map(name -> clear(name, old.contains(name)))
                                .toList())))
                .onFailure(failure -> events.queueUnreachable(String.valueOf(failure.getMessage())))
                .mapEmpty();
    }

    private synchronized boolean isKnown(String name) {
        return known.contains(name);
    }

    private Future<Void> clear(String name, boolean isOld) {
        return queue.standing(name).compose(standing -> {
            long count = standing.waiting() + standing.dead();
            if (isOld) {
                return queue.forget(name).onSuccess(gone -> events.abandoned(name, count));
            }
            if (count > 0) {
                LOG.warn(
                        "{} webhooks wait for '{}', which is no subscriber; they are dropped when the last of them is too old to"
                                + " be brought, or by DELETE /admin/v1/subscribers/{}",
                        count,
                        name,
                        name);
            }
            return Future.succeededFuture();
        });
    }

    /** A subscriber came or changed; or, empty, went: what is kept for it is for whoever removed it to drop. */
    public synchronized void follow(String name, Optional<Subscriber> subscriber) {
        subscriber.ifPresentOrElse(there -> known.add(name), () -> known.remove(name));
        var before = lines.get(name);
        if (ended || before != null && before.subscriber().equals(subscriber)) {
            return;
        }
        if (before != null) {
            lines.remove(name);
            before.forwarder().stop();
        }
        subscriber.ifPresent(there -> {
            var receiver = new HttpReceiver(vertx, there, manner.atOnce(), manner.timeout(), clock);
            lines.put(name, new Line(subscriber, forwarder(name, receiver, DOWN_AFTER)));
        });
    }

    private synchronized void wakeAll() {
        lines.values().forEach(line -> line.forwarder().wake());
    }

    /** These have something new. */
    public synchronized void wake(Collection<String> names) {
        for (var name : names) {
            var line = lines.get(name);
            if (line != null) {
                line.forwarder().wake();
            }
        }
    }

    /** Begins nothing more; completes when what is under way has ended. */
    public synchronized Future<Void> end() {
        ended = true;
        if (timer >= 0) {
            vertx.cancelTimer(timer);
            vertx.cancelTimer(clearing);
        }
        return Future.all(lines.values().stream()
                        .map(line -> line.forwarder().end())
                        .toList())
                .mapEmpty();
    }
}
