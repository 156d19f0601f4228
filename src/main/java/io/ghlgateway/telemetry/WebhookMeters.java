package io.ghlgateway.telemetry;

import io.ghlgateway.tenancy.App;
import io.ghlgateway.webhooks.Event;
import io.ghlgateway.webhooks.EventQueue.Standing;
import io.ghlgateway.webhooks.WebhookEvents;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of webhooks, counted and, a line each, on the logger {@code access}. It names types, ids and subscribers,
 * never what is in a body. Any thread.
 */
public final class WebhookMeters implements WebhookEvents {

    private static final Logger LOG = LoggerFactory.getLogger("webhooks");
    private static final String RECEIVED = "webhooks";
    private static final String DELIVERIES = "webhook_deliveries";
    private static final int MOST_SUBSCRIBERS = 200;
    private static final int MOST_UNKNOWN = 100;
    private static final String OTHER = "other";
    private static final Standing NOTHING = new Standing(0, 0, Optional.empty());

    private final MeterMaker meters;
    private final Timer acknowledged;
    private final Timer lag;
    private final Counter undocumented;
    private final Counter takenOver;
    private final Counter unreadable;
    private final Counter dropped;
    private final Counter forgotten;
    private final Counter queueFailures;
    private final Map<String, Standing> standings = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> unknown = new ConcurrentSkipListMap<>();
    private final NowAndThen logged = new NowAndThen();

    WebhookMeters(MeterMaker meters) {
        this.meters = meters;
        this.acknowledged = meters.timer(
                "webhook_ack", "Time from a webhook's first byte to its answer", 1, 5, 10, 25, 50, 100, 500);
        this.lag = meters.timer(
                "webhook_lag",
                "Time from a webhook's acceptance to its delivery",
                10,
                100,
                1_000,
                10_000,
                60_000,
                600_000,
                3_600_000);
        // Those that are alerted on begin at 0: what begins at 1 has not increased.
        undocumented = meters.counter("webhooks_unknown", "Webhooks of types that are not documented");
        takenOver = meters.counter("webhooks_taken_over", "Deliveries that another replica had begun");
        unreadable = meters.counter("webhooks_unreadable", "Kept webhooks that this version cannot read");
        dropped = meters.counter(
                "webhooks_dropped",
                "Webhooks that were thrown away: dead letters, or for one who is no subscriber any more");
        forgotten = meters.counter("webhook_ids_forgotten", "Ids of webhooks that were forgotten before their time");
        queueFailures = meters.counter("webhook_queue_failures", "Times that the queue of webhooks could not be used");
    }

    private void received(App app, String outcome) {
        meters.count(RECEIVED, "app", app.id(), "outcome", outcome);
    }

    private void delivery(String subscriber, String outcome) {
        var label = standings.size() < MOST_SUBSCRIBERS || standings.containsKey(subscriber) ? subscriber : OTHER;
        meters.count(DELIVERIES, "subscriber", label, "outcome", outcome);
    }

    @Override
    public void accepted(Event event, boolean isKnownType, int subscribers, Duration took) {
        received(event.app(), "accepted");
        acknowledged.record(took);
        if (!isKnownType) {
            undocumented.increment();
            var type = event.type().isEmpty() ? "(none)" : event.type();
            var count = unknown.get(type);
            if (count == null && unknown.size() < MOST_UNKNOWN) {
                count = unknown.computeIfAbsent(type, first -> new AtomicLong());
            }
            if (count != null && count.incrementAndGet() == 1) {
                LOG.info("a webhook of a type that is not documented: {} (said once)", type);
            }
        }
        WebhookLines.accepted(event, subscribers, took);
    }

    @Override
    public void duplicate(Event event) {
        received(event.app(), "duplicate");
        WebhookLines.duplicate(event);
    }

    @Override
    public void refused(App app, Refusal why) {
        received(app, why.wire());
        WebhookLines.refused(app, why);
    }

    @Override
    public void delivered(String subscriber, Event event, int attempt, Duration since) {
        delivery(subscriber, "delivered");
        lag.record(since);
        WebhookLines.delivered(subscriber, event, attempt, since);
    }

    @Override
    public void retried(String subscriber, Event event, int attempt, String why, Duration pause) {
        delivery(subscriber, "retried");
        WebhookLines.retried(subscriber, event, attempt, why, pause);
    }

    @Override
    public void died(String subscriber, Event event, int attempt, String why) {
        delivery(subscriber, "dead");
        LOG.error(
                "subscriber '{}' did not take {} {} in {} attempts: {}; it is among the dead letters",
                subscriber,
                event.type(),
                event.id(),
                attempt,
                why);
    }

    @Override
    public void isDown(String subscriber, boolean down) {
        if (down) {
            LOG.warn(
                    "subscriber '{}' takes nothing; it is asked with one webhook now and then until it does",
                    subscriber);
        } else {
            LOG.info("subscriber '{}' takes webhooks again", subscriber);
        }
    }

    @Override
    public void takenOver(String subscriber, int count) {
        takenOver.increment(count);
        LOG.warn("{} deliveries to subscriber '{}' were another replica's, and are made here now", count, subscriber);
    }

    @Override
    public void unreadable(String subscriber) {
        unreadable.increment();
        LOG.error(
                "a webhook kept for subscriber '{}' cannot be read by this version; it is among the dead letters",
                subscriber);
    }

    @Override
    public void dropped(String subscriber, int count) {
        dropped.increment(count);
        LOG.error("{} dead letters of subscriber '{}' were thrown away: there are too many", count, subscriber);
    }

    @Override
    public void abandoned(String name, long count) {
        dropped.increment(count);
        LOG.warn("{} webhooks that waited for '{}' were thrown away: it is no subscriber any more", count, name);
    }

    @Override
    public void forgotten(int count) {
        forgotten.increment(count);
        LOG.warn(
                "the ids of {} webhooks are forgotten before their time, for there are too many; those that come again"
                        + " are delivered again",
                count);
    }

    @Override
    public void queueUnreachable(String why) {
        queueFailures.increment();
        if (logged.takeTurn()) {
            LOG.warn("the queue of webhooks cannot be used: {}", why);
        }
    }

    @Override
    public void authenticated(App app, String outcome, int status, Duration took) {
        meters.count("external_auth", "app", app.id(), "outcome", outcome);
        WebhookLines.authenticated(app, outcome, status, took);
    }

    /** How many webhooks ended how, all apps together. */
    public Map<String, Long> received() {
        var counts = new TreeMap<String, Long>();
        meters.counters(RECEIVED)
                .forEach(counter -> counts.merge(label(counter, "outcome"), (long) counter.count(), Long::sum));
        return counts;
    }

    /** How many deliveries to each subscriber ended how. */
    public Map<String, Map<String, Long>> deliveries() {
        var counts = new TreeMap<String, Map<String, Long>>();
        meters.counters(DELIVERIES)
                .forEach(counter -> counts.computeIfAbsent(label(counter, "subscriber"), name -> new TreeMap<>())
                        .put(label(counter, "outcome"), (long) counter.count()));
        return counts;
    }

    private static String label(Counter counter, String key) {
        return String.valueOf(counter.getId().getTag(key));
    }

    /** How often each undocumented type came, as far as they are told apart. */
    public Map<String, Long> unknownTypes() {
        var counts = new TreeMap<String, Long>();
        unknown.forEach((type, count) -> counts.put(type, count.get()));
        return counts;
    }

    /** How a subscriber's line stands now; shown until it is told anew. */
    public void stands(String subscriber, Standing standing, InstantSource clock) {
        boolean isNew = standings.put(subscriber, standing) == null;
        if (!isNew || standings.size() > MOST_SUBSCRIBERS) {
            return;
        }
        Supplier<Standing> now = () -> standings.getOrDefault(subscriber, NOTHING);
        gauge(
                "webhook_waiting",
                "Webhooks that a subscriber does not have yet",
                subscriber,
                () -> now.get().waiting());
        gauge(
                "webhook_dead",
                "Dead letters of a subscriber",
                subscriber,
                () -> now.get().dead());
        gauge(
                "webhook_oldest_seconds",
                "Age of the oldest webhook that a subscriber does not have yet",
                subscriber,
                () -> now.get()
                        .oldest()
                        .map(oldest -> Duration.between(oldest, clock.instant()).toMillis() / 1_000.0)
                        .orElse(0.0));
    }

    private void gauge(String name, String description, String subscriber, Supplier<Number> value) {
        meters.gauge(name, description, value, "subscriber", subscriber);
    }

    /** A subscriber that is no more has nothing waiting. */
    public void gone(String subscriber) {
        standings.computeIfPresent(subscriber, (name, before) -> NOTHING);
    }
}
